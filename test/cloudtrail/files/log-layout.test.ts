import fc from "fast-check";
import { FOLDERS, LOG_FOLDERS } from "../../../cloudtrail/files/log-folders";
import {
  accountFolder,
  digestFileKey,
  type DigestFileName,
  logFileKey,
  type LogFileName,
  parseDigestFileKey,
  parseLogFileKey,
} from "../../../cloudtrail/files/log-layout";
import { keyPrefixProblem, trailNameProblem } from "../../../cloudtrail/names";
import { KNOWN_REGIONS, PARTITIONS, partitionOfRegion } from "../../../cloudtrail/regions";

/** Keys as AWS's pages have them, with what they name. */
const LOG_FILE: { readonly key: string; readonly file: LogFileName } = {
  key: "AWSLogs/111122223333/CloudTrail/us-east-2/2015/08/01/111122223333_CloudTrail_us-east-2_20150801T0210Z_Mu0KsOhtH1ar15ZZ.json.gz",
  file: {
    accountId: "111122223333",
    region: "us-east-2",
    deliveredAt: "2015-08-01T02:10Z",
    folder: "CloudTrail",
    uniqueString: "Mu0KsOhtH1ar15ZZ",
    prefix: undefined,
    organizationId: undefined,
  },
};
const DIGEST_FILE = {
  key: "my/prefix/AWSLogs/111122223333/CloudTrail-Digest/us-west-2/2015/08/17/111122223333_CloudTrail-Digest_us-west-2_my_trail_us-east-2_20150817T150128Z.json.gz",
  file: {
    accountId: "111122223333",
    region: "us-west-2",
    prefix: "my/prefix",
    organizationId: undefined,
    trailName: "my_trail",
    homeRegion: "us-east-2",
    endTime: "2015-08-17T15:01:28Z",
    backfill: false,
  },
};

