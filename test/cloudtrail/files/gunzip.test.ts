import { spawnSync } from "node:child_process";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import {
  type Gunzipped,
  type GzipFault,
  gunzipped,
  soleMember,
} from "../../../cloudtrail/files/gunzip";
import { gzipMember, type HeaderFields } from "../../support/gzip-members";
import { logFile, logRecord } from "../../support/log-records";
import { cutAt, inPieces, readLog, source } from "../../support/read-log";

jest.setTimeout(120_000);

/** Where a call is never answered, the process would end in silence. */
const WAIT = 20_000;

interface Read {
  readonly content: string;
  readonly fault?: GzipFault;
}

async function read(
  unzip: (bytes: AsyncIterable<Uint8Array>) => Gunzipped,
  pieces: Iterable<Uint8Array>,
): Promise<Read> {
  const chunks: Uint8Array[] = [];
  const content = unzip(source(pieces));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("no answer")), WAIT);
  });
  try {
    for (;;) {
      const next = await Promise.race([content.next(), late]);
      if (next.done)
        return { content: Buffer.concat(chunks).toString("latin1"), fault: next.value };
      chunks.push(next.value);
    }
  } finally {
    clearTimeout(timer);
  }
}

const RECORDS = Array.from({ length: 40 }, (_, n) => logRecord(n));
const FILE = Buffer.from(logFile(RECORDS));
const SOUND = gzipSync(FILE);
const FORGED = gzipSync(logFile([logRecord(99)]));
const nuls = (count: number): Buffer => Buffer.alloc(count);

/** Every cut of these bytes that meets one of Node's own chunks or members somewhere else. */
const SIZES = [1, 2, 7, 100, 1000, 16_383, 16_384, 65_536, 10_000_000];

describe("behind a sound member", () => {
  const cases: [string, Buffer, string][] = [
    ["a NUL", nuls(1), "1 byte lies behind the end of its gzip member: NUL"],
    ["NULs", nuls(20_000), "20000 bytes lie behind the end of its gzip member: NULs"],
    [
      "NULs and then a member",
      Buffer.concat([nuls(8), FORGED]),
      `${8 + FORGED.length} bytes lie behind the end of its gzip member: 8 NULs and something else`,
    ],
    ["a letter", Buffer.from("x"), "1 byte lies behind the end of its gzip member: no gzip member"],
    [
      "text",
      Buffer.from("garbage"),
      "7 bytes lie behind the end of its gzip member: no gzip member",
    ],
    [
      "half of a member's first bytes",
      Buffer.from([0x1f]),
      "1 byte lies behind the end of its gzip member: no gzip member",
    ],
  ];
  test.each(cases)("%s: it is given, and the rest is said", async (_, tail, detail) => {
    const bytes = Buffer.concat([SOUND, tail]);
    const expected = { content: FILE.toString("latin1"), fault: { kind: "behind", detail } };
    for (const size of SIZES) {
      expect(await read(gunzipped, inPieces(bytes, size))).toEqual(expected);
      expect(await read(soleMember, inPieces(bytes, size))).toEqual(expected);
      const { records, problems } = await readLog(inPieces(bytes, size));
      expect(records).toEqual(RECORDS);
      expect(problems).toMatchObject([{ kind: "damaged-gzip", offset: FILE.length }]);
    }
    // Cut exactly where the member ends.
    expect(await read(gunzipped, [SOUND, tail])).toEqual(expected);
    expect(await read(gunzipped, [SOUND, new Uint8Array(), tail])).toEqual(expected);
  });

  test.each([
    ["another", FORGED],
    ["an empty one", gzipSync("")],
  ])("%s: readers go on with it, and it is not a sole member", async (_, tail) => {
    const bytes = Buffer.concat([SOUND, tail]);
    for (const size of SIZES) {
      const all = await read(gunzipped, inPieces(bytes, size));
      expect(all.fault).toBeUndefined();
      const sole = await read(soleMember, inPieces(bytes, size));
      expect(sole).toEqual({
        content: FILE.toString("latin1"),
        fault: {
          kind: "behind",
          detail: `${tail.length} bytes lie behind the end of its gzip member: another gzip member`,
        },
      });
    }
  });
});

test.each<[string, Buffer, GzipFault["kind"] | undefined]>([
  ["nothing at all", Buffer.alloc(0), "truncated"],
  ["one byte of gzip", Buffer.from([0x1f]), "truncated"],
  ["text", Buffer.from("{}"), "damaged"],
  ["NULs alone", nuls(20), "damaged"],
  ["a member cut in its trailer", SOUND.subarray(0, -1), "truncated"],
  [
    "another method",
    Buffer.concat([SOUND.subarray(0, 2), Buffer.from([7]), SOUND.subarray(3)]),
    "damaged",
  ],
  [
    "a name that does not end",
    Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3]), Buffer.alloc(300_000, "n")]),
    "damaged",
  ],
  ["a member", SOUND, undefined],
])("as a sole member: %s", async (_, bytes, kind) => {
  for (const size of [7, 1000, 10_000_000])
    expect((await read(soleMember, inPieces(bytes, size))).fault?.kind).toBe(kind);
});

test("what the source throws comes behind all that came before it", async () => {
  // eslint-disable-next-line @typescript-eslint/require-await -- a source that fails
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield SOUND.subarray(0, SOUND.length - 20);
    throw new Error("connection reset");
  }
  let bytes = 0;
  await expect(async () => {
    for await (const chunk of gunzipped(failing())) bytes += chunk.length;
  }).rejects.toThrow("connection reset");
  expect(bytes).toBeGreaterThan(FILE.length / 2);
});

