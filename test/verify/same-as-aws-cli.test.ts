import { StartLoggingCommand, StopLoggingCommand } from "@aws-sdk/client-cloudtrail";
import { gunzipSync } from "node:zlib";
import { digestFileKey, parseDigestFileKey } from "../../cloudtrail/files/log-layout";
import { EXIT_CODES, verifyEnvironment, type VerifyReport } from "../../verify";
import { DeliveringEnvironment, type WholeObject } from "../support/delivering-environment";
import { fourAccounts } from "../support/environment";
import { requires } from "../support/requirements";

jest.setTimeout(300_000);

const HOURS = 5;

/**
 * The files of the trail that is tampered with, the oldest first: a log file for each digest file.
 */
interface Files {
  readonly logs: readonly string[];
  readonly digests: readonly string[];
}

/** A way to tamper, and what both say of it. */
interface Case {
  readonly title: string;
  tamper(lab: DeliveringEnvironment, files: Files): Promise<void>;
  /** Files that the AWS CLI calls INVALID, with its words. */
  readonly invalid: (files: Files) => Record<string, string>;
  /** Valid and all, as the AWS CLI counts them. */
  readonly digests: string;
  readonly logs: string;
  /** Our verdict; the AWS CLI has no other than valid and INVALID. */
  readonly verdict: VerifyReport["verdict"];
  /**
   * As we count them.
   * @default - as the AWS CLI does
   */
  readonly ourLogs?: string;
  /**
   * What ours says beyond the AWS CLI; docs/verify-command.md names each.
   * @default - nothing
   */
  readonly more?: (files: Files) => readonly { key: string; text: RegExp }[];
}

const CASES: readonly Case[] = [
  {
    title: "untouched",
    tamper: () => Promise.resolve(),
    invalid: () => ({}),
    digests: "5/5",
    logs: "5/5",
    verdict: "proven",
  },
  {
    title: "a changed log file",
    tamper: (lab, { logs }) => lab.edit(logs[2]!, (text) => text.replace("DescribeTrails", "X")),
    invalid: ({ logs }) => ({ [logs[2]!]: "hash value doesn't match" }),
    digests: "5/5",
    logs: "4/5",
    verdict: "tampered",
  },
  {
    title: "a log file that is no longer compressed",
    tamper: async (lab, { logs }) => {
      const object = await lab.read(logs[2]!);
      await lab.write({ ...object, body: gunzipSync(object.body) });
    },
    invalid: ({ logs }) => ({ [logs[2]!]: "invalid format" }),
    digests: "5/5",
    logs: "4/5",
    verdict: "tampered",
  },
  {
    title: "a deleted log file",
    tamper: (lab, { logs }) => lab.delete(logs[2]!),
    invalid: ({ logs }) => ({ [logs[2]!]: "not found" }),
    digests: "5/5",
    logs: "4/5",
    verdict: "tampered",
  },
  {
    title: "a changed digest file",
    tamper: (lab, { digests }) => lab.edit(digests[2]!, (text) => `${text} `),
    invalid: ({ digests }) => ({ [digests[2]!]: "signature verification failed" }),
    digests: "4/5",
    logs: "4/4",
    verdict: "tampered",
  },
  {
    title: "a deleted digest file",
    tamper: (lab, { digests }) => lab.delete(digests[2]!),
    invalid: ({ digests }) => ({ [digests[2]!]: "not found" }),
    digests: "4/5",
    logs: "4/4",
    verdict: "tampered",
  },
  {
    title: "a swapped signature",
    tamper: async (lab, { digests }) => {
      const { metadata } = await lab.read(digests[1]!);
      await lab.write({ ...(await lab.read(digests[2]!)), metadata });
    },
    invalid: ({ digests }) => ({ [digests[2]!]: "signature verification failed" }),
    digests: "4/5",
    logs: "4/4",
    verdict: "tampered",
    // Its content is proven all the same, by the hash in the next digest file; so its log files can
    // be.
    ourLogs: "5/5",
  },
  {
    title: "a moved digest file",
    tamper: async (lab, { digests }) => {
      await lab.write({ ...(await lab.read(digests[2]!)), key: earlier(digests[2]!) });
      await lab.delete(digests[2]!);
    },
    invalid: ({ digests }) => ({
      [digests[2]!]: "not found",
      [earlier(digests[2]!)]: "has been moved from its original location",
    }),
    digests: "4/6",
    logs: "4/4",
    verdict: "tampered",
  },
  {
    title: "two adjacent deleted digest files",
    tamper: async (lab, { digests }) => {
      await lab.delete(digests[2]!);
      await lab.delete(digests[3]!);
    },
    invalid: ({ digests }) => ({ [digests[3]!]: "not found" }),
    digests: "3/4",
    logs: "3/3",
    verdict: "tampered",
    more: ({ digests }) => [{ key: digests[3]!, text: /^Before it, no digest is left of/ }],
  },
  {
    title: "the newest digest file deleted",
    tamper: (lab, { digests }) => lab.delete(digests[4]!),
    invalid: () => ({}),
    digests: "4/4",
    logs: "4/4",
    verdict: "amiss",
    more: ({ digests }) => [
      {
        key: digests[3]!,
        text: /^CloudTrail says that it delivered a digest file at .*, but the newest/,
      },
    ],
  },
];

