import fc from "fast-check";
import {
  accountFolder,
  digestFileKey,
  logFileKey,
  parseDigestFileKey,
  parseLogFileKey,
} from "../../../cloudtrail/files/log-layout";

/** Keys as AWS's pages have them, with what they name. */
const LOG_FILE = {
  key: "AWSLogs/111122223333/CloudTrail/us-east-2/2015/08/01/111122223333_CloudTrail_us-east-2_20150801T0210Z_Mu0KsOhtH1ar15ZZ.json.gz",
  file: {
    accountId: "111122223333",
    region: "us-east-2",
    deliveredAt: "2015-08-01T02:10Z",
    uniqueString: "Mu0KsOhtH1ar15ZZ",
    prefix: undefined,
  },
};
const DIGEST_FILE = {
  key: "my/prefix/AWSLogs/111122223333/CloudTrail-Digest/us-west-2/2015/08/17/111122223333_CloudTrail-Digest_us-west-2_my_trail_us-east-2_20150817T150128Z.json.gz",
  file: {
    accountId: "111122223333",
    region: "us-west-2",
    prefix: "my/prefix",
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

  test("files of an organization's trail are read as the account's", () => {
    const key = LOG_FILE.key.replace("AWSLogs/", "AWSLogs/o-exampleorgid/");
    expect(parseLogFileKey(key)).toEqual(LOG_FILE.file);
  });

  test.each([
    [
      "another account's folder",
      LOG_FILE.key.replace("AWSLogs/111122223333", "AWSLogs/444444444444"),
    ],
    ["another region's folder", LOG_FILE.key.replace("/us-east-2/", "/us-east-1/")],
    ["a digest", DIGEST_FILE.key],
    ["an Insights file", LOG_FILE.key.replaceAll("CloudTrail", "CloudTrail-Insight")],
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
});