const content = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  // Longer than a piece, and hard to compress.
  fc.nat(40_000).map((length) => {
    let seed = length + 1;
    return Buffer.from(
      Array.from({ length }, () => (seed = (seed * 48_271) % 2_147_483_647) & 255),
    );
  }),
  fc.nat(300_000).map((length) => Buffer.alloc(length, "[]")),
);
const letters = fc.string({ maxLength: 40 }).map((text) => text.replaceAll("\0", ""));
const fields: fc.Arbitrary<HeaderFields> = fc.record(
  {
    extra: fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
    name: letters,
    comment: letters,
    checksum: fc.boolean(),
  },
  { requiredKeys: [] },
);
const member = fc
  .tuple(content, fields, fc.nat(9))
  .map(([bytes, header, level]) => ({ bytes, packed: gzipMember(bytes, header, level) }));

const places = fc.array(fc.nat(1_000_000), { maxLength: 20 });

test("members, and what lies behind them, are distinguished however they are cut", async () => {
  const tail = fc.oneof(
    fc.constant(Buffer.alloc(0)),
    fc.integer({ min: 1, max: 20_000 }).map(nuls),
    fc
      .tuple(fc.integer({ min: 1, max: 20_000 }), member)
      .map(([count, { packed }]) => Buffer.concat([nuls(count), packed])),
    fc
      .uint8Array({ minLength: 1, maxLength: 30 })
      .filter(([first]) => first !== 0x1f)
      .map((bytes) => Buffer.from(bytes)),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(member, { minLength: 1, maxLength: 4 }),
      tail,
      places,
      async (members, rest, at) => {
        const bytes = Buffer.concat([...members.map(({ packed }) => packed), rest]);
        const all = await read(gunzipped, cutAt(bytes, at));
        const text = Buffer.concat(members.map((one) => one.bytes)).toString("latin1");
        expect(all.content === text).toBe(true);
        expect(all.fault?.kind).toBe(rest.length > 0 ? "behind" : undefined);
        const sole = await read(soleMember, cutAt(bytes, at));
        expect(sole.content === members[0]!.bytes.toString("latin1")).toBe(true);
        const isSole = members.length === 1 && rest.length === 0;
        expect(sole.fault?.kind).toBe(isSole ? undefined : "behind");
      },
    ),
    { numRuns: 100 },
  );
});

test("the same bytes give the same, sound or broken, gzip or text, in whatever chunks", async () => {
  const some = fc.oneof(
    member.map(({ packed }) => packed),
    fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
    fc.constant(SOUND),
    fc.constant(FILE),
    fc.nat(20_000).map(nuls),
    fc.constantFrom("{", '{"Records":[', "]}", "x").map((text) => Buffer.from(text)),
  );
  const damage = fc.option(fc.record({ place: fc.nat(100_000), byte: fc.nat(255) }));
  await fc.assert(
    fc.asyncProperty(
      fc.array(some, { minLength: 1, maxLength: 4 }),
      damage,
      fc.nat(1_000_000),
      fc.boolean(),
      places,
      async (parts, change, end, isCut, at) => {
        const whole = Buffer.concat(parts);
        const bytes = isCut ? whole.subarray(0, end % (whole.length + 1)) : whole;
        if (change && bytes.length > 0) bytes[change.place % bytes.length] = change.byte;
        for (const unzip of [gunzipped, soleMember]) {
          const once = await read(unzip, [bytes]);
          const often = await read(unzip, cutAt(bytes, at));
          expect(often.fault).toEqual(once.fault);
          expect(often.content === once.content).toBe(true);
        }
        expect(await readLog(cutAt(bytes, at))).toEqual(await readLog([bytes]));
      },
    ),
    { numRuns: 150 },
  );
});

/** What Python's own gzip makes of the same bytes: it reads on behind NULs. */
test("content and soundness are as Python's gzip has them", async () => {
  const odd = { extra: Buffer.from("extra"), name: "a name", comment: "c", checksum: true };
  const files: [Buffer, "same" | "more" | "refused"][] = [
    [SOUND, "same"],
    [gzipMember(FILE, odd), "same"],
    [Buffer.concat([SOUND, FORGED]), "same"],
    [Buffer.concat([gzipSync(""), SOUND, gzipSync("")]), "same"],
    [Buffer.concat([SOUND, nuls(3), FORGED]), "more"],
    [Buffer.concat([SOUND, nuls(3)]), "same"],
    [Buffer.concat([SOUND, Buffer.from("x")]), "refused"],
    [SOUND.subarray(0, -1), "refused"],
    [Buffer.concat([SOUND.subarray(0, -8), nuls(8)]), "refused"],
  ];
  const script =
    "import base64, gzip, json, sys\n" +
    "def read(text):\n" +
    "  try: return gzip.decompress(base64.b64decode(text)).decode('latin1')\n" +
    "  except Exception: return None\n" +
    "print(json.dumps([read(text) for text in json.load(sys.stdin)]))";
  const python = spawnSync("python3", ["-c", script], {
    input: JSON.stringify(files.map(([bytes]) => bytes.toString("base64"))),
    encoding: "utf8",
  });
  expect(python.stderr).toBe("");
  const theirs = JSON.parse(python.stdout) as (string | null)[];
  for (const [index, [bytes, expected]] of files.entries()) {
    const ours = await read(gunzipped, [bytes]);
    const their = theirs[index];
    if (expected === "refused") {
      expect(their).toBeNull();
      expect(ours.fault).toBeDefined();
    } else if (expected === "more") {
      expect(their!.startsWith(ours.content) && their!.length > ours.content.length).toBe(true);
      expect(ours.fault?.kind).toBe("behind");
    } else expect(their === ours.content).toBe(true);
  }
});
