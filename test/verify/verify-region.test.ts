import type { GetTrailStatusResponse } from "@aws-sdk/client-cloudtrail";
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { AtOnce } from "../../cloudtrail/at-once";
import { LOG_FOLDERS, type LogFolderName } from "../../cloudtrail/files/log-folders";
import { digestFileKey, logFileKey } from "../../cloudtrail/files/log-layout";
import type { RegionReport, VerifyReport } from "../../verify/report";
import { reportLines } from "../../operations/verify/text";
import { worst } from "../../verify/verdict";
import {
  type RegionLeftOut,
  type RegionAccess,
  type RegionCheck,
  verifyRegion,
} from "../../verify/verify-region";
import type { DeliveredTrail, MemorySource } from "../support/delivered-trail";
import {
  ACCOUNT,
  BUCKET,
  FIRST_END,
  HOUR,
  REGION,
  sixHours,
  TRAIL,
} from "../support/delivered-trail";

jest.setTimeout(30_000);

/** A few minutes after the newest of six digests. */
const NOW = FIRST_END + 5 * HOUR + 5 * 60_000;
const STATUS: GetTrailStatusResponse = {
  IsLogging: true,
  LatestDigestDeliveryTime: new Date(FIRST_END + 5 * HOUR),
};

/** The log bucket, in memory. */
function bucketOf(source: MemorySource): RegionAccess["bucket"] {
  const keys = (prefix: string): string[] =>
    [...source.objects.keys()]
      .map((name) => name.slice(BUCKET.length + 1))
      .filter((key) => key.startsWith(prefix))
      .sort();
  return {
    name: BUCKET,
    folders: (folder) =>
      Promise.resolve([
        ...new Set(
          keys(folder).flatMap((key) => /^([^/]+)\//.exec(key.slice(folder.length))?.[1] ?? []),
        ),
      ]),
    keys: (name, prefix, startAfter = "") => source.listKeys(name, prefix, startAfter),
    kmsKeyOf: async (key) => {
      await source.getObject(BUCKET, key);
      return undefined;
    },
    get: (name, key) => source.getObject(name, key),
  };
}

function verified(
  { source }: DeliveredTrail,
  check: Partial<RegionCheck> = {},
  bucket = bucketOf(source),
): Promise<RegionReport | RegionLeftOut> {
  return verifyRegion(
    {
      trail: TRAIL,
      region: REGION,
      key: { type: "sse-s3" },
      logFileValidation: true,
      since: new Date(NOW - 24 * HOUR),
      now: new Date(NOW),
      covers: true,
      status: () => Promise.resolve(STATUS),
      ...check,
    },
    {
      bucket,
      publicKeys: (...question) => source.publicKeys(...question),
      atOnce: new AtOnce(8),
      onFinding: () => undefined,
    },
  );
}

describe("a file that no digest vouches for", () => {
  test("is named, and neither proven nor tampered with", async () => {
    const trail = sixHours();
    const key = logFileKey({
      accountId: ACCOUNT,
      region: REGION,
      deliveredAt: "2026-01-31T23:40Z",
      uniqueString: "forgedforgedforg",
    });
    trail.source.put(key, trail.source.get(trail.logs[3]![0]!).body);
    expect(await verified(trail)).toMatchObject({
      verdict: "unvouched",
      logFiles: { valid: 10, invalid: 0, notChecked: 0 },
      findings: [{ verdict: "unvouched", check: "digest-chain", key }],
    });
    trail.source.delete(key);
    expect(await verified(trail)).toMatchObject({ verdict: "proven", findings: [] });
  });
});

test.each([logFileKey, digestFileKey])(
  "%p of a time that there is not hides no file",
  async (of) => {
    const trail = sixHours();
    const key = of({
      accountId: ACCOUNT,
      region: REGION,
      uniqueString: "forgedforgedforg",
      trailName: TRAIL.name,
      homeRegion: TRAIL.homeRegion,
      backfill: false,
      deliveredAt: "2026-99-99T23:40:00Z",
      endTime: "2026-99-99T23:40:00Z",
    });
    const before = (await verified(trail)) as RegionReport;
    trail.source.put(key, Buffer.from("x"));
    expect(await verified(trail)).toMatchObject({
      newestLog: before.newestLog,
      newestDigest: before.newestDigest,
      verdict: "unvouched",
      findings: [{ verdict: "unvouched", key }],
    });
  },
);

describe("a folder that AWS documents no digest files for", () => {
  const logFolders = LOG_FOLDERS;
  const CONTENT = '{"Records":[]}';
  const keyIn = (folder: LogFolderName, deliveredAt = "2026-01-31T23:40Z", n = 0): string =>
    logFileKey({
      accountId: ACCOUNT,
      region: REGION,
      folder,
      deliveredAt,
      uniqueString: `unique${n}`,
    });

  test.each(LOG_FOLDERS.filter((name) => name !== "CloudTrail"))(
    "what no digest names in %s is said, and not accused",
    async (folder) => {
      const trail = sixHours();
      const keys = [keyIn(folder), keyIn(folder, "2026-02-01T01:00Z"), keyIn(folder, undefined, 1)];
      for (const key of keys) trail.source.put(key, gzipSync(CONTENT));
      trail.source.put(keyIn(folder, "2026-01-31T01:00Z"), gzipSync("of before the period"));
      trail.source.put(`${keyIn(folder).split("_")[0]}-marker/`, Buffer.from(""));
      const report = (await verified(trail, { logFolders })) as RegionReport;
      expect(report).toMatchObject({ verdict: "proven", findings: [] });
      expect(report.notNamed).toEqual([{ folder, files: 3 }]);
    },
  );

  test("that of management and data events is not one of them", async () => {
    expect(await verified(sixHours(), { logFolders })).toMatchObject({ notNamed: [] });
  });

  test("what a digest names there all the same is validated", async () => {
    const trail = sixHours();
    const key = keyIn("CloudTrail-NetworkActivity", "2026-02-01T02:50Z");
    trail.source.put(key, gzipSync(CONTENT));
    const file = {
      s3Bucket: BUCKET,
      s3Object: key,
      hashValue: createHash("sha256").update(CONTENT).digest("hex"),
      oldestEventTime: "2026-02-01T02:40:00Z",
      newestEventTime: "2026-02-01T02:41:00Z",
    };
    trail.deliver(0, { logFiles: [file] });
    const check = { logFolders, now: new Date(NOW + HOUR) };
    expect(await verified(trail, check)).toMatchObject({
      verdict: "proven",
      findings: [],
      notNamed: [],
      logFiles: { valid: 11, invalid: 0 },
    });
    trail.source.edit(key, (text) => `${text} `);
    expect(await verified(trail, check)).toMatchObject({
      verdict: "tampered",
      findings: [{ verdict: "tampered", key }],
      notNamed: [],
    });
  });

  test("one that cannot be listed is not checked", async () => {
    const trail = sixHours();
    const bucket = bucketOf(trail.source);
    const keys: typeof bucket.keys = (name, prefix, startAfter) => {
      if (prefix.includes("CloudTrail-Insight")) throw new Error("it broke");
      return bucket.keys(name, prefix, startAfter);
    };
    const report = await verified(trail, { logFolders }, { ...bucket, keys });
    expect(report).toMatchObject({
      verdict: "not-checked",
      findings: [
        { text: expect.stringMatching(/^The other folders could not be read: /) as string },
      ],
    });
  });
});

describe("a region that nothing is delivered to any more", () => {
  const days = (count: number): Partial<RegionCheck> => ({
    now: new Date(NOW + count * 24 * HOUR),
    since: new Date(NOW + (count - 1) * 24 * HOUR),
  });

  test.each<[string, Partial<RegionCheck>, RegExp]>([
    ["the trail does not cover it now", { covers: false }, /^the trail does not cover it now, and/],
    [
      "the trail is not there, the account has turned it off",
      { status: () => Promise.resolve(undefined) },
      /^the trail is not there any more, and/,
    ],
  ])("%s: it is left out", async (_, check, reason) => {
    const report = await verified(sixHours(), { ...check, ...days(9) });
    expect(report).toEqual({ region: REGION, reason: expect.stringMatching(reason) as string });
  });

  test("as far as there are files of the period, these are looked at, and none is late", async () => {
    const later = { covers: false, now: new Date(NOW + 9 * HOUR) };
    const trail = sixHours();
    expect(await verified(trail, later)).toMatchObject({
      verdict: "proven",
      findings: [],
      digestFiles: { valid: 6 },
    });
    const [log] = trail.logs[3]!;
    trail.source.edit(log!, (text) => `${text} `);
    expect(await verified(trail, later)).toMatchObject({
      verdict: "tampered",
      findings: [{ verdict: "tampered", key: log }],
    });
  });

  test("log files of the period that no digest is there for are not passed over", async () => {
    const trail = sixHours();
    for (const key of trail.keysOfDigests) trail.source.delete(key);
    expect(await verified(trail, { covers: false })).toMatchObject({
      verdict: "amiss",
      findings: [{ verdict: "amiss", check: "digest-chain" }],
    });
  });

  test("one that the trail does cover is not left out, however old its files", async () => {
    expect(await verified(sixHours(), days(9))).toMatchObject({ verdict: "amiss" });
  });
});

describe("one cause", () => {
  function refusing(trail: DeliveredTrail): DeliveredTrail {
    const message = "User: arn:aws:sts::111111111111:assumed-role/plan is not authorized";
    for (const name of trail.source.objects.keys())
      trail.source.failures.set(name, Object.assign(new Error(message), { name: "AccessDenied" }));
    return trail;
  }
  const wayToRead = "Add it to the readers.";

  test("is one sentence with a count, the first object and the way out, and no time is accused", async () => {
    const trail = refusing(sixHours());
    const report = (await verified(trail, { wayToRead })) as RegionReport;
    expect(report.digestFiles).toEqual({ valid: 0, invalid: 0, notChecked: 6 });
    expect(report.findings).toEqual([
      {
        verdict: "not-checked",
        check: "digest-chain",
        cause: "AccessDenied",
        count: 6,
        key: trail.keysOfDigests[5],
        text: expect.stringMatching(
          /^It could not be read: AccessDenied: User: .*So it is with 6 files; the first is named. Add it to the readers.$/,
        ) as string,
      },
    ]);
  });

  test("is printed once for all regions and accounts", async () => {
    const region = (await verified(refusing(sixHours()), { wayToRead })) as RegionReport;
    const regions = ["eu-west-1", "eu-west-2", "eu-west-3"].map((name) => ({
      ...region,
      region: name,
    }));
    const trails = ["222222222222", "333333333333"].map((account) => ({
      account,
      name: "one",
      trailArn: "arn",
      findings: [],
      regions,
      verdict: region.verdict,
    }));
    const report: VerifyReport = {
      environment: "test",
      since: new Date(NOW),
      now: new Date(NOW),
      trails,
      leftOut: [],
      verdict: worst(trails.map(({ verdict }) => verdict)),
    };
    const text = reportLines(report, process.stdout).join("\n");
    expect(text.match(/It could not be read/g)).toHaveLength(1);
    expect(text).toContain("222222222222  one in eu-west-1; ");
    expect(text).toContain("; and 1 more:");
  });
});

describe("the time before the trail began to log", () => {
  const started = { ...STATUS, StartLoggingTime: new Date(FIRST_END - HOUR) };

  test("is not missed beside a first digest that can't be trusted", async () => {
    const trail = sixHours();
    const [first] = trail.keysOfDigests;
    trail.source.edit(first!, (text) => `${text} `);
    const report = (await verified(trail, {
      status: () => Promise.resolve(started),
    })) as RegionReport;
    expect(report.findings).toMatchObject([{ verdict: "tampered", key: first }]);
  });

  test("is where a digest deleted after that is still missed", async () => {
    const trail = sixHours();
    const [first, second] = trail.keysOfDigests;
    trail.source.delete(first!);
    trail.source.delete(second!);
    const report = (await verified(trail, {
      status: () => Promise.resolve(started),
    })) as RegionReport;
    expect(report.findings).toMatchObject([
      { verdict: "tampered", key: second },
      { verdict: "amiss", text: expect.stringContaining("2026-01-31T20:12:05Z") as string },
    ]);
  });
});
