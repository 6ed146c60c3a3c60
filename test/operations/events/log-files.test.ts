import fc from "fast-check";
import { accountFolder, logFileKey } from "../../../cloudtrail/files/log-layout";
import { formatTime } from "../../../cloudtrail/time";
import { logFileKeys, type LogFileQuery } from "../../../operations/events/log-files";

const ACCOUNTS = ["111111111111", "222222222222"];
const REGIONS = ["eu-central-1", "us-east-1"];
const START = Date.UTC(2026, 0, 31, 22, 0);
const MINUTE = 60_000;

/** A bucket with some keys that notes what it was asked for. */
class FakeBucket {
  readonly name = "logs";
  asked = 0;
  mostAtOnce = 0;
  #now = 0;

  constructor(private readonly all: readonly string[]) {}

  async folders(folder: string): Promise<string[]> {
    await this.#request();
    const below = this.all.filter((key) => key.startsWith(folder));
    return [...new Set(below.map((key) => key.slice(folder.length).split("/")[0]!))].sort();
  }

  async *keys(_: string, prefix: string, startAfter = ""): AsyncGenerator<string, void> {
    await this.#request();
    for (const key of [...this.all].sort())
      if (key.startsWith(prefix) && key > startAfter) {
        this.asked++;
        yield key;
      }
  }

  async #request(): Promise<void> {
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#now);
    await new Promise((resolve) => setImmediate(resolve));
    this.#now--;
  }
}

const listener = {
  leftOut: jest.fn<void, [string, string]>(),
  notListed: (folder: string, error: unknown): never => {
    throw new Error(`${folder} was to be listed`, { cause: error });
  },
};
beforeEach(() => listener.leftOut.mockClear());

async function listed(bucket: FakeBucket, query: Partial<LogFileQuery>): Promise<string[]> {
  const keys: string[] = [];
  const all = { accounts: ACCOUNTS, from: START, to: START + 600 * MINUTE };
  for await (const key of logFileKeys(bucket, { ...all, ...query }, listener)) keys.push(key);
  return keys;
}

const file = (accountId: string, region: string, minute: number, n = 0, prefix?: string): string =>
  logFileKey({
    accountId,
    region,
    prefix,
    deliveredAt: formatTime(START + minute * MINUTE),
    uniqueString: `unique${n}`,
  });

test("files come by the time of delivery, over accounts, regions and midnight", async () => {
  const keys = [
    file(ACCOUNTS[1]!, "us-east-1", 0),
    file(ACCOUNTS[0]!, "eu-central-1", 5),
    file(ACCOUNTS[0]!, "us-east-1", 119),
    file(ACCOUNTS[0]!, "eu-central-1", 121),
    file(ACCOUNTS[1]!, "us-east-1", 130),
  ];
  expect(await listed(new FakeBucket([...keys].reverse()), {})).toEqual(keys);
});

test("only the accounts, regions and times that are asked for", async () => {
  const keys = ACCOUNTS.flatMap((account) =>
    REGIONS.flatMap((region) =>
      [-1, 0, 5, 10, 11, 12, 13].map((minute) => file(account, region, minute)),
    ),
  );
  const query = {
    accounts: [ACCOUNTS[1]!],
    regions: ["us-east-1"],
    from: START + 30_000,
    to: START + 10 * MINUTE + 30_000,
  };
  const bucket = new FakeBucket(keys);
  expect(await listed(bucket, query)).toEqual(
    [0, 5, 10].map((minute) => file(ACCOUNTS[1]!, "us-east-1", minute)),
  );
  // The first file behind the period ends the list.
  expect(bucket.asked).toBe(4);
});

test("what lies beside log files is passed over", async () => {
  const folder = `${accountFolder(ACCOUNTS[0]!)}CloudTrail/us-east-1/2026/01/31/`;
  const keys = [`${folder}readme.txt`, file(ACCOUNTS[0]!, "us-east-1", 0), `${folder}zzz`];
  expect(await listed(new FakeBucket(keys), {})).toEqual([keys[1]]);
});

test("no more is listed than is read, and not all at once", async () => {
  const accounts = Array.from({ length: 60 }, (_, n) => String(100_000_000_000 + n));
  const keys = accounts.flatMap((account) =>
    [0, 1, 2, 3].map((minute) => file(account, "us-east-1", minute)),
  );
  const bucket = new FakeBucket(keys);
  const query = { accounts, from: START, to: START + 600 * MINUTE };
  for await (const key of logFileKeys(bucket, query, listener)) {
    expect(key).toBe(keys[0]);
    break;
  }
  expect(bucket.asked).toBe(accounts.length);
  expect(bucket.mostAtOnce).toBeLessThanOrEqual(16);
});

test("whatever the files, each in the time comes once and in order", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(
        fc.tuple(
          fc.constantFrom(...ACCOUNTS),
          fc.constantFrom(...REGIONS),
          fc.nat(3000),
          fc.nat(2),
        ),
        { selector: String },
      ),
      fc.nat(3000),
      fc.nat(3000),
      fc.constantFrom(undefined, "org/logs"),
      async (files, from, length, prefix) => {
        const keys = files.map(([account, region, minute, n]) =>
          file(account, region, minute, n, prefix),
        );
        const query = {
          prefix,
          from: START + from * MINUTE,
          to: START + (from + length) * MINUTE,
        };
        const wanted = files
          .map(([, , minute], index) => ({ minute, key: keys[index]! }))
          .filter(({ minute }) => minute >= from && minute <= from + length)
          .sort((a, b) => a.minute - b.minute || (a.key < b.key ? -1 : 1));
        expect(await listed(new FakeBucket(keys), query)).toEqual(wanted.map(({ key }) => key));
      },
    ),
  );
});
