import { gzipSync } from "node:zlib";
import { readRecords } from "../../../cloudtrail/files/log-reader";
import { havingAll } from "../../../cloudtrail/files/prefilter";
import type { CloudTrailRecord } from "../../../cloudtrail/records/record";
import { MAX_RECORD_BYTES } from "../../../cloudtrail/files/record-splitter";
import { logFile, logRecord } from "../../support/log-records";
import { inPieces, readLog } from "../../support/read-log";

const RECORDS = Array.from({ length: 40 }, (_, n) => logRecord(n));
const FILE = Buffer.from(logFile(RECORDS));
const json = (...records: readonly CloudTrailRecord[]): string =>
  records.map((record) => JSON.stringify(record)).join(",");
/** Without letters of several bytes: offsets are counted below. */
const [A, B, C, D] = [1, 2, 3, 4].map((n) => ({ ...logRecord(n), userAgent: `agent/${n}` })) as [
  CloudTrailRecord,
  CloudTrailRecord,
  CloudTrailRecord,
  CloudTrailRecord,
];
const a = json(A).length;
const ab = json(A, B).length;

/** The same whether the bytes come at once, in pieces, or one by one. */
async function read(text: string | Buffer): Promise<Awaited<ReturnType<typeof readLog>>> {
  const bytes = Buffer.from(text);
  const whole = await readLog([bytes]);
  expect(await readLog(inPieces(bytes, 7))).toEqual(whole);
  expect(await readLog(inPieces(bytes, 1))).toEqual(whole);
  return whole;
}

const kinds = ({ problems }: Awaited<ReturnType<typeof readLog>>): unknown[] =>
  problems.map(({ kind, offset, index }) => [
    kind,
    offset,
    ...(index === undefined ? [] : [index]),
  ]);

describe("files as CloudTrail delivers them", () => {
  test.each([
    ["plain", FILE],
    ["gzipped", gzipSync(FILE)],
    [
      "gzipped in members that are cut anywhere",
      Buffer.concat(
        [0, 1, 2].map((n) =>
          gzipSync(FILE.subarray(n * 9_001, n < 2 ? (n + 1) * 9_001 : undefined)),
        ),
      ),
    ],
    ["with a byte order mark", Buffer.concat([Buffer.from("\ufeff"), FILE])],
    ["indented", Buffer.from(JSON.stringify({ Records: RECORDS }, null, 2))],
    [
      "with other fields before and after",
      Buffer.from(
        `{"a":{"Records":[1]},"b":"Records","c":[{"Records":[]}],"d":1.5e3,"e":null,"Records":[${json(...RECORDS)}],"f":true,"g":"}"}`,
      ),
    ],
    ["with an escape in the key", Buffer.from(`{"Rec\\u006frds":[${json(...RECORDS)}]}`)],
  ])("%s", async (_, bytes) => {
    expect(await read(bytes)).toEqual({ records: RECORDS, problems: [] });
  });

  test("several files one behind the other", async () => {
    expect(await read(Buffer.concat([gzipSync(FILE), gzipSync(FILE)]))).toEqual({
      records: [...RECORDS, ...RECORDS],
      problems: [],
    });
  });

  test("no records in Records is not a problem", async () => {
    expect(await read('{"Records":[]}')).toEqual({ records: [], problems: [] });
  });

  test("a large record, and one with deep objects", async () => {
    const large = { ...A, responseElements: { text: 'ü"\\'.repeat(400_000) } };
    const deep = JSON.parse(
      `{"eventID":"deep","x":${'{"x":['.repeat(400)}${"]}".repeat(400)}}`,
    ) as CloudTrailRecord;
    const bytes = gzipSync(logFile([large, deep, B]));
    expect(await readLog(inPieces(bytes, 999))).toEqual({
      records: [large, deep, B],
      problems: [],
    });
  });
});

