import { StopLoggingCommand, UpdateTrailCommand } from "@aws-sdk/client-cloudtrail";
import { PutBucketPolicyCommand } from "@aws-sdk/client-s3";
import type { Account, Environment } from "../../envs/types";
import { environmentDocuments } from "../../operations/policies/environment-documents";
import { EXIT_CODES, verifyEnvironment, type VerifyOptions } from "../../verify";
import type { RegionReport, TrailVerification } from "../../verify/report";
import { reportLines } from "../../operations/verify/text";
import { DeliveringEnvironment } from "../support/delivering-environment";
import { fourAccounts } from "../support/environment";
import { requires } from "../support/requirements";

jest.setTimeout(300_000);

const HOURS = 3;
const REGIONS = ["us-east-1", "eu-west-1"];

requires("moto")("verifying an environment", () => {
  let lab: DeliveringEnvironment;
  let environment: Environment;
  let payments: Account;
  let web: Account;

  beforeAll(async () => {
    const four = fourAccounts();
    environment = {
      ...four,
      destination: { ...four.destination, prefix: "central/logs" },
      members: four.members.slice(0, 2),
    };
    [payments, web] = environment.members as unknown as [Account, Account];
    lab = await DeliveringEnvironment.start(HOURS, REGIONS, environment);
    await lab.hours(HOURS, REGIONS);
  });
  afterAll(() => lab?.stop());

  /** The report, its trails by account. */
  async function verified(changed: Partial<Environment> = {}, options: VerifyOptions = {}) {
    const report = await verifyEnvironment({ ...environment, ...changed }, lab.awsAccess, {
      now: lab.now,
      ...options,
    });
    const trail = (account: Account): TrailVerification =>
      report.trails.find((one) => one.account === account.account)!;
    const region = (account: Account, name: string): RegionReport =>
      trail(account).regions.find((one) => one.region === name)!;
    return { report, trail, region };
  }

  /** The verdict of each account, in the environment's order. */
  function verdicts(trails: readonly TrailVerification[]): string[] {
    return trails.map(({ verdict }) => verdict);
  }

  /** An account whose role can't be assumed. */
  function unreadable<Kind extends Account>(account: Kind): Kind {
    return { ...account, externalId: "wrong" };
  }

  test("a role of its own asks the destination, its bucket and its trail, in the place of the one for plans", async () => {
    const { destination } = environment;
    const { roleArn, externalId } = destination;
    const locked = { destination: unreadable(destination) };
    const calls = lab.aws.calls.length;
    const { report } = await verified(locked, { readAs: { roleArn, externalId } });
    expect(report.verdict).toBe("proven");
    const own = lab.aws.calls
      .slice(calls)
      .filter(
        ({ action, principalArn }) =>
          action === "GetTrail" && principalArn.includes("111111111111"),
      );
    expect(own.length).toBeGreaterThan(0);
    await expect(verified(locked)).resolves.toMatchObject({ report: { verdict: "not-checked" } });
  });

  test("a healthy one is proven, in each region that has files", async () => {
    const calls = lab.aws.calls.length;
    const { report, region } = await verified();
    expect(report.verdict).toBe("proven");
    expect(verdicts(report.trails)).toEqual(["proven", "proven", "proven"]);
    for (const { account, regions } of report.trails) {
      expect(regions.map((one) => one.region)).toEqual(REGIONS);
      for (const one of regions) {
        const counts = { valid: HOURS, invalid: 0, notChecked: 0 };
        expect(one).toMatchObject({ findings: [], digestFiles: counts, logFiles: counts });
        const keys = await lab.logKeys(account, one.region);
        expect(one.newestLog).toMatchObject({ key: keys.at(-1), kmsKeyArn: lab.keyArn });
        const digests = await lab.digestKeys(account, one.region);
        expect(one.newestDigest).toMatchObject({ key: digests.at(-1), kmsKeyArn: lab.keyArn });
      }
    }
    const { covered } = region(payments, "us-east-1");
    expect(Date.parse(covered!.to) - Date.parse(covered!.from)).toBe(HOURS * 3_600_000);
    // Keys and status are a region's own; keys are asked for once, whoever's digests they are.
    const asked = lab.aws.calls.slice(calls);
    const regionsOf = (action: string): string[] =>
      asked
        .filter((call) => call.action === action)
        .map((call) => call.region)
        .sort();
    expect(regionsOf("ListPublicKeys")).toEqual([...REGIONS].sort());
    expect(regionsOf("GetTrailStatus")).toEqual([...REGIONS, ...REGIONS, ...REGIONS].sort());
    expect(reportLines(report, process.stdout).at(-1)).toMatch(
      /^proven: 3 trails, 18 valid digest files, 18 valid log files, from .* to .*\.$/,
    );
  });

  test("what is in other folders is said, for each account, and accuses nobody", async () => {
    const [log] = (await lab.logKeys(web.account)).slice(-1);
    const insight = log!.replaceAll("CloudTrail", "CloudTrail-Insight");
    const unknown = log!.replaceAll("CloudTrail", "CloudTrail-Something");
    const { body, metadata, kmsKeyArn } = await lab.read(log!);
    for (const key of [insight, unknown]) await lab.write({ key, body, metadata, kmsKeyArn });
    try {
      const { report, region } = await verified();
      expect(report.verdict).toBe("proven");
      expect(region(web, "us-east-1").notNamed).toEqual([
        { folder: "CloudTrail-Insight", files: 1 },
      ]);
      expect(region(payments, "us-east-1").notNamed).toEqual([]);
      const folder = unknown.slice(0, unknown.indexOf("us-east-1"));
      expect(reportLines(report, process.stdout)).toEqual(
        expect.arrayContaining([
          `333333333333  web: left out, ${folder} was not looked into: this version knows no such folder`,
          "333333333333  web: 1 file of Insights events in CloudTrail-Insight/ that no digest file names; AWS documents none for them, so nothing proves them",
        ]),
      );
    } finally {
      for (const key of [insight, unknown]) await lab.delete(key);
    }
  });

  test("digest files grow late", async () => {
    const now = new Date(lab.now.getTime() + 2 * 3_600_000 + 60_000);
    const { report, region } = await verified({}, { now });
    expect(verdicts(report.trails)).toEqual(["amiss", "amiss", "amiss"]);
    expect(region(web, "eu-west-1").findings).toMatchObject([
      {
        verdict: "amiss",
        check: "digest-file",
        text: expect.stringMatching(/^The newest digest file is 2 h( \d min)? old;/) as string,
      },
    ]);
  });

  test("an account that can't be asked is not checked; its files are, and the other accounts", async () => {
    const members = environment.members.map((member) =>
      member.account === payments.account ? unreadable(member) : member,
    );
    const { report, trail } = await verified({ members });
    expect(report.verdict).toBe("not-checked");
    expect(verdicts(report.trails)).toEqual(["proven", "not-checked", "proven"]);
    expect(trail(payments).findings).toEqual([
      {
        verdict: "not-checked",
        check: "trail",
        text: expect.stringMatching(
          /^Its CloudTrail could not be asked: AccessDenied: .*AssumeRole/,
        ) as string,
      },
    ]);
    // The bucket is read with the destination's role, and any account has a region's public keys.
    expect(trail(payments).regions).toMatchObject([
      { region: "us-east-1", verdict: "proven", logFiles: { valid: HOURS } },
      { region: "eu-west-1", verdict: "proven", logFiles: { valid: HOURS } },
    ]);
    const alone = await verified({ members }, { accounts: [payments.account] });
    expect(alone.report.verdict).toBe("not-checked");
    expect(alone.trail(payments).regions).toEqual(trail(payments).regions);
    const lines = reportLines(report, process.stdout);
    expect(lines.filter((line) => line.startsWith(payments.account))[0]).toMatch(/NOT CHECKED$/);
  });

  test("without the destination's role nothing is fine", async () => {
    const { report } = await verified({ destination: unreadable(environment.destination) });
    expect(verdicts(report.trails)).toEqual(["not-checked", "not-checked", "not-checked"]);
    for (const { findings } of report.trails)
      expect(findings.map(({ text }) => text)).toContainEqual(
        expect.stringMatching(/^The bucket could not be listed: AccessDenied: /),
      );
  });

  test("retiring members are left out, with a line; so is whoever is not chosen", async () => {
    const members = environment.members.map((member) => ({
      ...member,
      retiring: member.account === web.account,
    }));
    const { report } = await verified({ members });
    expect(report.trails.map(({ account }) => account)).toEqual(["111111111111", "222222222222"]);
    expect(reportLines(report, process.stdout)).toContain(
      "333333333333  web: left out, it is retiring, and its trail is to be gone",
    );
    const chosen = await verified({}, { accounts: [payments.account] });
    expect(chosen.report).toMatchObject({ verdict: "proven", leftOut: [] });
    expect(chosen.report.trails).toMatchObject([{ account: payments.account }]);
    await expect(verified({}, { accounts: ["999999999999", "1"] })).rejects.toThrow(
      "999999999999 is not an account of the environment; it has 111111111111, 222222222222, 333333333333.\n1 is no",
    );
  });

  test("a trail that is not there is amiss", async () => {
    const members = environment.members.map((member) =>
      member.account === web.account
        ? { ...member, trail: { ...member.trail, name: "no-such-trail" } }
        : member,
    );
    const { report, trail } = await verified({ members });
    expect(verdicts(report.trails)).toEqual(["proven", "proven", "amiss"]);
    expect(trail(web).findings).toMatchObject([{ text: "AWS knows no such trail." }]);
    expect(trail(web).regions[0]!.findings).toMatchObject([{ check: "digest-file" }]);
  });

  test("where log file validation is off, nothing is proven", async () => {
    const members = environment.members.map((member) =>
      member.account === web.account
        ? { ...member, trail: { ...member.trail, logFileValidation: false } }
        : member,
    );
    const { report, region } = await verified({ members });
    expect(verdicts(report.trails)).toEqual(["proven", "proven", "not-checked"]);
    expect(region(web, "eu-west-1").findings).toMatchObject([{ check: "digest-chain" }]);
  });

  test("a file with another key is amiss, though its content is proven", async () => {
    const [key] = (await lab.logKeys(payments.account)).slice(-1);
    const original = await lab.read(key!);
    await lab.write({ ...original, kmsKeyArn: undefined });
    try {
      const { report, region } = await verified();
      expect(verdicts(report.trails)).toEqual(["proven", "amiss", "proven"]);
      expect(region(payments, "us-east-1")).toMatchObject({
        logFiles: { valid: HOURS, invalid: 0 },
        findings: [
          {
            verdict: "amiss",
            check: "encryption",
            key,
            text: `It is encrypted with S3's own keys (SSE-S3), not ${lab.keyArn}.`,
          },
        ],
      });
    } finally {
      await lab.write(original);
    }
  });

  test("a region without digest files is amiss, and the other is proven", async () => {
    const keys = await lab.digestKeys(web.account, "eu-west-1");
    const originals = await Promise.all(keys.map((key) => lab.read(key)));
    for (const key of keys) await lab.delete(key);
    try {
      const { report, region } = await verified();
      expect(verdicts(report.trails)).toEqual(["proven", "proven", "amiss"]);
      // It logs for three hours, so the first is due; with two of them there would be nothing to
      // check yet.
      expect(region(web, "eu-west-1").findings).toEqual([
        {
          verdict: "amiss",
          check: "digest-file",
          text: "No digest file is under the expected key; CloudTrail writes one each hour.",
        },
      ]);
      expect(region(web, "us-east-1").verdict).toBe("proven");
    } finally {
      for (const original of originals) await lab.write(original);
    }
  });

  test("what is tampered with is worse than what can't be checked", async () => {
    const [key] = await lab.logKeys(web.account, "eu-west-1");
    const original = await lab.read(key!);
    await lab.edit(key!, (text) => text.replace("DescribeTrails", "ListTrails"));
    try {
      const { report, region } = await verified({
        members: environment.members.map((member) =>
          member.account === payments.account ? unreadable(member) : member,
        ),
      });
      expect(report.verdict).toBe("tampered");
      expect(verdicts(report.trails)).toEqual(["proven", "not-checked", "tampered"]);
      expect(region(web, "eu-west-1").findings).toMatchObject([{ verdict: "tampered", key }]);
      expect(reportLines(report, process.stdout).at(-1)).toMatch(/^TAMPERED: 3 trails/);
    } finally {
      await lab.write(original);
    }
  });

  test("a log file that somebody else put there is vouched for by nothing", async () => {
    const [first] = await lab.logKeys(web.account, "eu-west-1");
    const key = first!.replace(/_[^_]+\.json\.gz$/, "_forgedforgedforg.json.gz");
    await lab.write({ ...(await lab.read(first!)), key });
    const folder = `${first!.split("eu-west-1/")[0]}drafts/`;
    await lab.write({ ...(await lab.read(first!)), key: `${folder}one.json.gz` });
    try {
      const { report, trail, region } = await verified();
      expect(verdicts(report.trails)).toEqual(["proven", "proven", "unvouched"]);
      expect(region(web, "eu-west-1")).toMatchObject({
        logFiles: { valid: HOURS, invalid: 0 },
        findings: [{ verdict: "unvouched", check: "digest-chain", key }],
      });
      expect(trail(web).findings).toMatchObject([{ verdict: "unvouched", key: folder }]);
      expect(EXIT_CODES[report.verdict]).toBe(2);
    } finally {
      await lab.delete(key);
      await lab.delete(`${folder}one.json.gz`);
    }
  });

  test("a region that the trail no longer covers is left out, once its files are old", async () => {
    const cloudTrail = lab.cloudTrail(web);
    const update = (IsMultiRegionTrail: boolean): Promise<unknown> =>
      cloudTrail.send(new UpdateTrailCommand({ Name: web.trail.name, IsMultiRegionTrail }));
    await update(false);
    try {
      const later = { now: new Date(lab.now.getTime() + 3_600_000), sinceSeconds: 3600 };
      const { report, trail } = await verified({}, { ...later, accounts: [web.account] });
      expect(trail(web).regions.map(({ region }) => region)).toEqual(["us-east-1"]);
      const reason = "the trail does not cover it now, and no file there is of the period";
      expect(report.leftOut).toEqual([
        { account: web.account, name: "web", region: "eu-west-1", reason },
      ]);
      expect(reportLines(report, process.stdout)).toContain(
        `333333333333  web in eu-west-1: left out, ${reason}`,
      );
      // That it covers less than it should is said all the same.
      expect(trail(web).findings).toMatchObject([
        { verdict: "amiss", text: expect.stringMatching(/^It covers its home region/) as string },
      ]);
    } finally {
      await update(true);
    }
  });

  test("where readers alone may read, one sentence says who has to be one", async () => {
    const hardening = {
      denyOtherEncryption: false,
      denyLogDeletion: false,
      denyPolicyChange: false,
      readersOnly: true,
      breakGlassRoleArn: "arn:aws:iam::111111111111:role/break-glass",
    };
    const destination = { ...environment.destination, hardening };
    const put = async (changed: Environment): Promise<void> => {
      const { bucket } = environmentDocuments(changed, lab.keyArn);
      await lab.s3.send(
        new PutBucketPolicyCommand({ Bucket: lab.bucket, Policy: JSON.stringify(bucket) }),
      );
    };
    await put({ ...environment, destination });
    try {
      const { report } = await verified({ destination });
      expect(report.verdict).toBe("not-checked");
      const text = reportLines(report, process.stdout).join("\n");
      expect(text.match(/could not be read/g)).toHaveLength(1);
      expect(text).toContain(
        `hardening.readersOnly lets readers alone read, and ${destination.roleArn} is none. Name a role for reading as ` +
          "planRole, and add to destination.readers: - { name: verify, principals: [",
      );
      expect(text).not.toContain("AMISS");
    } finally {
      await put(environment);
    }
  });

  test("an account that is no longer let in shows CloudTrail's delivery error", async () => {
    const put = async (members: Environment["members"]): Promise<void> => {
      const { bucket } = environmentDocuments({ ...environment, members }, lab.keyArn);
      await lab.s3.send(
        new PutBucketPolicyCommand({ Bucket: lab.bucket, Policy: JSON.stringify(bucket) }),
      );
    };
    await put(environment.members.filter(({ account }) => account !== payments.account));
    try {
      await lab.hours(1, ["us-east-1"]);
      const { report, region } = await verified();
      expect(verdicts(report.trails)).toEqual(["proven", "amiss", "proven"]);
      expect(region(payments, "us-east-1").findings.map(({ text }) => text)).toEqual([
        "Log files: the latest delivery failed with AccessDenied; look at the policies of bucket and key.",
        "Digest files: the latest delivery failed with AccessDenied; look at the policies of bucket and key.",
      ]);
    } finally {
      await put(environment.members);
    }
    // What was refused is delivered in the end.
    await lab.hours(1, ["us-east-1"]);
    expect((await verified()).report.verdict).toBe("proven");
  });

  test("a stopped trail is amiss", async () => {
    await lab.cloudTrail(web).send(new StopLoggingCommand({ Name: web.trail.name }));
    const { report, region } = await verified();
    expect(verdicts(report.trails)).toEqual(["proven", "proven", "amiss"]);
    expect(region(web, "us-east-1").findings).toMatchObject([
      {
        verdict: "amiss",
        check: "trail",
        text: expect.stringMatching(/^It is not logging since 20/) as string,
      },
    ]);
  });
});