describe("keys of CloudTrail's files", () => {
  test("an account's folder, with and without prefix", () => {
    expect(accountFolder("111122223333")).toBe("AWSLogs/111122223333/");
    expect(accountFolder("111122223333", "a/b")).toBe("a/b/AWSLogs/111122223333/");
  });

  test("a log file's key is AWS's, both ways", () => {
    expect(logFileKey(LOG_FILE.file)).toBe(LOG_FILE.key);
    expect(parseLogFileKey(LOG_FILE.key)).toEqual(LOG_FILE.file);
  });

  test("a digest file's key is AWS's, both ways", () => {
    expect(digestFileKey(DIGEST_FILE.file)).toBe(DIGEST_FILE.key);
    expect(parseDigestFileKey(DIGEST_FILE.key)).toEqual(DIGEST_FILE.file);
  });

  test("a backfill digest's name ends in _backfill", () => {
    const backfill = { ...DIGEST_FILE.file, backfill: true };
    expect(digestFileKey(backfill)).toBe(DIGEST_FILE.key.replace(/Z\./, "Z_backfill."));
    expect(parseDigestFileKey(digestFileKey(backfill))).toEqual(backfill);
  });

  test.each(["20159901", "20150231", "20150800"])("a name of the day %s is none", (day) => {
    const folder = `/${day.slice(0, 4)}/${day.slice(4, 6)}/${day.slice(6)}/`;
    const moved = (key: string): string =>
      key.replace(/\/\d{4}\/\d\d\/\d\d\//, folder).replace(/_\d{8}T/, `_${day}T`);
    expect(parseLogFileKey(moved(LOG_FILE.key))).toBeUndefined();
    expect(parseDigestFileKey(moved(DIGEST_FILE.key))).toBeUndefined();
  });

  test("files of an organization's trail are read as the account's, with the organization", () => {
    const organizationId = "o-exampleorgid";
    const inFolder = (key: string): string => key.replace("AWSLogs/", `AWSLogs/${organizationId}/`);
    const log = inFolder(LOG_FILE.key);
    expect(parseLogFileKey(log)).toEqual({ ...LOG_FILE.file, organizationId });
    expect(logFileKey(parseLogFileKey(log)!)).toBe(log);
    const digest = inFolder(DIGEST_FILE.key);
    expect(parseDigestFileKey(digest)).toEqual({ ...DIGEST_FILE.file, organizationId });
    expect(digestFileKey(parseDigestFileKey(digest)!)).toBe(digest);
  });

  test.each(LOG_FOLDERS)("a file of %s is one of log files, both ways", (folder) => {
    const key = LOG_FILE.key.replaceAll("CloudTrail", folder);
    expect(parseLogFileKey(key)).toEqual({ ...LOG_FILE.file, folder });
    expect(logFileKey({ ...LOG_FILE.file, folder })).toBe(key);
  });

  test("AWS's page on finding log files names four folders, and that on digests a fifth", () => {
    expect(Object.keys(FOLDERS)).toEqual([
      "CloudTrail",
      "CloudTrail-Digest",
      "CloudTrail-Insight",
      "CloudTrail-NetworkActivity",
      "CloudTrail-Aggregated",
    ]);
    expect(LOG_FOLDERS).toEqual(
      Object.keys(FOLDERS).filter((name) => name !== "CloudTrail-Digest"),
    );
  });

  test.each([
    [
      "another account's folder",
      LOG_FILE.key.replace("AWSLogs/111122223333", "AWSLogs/444444444444"),
    ],
    ["another region's folder", LOG_FILE.key.replace("/us-east-2/", "/us-east-1/")],
    ["a digest", DIGEST_FILE.key],
    ["a folder that is not known", LOG_FILE.key.replaceAll("CloudTrail", "CloudTrail-Other")],
    ["another folder's name", LOG_FILE.key.replace("_CloudTrail_", "_CloudTrail-Insight_")],
    ["another folder", LOG_FILE.key.replace("/CloudTrail/", "/CloudTrail-Insight/")],
    ["an organization that can be none", LOG_FILE.key.replace("AWSLogs/", "AWSLogs/o-short/")],
    ["not gzipped", LOG_FILE.key.replace(".gz", "")],
    ["anything", "hello"],
  ])("no log file: %s", (_what, key) => {
    expect(parseLogFileKey(key)).toBeUndefined();
  });

  test("no digest file: a log file, and another account's folder", () => {
    expect(parseDigestFileKey(LOG_FILE.key)).toBeUndefined();
    expect(
      parseDigestFileKey(DIGEST_FILE.key.replace("AWSLogs/111122223333", "AWSLogs/999922223333")),
    ).toBeUndefined();
  });

  test("every name comes back from its key, and keys sort by time", () => {
    const time = fc
      .date({ min: new Date("2015-01-01"), max: new Date("2099-01-01"), noInvalidDate: true })
      .map((date) => `${date.toISOString().slice(0, 19)}Z`);
    fc.assert(
      fc.property(
        time,
        time,
        fc.stringMatching(/^[a-z][a-z0-9._-]{1,20}[a-z]$/),
        (a, b, trailName) => {
          const name = { ...DIGEST_FILE.file, trailName };
          const [first, second] = [a, b].map((endTime) => digestFileKey({ ...name, endTime }));
          expect(parseDigestFileKey(first!)).toEqual({ ...name, endTime: a });
          expect(first! < second!).toBe(a < b);
        },
      ),
    );
  });

  const place = {
    accountId: fc.stringMatching(/^\d{12}$/),
    region: fc.constantFrom(...KNOWN_REGIONS),
    prefix: fc.option(
      fc
        .stringMatching(/^[A-Za-z0-9!_.'()/-]{1,30}$/)
        .filter((prefix) => keyPrefixProblem(prefix) === undefined),
      { nil: undefined },
    ),
    organizationId: fc.option(fc.stringMatching(/^o-[a-z0-9]{10,32}$/), { nil: undefined }),
  };
  const time = fc
    .date({ min: new Date("2013-01-01"), max: new Date("2099-01-01"), noInvalidDate: true })
    .map((date) => date.toISOString());

  test("the regions are those of all partitions", () => {
    const partitions = new Set(KNOWN_REGIONS.map(partitionOfRegion));
    expect([...partitions].sort()).toEqual([...PARTITIONS].sort());
  });

  test("a log file's key that is parsed and written again is the same key", () => {
    const file = fc.record({
      ...place,
      folder: fc.constantFrom(...LOG_FOLDERS),
      deliveredAt: time.map((text) => `${text.slice(0, 16)}Z`),
      uniqueString: fc.stringMatching(/^[A-Za-z0-9]{16}$/),
    });
    fc.assert(
      fc.property(file, (name) => {
        const key = logFileKey(name);
        expect(parseLogFileKey(key)).toEqual(name);
        expect(logFileKey(parseLogFileKey(key)!)).toBe(key);
      }),
    );
  });

  test("a digest file's key that is parsed and written again is the same key", () => {
    const file: fc.Arbitrary<DigestFileName> = fc.record({
      ...place,
      homeRegion: fc.constantFrom(...KNOWN_REGIONS),
      trailName: fc
        .stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{1,30}[A-Za-z0-9]$/)
        .filter((name) => trailNameProblem(name) === undefined),
      endTime: time.map((text) => `${text.slice(0, 19)}Z`),
      backfill: fc.boolean(),
    });
    fc.assert(
      fc.property(file, (name) => {
        const key = digestFileKey(name);
        expect(parseDigestFileKey(key)).toEqual(name);
        expect(digestFileKey(parseDigestFileKey(key)!)).toBe(key);
      }),
    );
  });
});