describe("files that are broken", () => {
  test.each<[string, string, CloudTrailRecord[], unknown[]]>([
    ["empty", "", [], [["empty", 0]]],
    ["white space", " \n", [], [["empty", 2]]],
    ["not JSON", "<html>Not found</html>", [], [["not-a-log-file", 0]]],
    [
      "a digest file",
      '{"awsAccountId":"1","logFiles":[{"s3Object":"x"}]}',
      [],
      [["no-records", 49]],
    ],
    ["an object alone", "{}", [], [["no-records", 1]]],
    ["Records is not an array", '{"Records":{"eventID":"x"}}', [], [["no-records", 26]]],
    [
      "no brackets around records",
      json(A, B),
      [B],
      [
        ["no-records", a - 1],
        ["not-a-log-file", a],
        ["truncated", ab],
      ],
    ],
    [
      "an array of records",
      `[${json(A, B)}]`,
      [A, B],
      [
        ["not-a-log-file", 0],
        ["truncated", ab + 2],
      ],
    ],
    [
      "records that are none",
      `{"Records":[${json(A)},null,7,"x",[],{},${json(B)}]}`,
      [A, B],
      [["bad-record", 13 + a, 1]],
    ],
    [
      "a word that is not JSON",
      `{"Records":[${json(A)},{"eventID":tru},${json(B, C)}]}`,
      [A, B, C],
      [["bad-record", 13 + a, 1]],
    ],
    [
      "a quote is missing",
      `{"Records":[${json(A)},{"eventID":"x},${json(B, C)}]}`,
      [A, B, C],
      [["bad-record", 13 + a, 1]],
    ],
    [
      "a brace is missing",
      `{"Records":[${json(A)},{"eventID":{"x":1},${json(B, C)}]}`,
      [A, B, C],
      [["bad-record", 13 + a, 1]],
    ],
    [
      "a brace too many",
      `{"Records":[${json(A)}},${json(B, C)}]}`,
      [A, B, C],
      [["bad-record", 12 + a, 1]],
    ],
    [
      "a bracket too many",
      `{"Records":[${json(A)}],${json(B, C)}]}`,
      [A, B, C],
      [["not-a-log-file", 14 + a]],
    ],
    [
      "cut in an array, before others",
      `{"Records":[${json(A)},{"eventVersion":"1","x":[1,${json(B, C)}]}`,
      [A, B, C],
      [["bad-record", 13 + a, 1]],
    ],
    [
      "cut in a string, before the end",
      `{"Records":[${json(A)},{"eventVersion":"1`,
      [A],
      [["truncated", 13 + a, 1]],
    ],
    ["cut between records", `{"Records":[${json(A)},`, [A], [["truncated", 13 + a]]],
    ["cut behind a record", `{"Records":[${json(A)}`, [A], [["truncated", 12 + a]]],
    ["cut in a key", '{"Rec', [], [["truncated", 5]]],
    ["something behind the end", `{"Records":[${json(A)}]}\0\0`, [A], [["not-a-log-file", 14 + a]]],
    ["the front is missing", `:"x"}},${json(A, B)}]}`, [A, B], [["not-a-log-file", 0]]],
    [
      "the first quote of the key is missing",
      `{Records":[${json(A, B)}]}`,
      [A, B],
      [["not-a-log-file", 1]],
    ],
    [
      "the last quote of the key is missing",
      `{"Records:[${json(A, B)}]}`,
      [A, B],
      [["not-a-log-file", 1]],
    ],
    [
      "two broken records",
      `{"Records":[{"a":}${json(A)},{"b",${json(B)},{{{{,${json(C)}]}`,
      [B, C],
      [
        ["bad-record", 12, 0],
        ["bad-record", 18 + ab + 6, 2],
      ],
    ],
  ])("%s", async (_, text, records, problems) => {
    const content = await read(text);
    expect(kinds(content)).toEqual(problems);
    expect(content.records).toEqual(records);
  });

  test("a problem says what, where and how, and names the file", async () => {
    const content = await readLog([Buffer.from('{"Records":[{"eventID":1x}]}')], {
      file: "s3://b/k",
    });
    expect(content).toEqual({
      records: [],
      problems: [
        {
          kind: "bad-record",
          what: "A record cannot be read: it is not JSON.",
          file: "s3://b/k",
          offset: 12,
          index: 0,
          how: "Validate the file by its digest: CloudTrail writes no such record.",
        },
      ],
    });
  });

  test.each([
    // Records behind it are taken for its own until it is too long.
    ["in an array", '{"eventVersion":"1","x":[1', MAX_RECORD_BYTES],
    // Others cannot be part of it.
    ["in a string", '{"eventVersion":"1","x":"1', 0],
    ["in an object", '{"eventVersion":"1","x":{"y":1}', 0],
  ])(
    "a record that is cut %s gives way before all of the file is in memory",
    async (_, cut, size) => {
      const count = Math.ceil(size / a) + 10;
      const behind = Array.from({ length: count }, () => B);
      let ended = false;
      async function* source(): AsyncGenerator<Uint8Array> {
        yield* inPieces(Buffer.from(`{"Records":[${json(A)},${cut},${json(...behind)}`), 65_536);
        await Promise.resolve();
        ended = true;
        yield Buffer.from("]}");
      }
      const early: CloudTrailRecord[] = [];
      const all: CloudTrailRecord[] = [];
      for await (const { records } of readRecords(source())) {
        all.push(...records);
        if (!ended) early.push(...records);
      }
      expect(all).toEqual([A, ...behind]);
      expect(early.length).toBeGreaterThan(size === 0 ? 8 : count / 2);
    },
  );

  test("bytes made to be slow are not", async () => {
    const start = process.cpuUsage();
    const content = await readLog(
      inPieces(Buffer.from(`{"Records":[${',{"a":['.repeat(1_000_000)}`), 65_536),
    );
    expect(content).toMatchObject({ records: [], problems: [{ kind: "bad-record" }] });
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(10);
  }, 60_000);

  test("a whole record may hold what looks like records", async () => {
    const sly = { ...A, requestParameters: { documents: [B, C] } };
    expect(await read(logFile([sly, D]))).toEqual({ records: [sly, D], problems: [] });
  });
});