requires("moto", "aws-cli")("the same verdict as aws cloudtrail validate-logs", () => {
  let lab: DeliveringEnvironment;
  let files: Files;
  let originals: readonly WholeObject[];
  const environment = fourAccounts();
  const member = environment.members[0]!;

  beforeAll(async () => {
    const members = [member];
    lab = await DeliveringEnvironment.start(HOURS, ["us-east-1"], { ...environment, members });
    await lab.hours(HOURS);
    files = {
      logs: await lab.logKeys(member.account),
      digests: await lab.digestKeys(member.account),
    };
    expect(files.logs).toHaveLength(HOURS);
    expect(files.digests).toHaveLength(HOURS);
    originals = await Promise.all([...files.logs, ...files.digests].map((key) => lab.read(key)));
  });
  afterAll(() => lab?.stop());

  /** Makes good what was done to the files. */
  afterEach(async () => {
    for (const object of originals) await lab.write(object);
    const added = [
      ...(await lab.logKeys(member.account)),
      ...(await lab.digestKeys(member.account)),
    ];
    for (const key of added)
      if (!originals.some((object) => object.key === key)) await lab.delete(key);
  });

  test.each(CASES)("$title", async (one) => {
    await one.tamper(lab, files);

    const cli = await validateLogs(lab, lab.trailArn(member));
    expect(cli.invalid).toEqual(one.invalid(files));
    expect({ digests: cli.digests, logs: cli.logs }).toEqual({
      digests: one.digests,
      logs: one.logs,
    });
    expect(cli.code).toBe(Object.keys(cli.invalid).length > 0 ? 1 : 0);

    const report = await verifyEnvironment(lab.environment, lab.awsAccess, { now: lab.now });
    const [destination, ours] = report.trails;
    const [region] = ours!.regions;
    expect({
      digests: ratio(region!.digestFiles),
      logs: ratio(region!.logFiles),
    }).toEqual({ digests: one.digests, logs: one.ourLogs ?? one.logs });
    const more = one.more?.(files) ?? [];
    const isMore = (finding: { key?: string; text: string }): boolean =>
      more.some(({ key, text }) => finding.key === key && text.test(finding.text));
    const same = region!.findings.filter((finding) => !isMore(finding));
    expect(same.map(({ key }) => key).sort()).toEqual(Object.keys(one.invalid(files)).sort());
    expect(same.map(({ verdict }) => verdict)).toEqual(same.map(() => "tampered"));
    expect(region!.findings.length - same.length).toBe(more.length);
    expect(report.verdict).toBe(one.verdict);
    expect(EXIT_CODES[report.verdict] === 0).toBe(cli.code === 0 && more.length === 0);
    // What is wrong in one account is not told of another.
    expect(destination).toMatchObject({ verdict: "proven", account: "111111111111" });
  });

  // The last one: it adds to the files.
  test("logging that was off for a while", async () => {
    const cloudTrail = lab.cloudTrail(member);
    const { name: Name } = member.trail;
    await cloudTrail.send(new StopLoggingCommand({ Name }));
    await lab.hours(2);
    await cloudTrail.send(new StartLoggingCommand({ Name }));
    await lab.hours(2);

    const cli = await validateLogs(lab, lab.trailArn(member));
    expect(cli).toMatchObject({ code: 0, invalid: {} });
    const [, from, to] =
      /No log files were delivered by CloudTrail between (\S+) and (\S+)/.exec(cli.text) ?? [];
    const report = await verifyEnvironment(lab.environment, lab.awsAccess, { now: lab.now });
    const [region] = report.trails[1]!.regions;
    expect(ratio(region!.digestFiles)).toBe(cli.digests);
    expect(ratio(region!.logFiles)).toBe(cli.logs);
    // The AWS CLI names the gap and calls all of it valid; ours does not call it proven.
    expect(report.verdict).toBe("amiss");
    expect(region!.findings).toEqual([
      {
        verdict: "amiss",
        check: "digest-chain",
        key: expect.any(String) as string,
        text: expect.stringContaining(`${from} to ${to}`) as string,
      },
    ]);
  });
});

/** A key that a digest file of a second earlier would have. */
function earlier(key: string): string {
  const file = parseDigestFileKey(key)!;
  const endTime = new Date(Date.parse(file.endTime) - 1000).toISOString();
  return digestFileKey({ ...file, endTime });
}

function ratio({ valid, invalid }: { valid: number; invalid: number }): string {
  return `${valid}/${valid + invalid}`;
}

/** What `aws cloudtrail validate-logs` printed, and what can be read from it. */
interface CliVerdict {
  readonly code: number;
  readonly text: string;
  /** Its words, by the file's key. */
  readonly invalid: Readonly<Record<string, string>>;
  /** Valid and all. */
  readonly digests?: string;
  readonly logs?: string;
}

async function validateLogs(lab: DeliveringEnvironment, trailArn: string): Promise<CliVerdict> {
  const { code, text } = await lab.awsCli(
    "cloudtrail",
    "validate-logs",
    "--trail-arn",
    trailArn,
    "--verbose",
    // The trail is another account's, so that DescribeTrails would not find it.
    "--s3-bucket",
    lab.bucket,
    "--start-time",
    new Date(lab.now.getTime() - 86_400_000).toISOString(),
    "--end-time",
    lab.now.toISOString(),
  );
  const invalid = [...text.matchAll(/s3:\/\/[^/]+\/(\S+)\tINVALID: (.*)$/gm)];
  return {
    code,
    text,
    invalid: Object.fromEntries(invalid.map(([, key, words]) => [key!, words!])),
    digests: /^(\d+\/\d+) digest files valid/m.exec(text)?.[1],
    logs: /^(\d+\/\d+) log files valid/m.exec(text)?.[1],
  };
}
