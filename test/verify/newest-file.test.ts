import { digestFileKey, logFileKey, parseLogFileKey } from "../../cloudtrail/files/log-layout";
import { newestFile } from "../../verify/newest-file";

const ACCOUNT = "111111111111";
const ROOT = `AWSLogs/${ACCOUNT}/CloudTrail/us-east-1/`;
const NOW = new Date("2026-02-01T12:00:00Z");

/** A bucket that holds these keys, listed as S3 does. */
function listing(keys: readonly string[]) {
  const sorted = [...keys].sort();
  return {
    name: "logs",
    asked: [] as string[],
    folders(folder: string): Promise<string[]> {
      this.asked.push(folder);
      const names = sorted
        .filter((key) => key.startsWith(folder) && key.slice(folder.length).includes("/"))
        .map((key) => key.slice(folder.length).split("/")[0]!);
      return Promise.resolve([...new Set(names)]);
    },
    async *keys(bucket: string, prefix: string) {
      await Promise.resolve();
      this.asked.push(prefix);
      yield* bucket === this.name ? sorted.filter((key) => key.startsWith(prefix)) : [];
    },
  };
}

function log(deliveredAt: string, uniqueString = "AAAAAAAAAAAAAAAA"): string {
  return logFileKey({ accountId: ACCOUNT, region: "us-east-1", deliveredAt, uniqueString });
}

function timeOf(key: string): string | undefined {
  return parseLogFileKey(key)?.deliveredAt;
}

test("finds the newest by the time in its key, whatever the unique strings and order", async () => {
  const keys = [
    log("2026-01-31T23:55Z", "zzzzzzzzzzzzzzzz"),
    log("2026-02-01T11:50Z", "AAAAAAAAAAAAAAAA"),
    log("2026-02-01T11:45Z", "zzzzzzzzzzzzzzzz"),
    log("2025-12-31T23:55Z", "zzzzzzzzzzzzzzzz"),
  ];
  await expect(newestFile(listing(keys), ROOT, timeOf, NOW)).resolves.toEqual({
    key: log("2026-02-01T11:50Z", "AAAAAAAAAAAAAAAA"),
    time: new Date("2026-02-01T11:50Z"),
  });
});

test("passes over what sorts later and is not CloudTrail's, and over times to come", async () => {
  const real = log("2026-01-31T10:00Z");
  const day = `${ROOT}2026/02/01/`;
  const keys = [
    real,
    `${day}zzz.json.gz`,
    `${day}sub/${ACCOUNT}_CloudTrail_us-east-1_20260201T1150Z_AAAAAAAAAAAAAAAA.json.gz`,
    `${ROOT}2026/02/zz/file`,
    `${ROOT}9999/12/31/file`,
    `${ROOT}latest/01/01/file`,
    log("2026-02-02T00:00Z"),
    digestFileKey({
      accountId: ACCOUNT,
      region: "us-east-1",
      trailName: "t",
      homeRegion: "us-east-1",
      endTime: "2026-02-01T11:00:00Z",
      backfill: false,
    }),
  ];
  const bucket = listing(keys);
  await expect(newestFile(bucket, ROOT, timeOf, NOW)).resolves.toEqual({
    key: real,
    time: new Date("2026-01-31T10:00Z"),
  });
  // What is not a year or day is not even listed.
  expect(bucket.asked.filter((path) => /latest|zz/.test(path))).toEqual([]);
});

test("does not rely on the order of a listing", async () => {
  const [newest, older] = [log("2026-02-01T11:50Z"), log("2026-02-01T11:45Z")];
  const bucket = {
    ...listing([newest, older]),
    async *keys() {
      await Promise.resolve();
      yield* [newest, older];
    },
  };
  expect((await newestFile(bucket, ROOT, timeOf, NOW))?.key).toBe(newest);
});

test("reads one day's folder of a year of them", async () => {
  const days = Array.from({ length: 365 }, (_, day) =>
    log(new Date(Date.UTC(2025, 1, 1 + day, 12)).toISOString()),
  );
  const bucket = listing(days);
  const found = await newestFile(bucket, ROOT, timeOf, NOW);
  expect(found?.time).toEqual(new Date("2026-01-31T12:00Z"));
  expect(bucket.asked).toEqual([ROOT, `${ROOT}2026/`, `${ROOT}2026/01/`, `${ROOT}2026/01/31/`]);
});

test("there may be none", async () => {
  await expect(newestFile(listing([]), ROOT, timeOf, NOW)).resolves.toBeUndefined();
});