describe("compression", () => {
  const packed = gzipSync(FILE);

  test("a cut file delivers every whole record before the cut, and says so once", async () => {
    for (const length of [packed.length - 1, packed.length - 9, packed.length >> 1, 40, 11, 3]) {
      const { records, problems } = await readLog([packed.subarray(0, length)]);
      expect(records).toEqual(RECORDS.slice(0, records.length));
      expect(problems).toMatchObject(
        [{ kind: "truncated", what: /unexpected end of file/ as never }].map(({ kind }) => ({
          kind,
        })),
      );
      if (length >= packed.length - 9) expect(records).toHaveLength(RECORDS.length);
      if (length === packed.length >> 1) expect(records.length).toBeGreaterThan(5);
    }
  });

  test.each([
    ["a wrong checksum", (bytes: Buffer) => bytes.fill(0, bytes.length - 8), RECORDS.length],
    [
      "garbage behind the end",
      (bytes: Buffer) => Buffer.concat([bytes, Buffer.from("garbage")]),
      RECORDS.length,
    ],
    [
      "a NUL behind the end",
      (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(1)]),
      RECORDS.length,
    ],
    [
      "NULs and a member behind the end",
      (bytes: Buffer) =>
        Buffer.concat([bytes, Buffer.alloc(8), gzipSync(logFile([logRecord(99)]))]),
      RECORDS.length,
    ],
    ["a wrong header", (bytes: Buffer) => bytes.fill(9, 2, 3), 0],
  ])("%s is said, and what came before is delivered", async (_, damage, count) => {
    for (const size of [1, 100, packed.length, 1_000_000]) {
      const { records, problems } = await readLog(inPieces(damage(Buffer.from(packed)), size));
      expect(problems).toMatchObject([{ kind: "damaged-gzip" }]);
      expect(records).toEqual(RECORDS.slice(0, count));
    }
  });
});

test("what the source throws is thrown, after the records that came before", async () => {
  // eslint-disable-next-line @typescript-eslint/require-await -- a source that fails
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield FILE.subarray(0, FILE.length >> 1);
    throw new Error("connection reset");
  }
  const records: CloudTrailRecord[] = [];
  await expect(async () => {
    for await (const batch of readRecords(failing())) records.push(...batch.records);
  }).rejects.toThrow("connection reset");
  expect(records.length).toBeGreaterThan(10);
});

test("who stops reading ends the source", async () => {
  let ended = false;
  // eslint-disable-next-line @typescript-eslint/require-await -- a source that is there at once
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield gzipSync(FILE);
    } finally {
      ended = true;
    }
  }
  for await (const { records } of readRecords(endless())) {
    expect(records.length).toBeGreaterThan(0);
    break;
  }
  expect(ended).toBe(true);
});

test("a prefilter passes over no broken record that it lets through, and counts the same", async () => {
  const nested = '{"eventVersion":"1","errorCode":"wanted","r":[1,{"x":1}],"z":tru}';
  const file = [
    Buffer.from(`{"Records":[${json(A)},${nested},${json(B)},{"wanted":fal},${json(C)}]}`),
  ];
  const { problems } = await readLog(file);
  expect(problems.map(({ index }) => index)).toEqual([1, 3]);
  expect((await readLog(file, { prefilter: havingAll(["wanted"]) })).problems).toEqual(problems);
});

test("a prefilter lets wanted records through, however JSON writes them", async () => {
  const records = [
    '{"eventID":"1","errorCode":"AccessDenied","key":"a/b"}',
    '{"eventID":"2","errorCode":"Access\\u0044enied","key":"a/b"}',
    '{"eventID":"3","errorCode":"NoSuchKey","key":"AccessDenied/a/b"}',
    '{"eventID":"4","key":"a/b"}',
    '{"eventID":"5","errorCode":"AccessDenied","key":"a\\/b"}',
  ];
  const file = [Buffer.from(`{"Records":[${records.join(",")}]}`)];
  const { records: found } = await readLog(file, { prefilter: havingAll(["AccessDenied", "a/b"]) });
  expect(found.map(({ eventID }) => eventID)).toEqual(["1", "2", "3", "5"]);
  expect(havingAll(["", 'with "quotes"', "back\\slash", "line\nbreak", "\ud800"])).toBeUndefined();
});
