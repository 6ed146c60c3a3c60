import { crc32, createInflateRaw, type InflateRaw } from "node:zlib";
import { Pieces } from "./pieces";

/** Why the bytes of gzip could not all be read. */
export interface GzipFault {
  /**
   * - `truncated`: bytes are missing at the end, and those before are sound;
   * - `damaged`: the compression is broken;
   * - `behind`: all that was read is whole, and something else lies behind it.
   */
  readonly kind: "truncated" | "damaged" | "behind";
  /** What was found, in words; of damage, zlib's. */
  readonly detail: string;
}

/** Content, piece by piece, and then what is wrong with its compression, if anything. */
export type Gunzipped = AsyncGenerator<Uint8Array, GzipFault | undefined>;

/**
 * The bytes of a file, decompressed where gzip's first two bytes say that they are compressed: all
 * members that follow one right behind the other. What comes before a fault is delivered; of a
 * damaged member, up to 64 KB before the damage are not. The same bytes give the same, in whatever
 * chunks they come.
 *
 * Not by Node's Gunzip: it takes a NUL behind a member for padding, ends there without a word, and
 * calls back no more.
 *
 * @throws whatever the source throws
 * @see https://www.rfc-editor.org/rfc/rfc1952
 */
export async function* gunzipped(source: AsyncIterable<Uint8Array>): Gunzipped {
  const pieces = new Pieces(source);
  try {
    if (!(await beginsMember(pieces))) {
      for (let rest = await pieces.rest(); rest.length > 0; rest = await pieces.rest()) {
        pieces.skip(rest.length);
        yield rest;
      }
      return undefined;
    }
    do {
      const fault = yield* member(pieces);
      if (fault) return fault;
    } while (await beginsMember(pieces));
    return await behind(pieces);
  } finally {
    await pieces.close();
  }
}

/**
 * The content of a file that should be one gzip member, as CloudTrail writes it. All that lies
 * behind it is a fault, another member too.
 *
 * @throws whatever the source throws
 */
export async function* soleMember(source: AsyncIterable<Uint8Array>): Gunzipped {
  const pieces = new Pieces(source);
  try {
    return (yield* member(pieces)) ?? (await behind(pieces));
  } finally {
    await pieces.close();
  }
}

async function beginsMember(pieces: Pieces): Promise<boolean> {
  const [first, second] = await pieces.peekTwo();
  return first === 0x1f && second === 0x8b;
}

/** Whatever is left, as a fault. */
async function behind(pieces: Pieces): Promise<GzipFault | undefined> {
  const isMember = await beginsMember(pieces);
  let count = 0;
  let nulls = 0;
  for (let rest = await pieces.rest(); rest.length > 0; rest = await pieces.rest()) {
    if (nulls === count) nulls += leadingNulls(rest);
    count += rest.length;
    pieces.skip(rest.length);
  }
  if (count === 0) return undefined;
  const bytes = count === 1 ? "1 byte lies" : `${count} bytes lie`;
  const what =
    nulls === 0
      ? isMember
        ? "another gzip member"
        : "no gzip member"
      : nulls === count
        ? `NUL${count === 1 ? "" : "s"}`
        : `${nulls} NUL${nulls === 1 ? "" : "s"} and something else`;
  return { kind: "behind", detail: `${bytes} behind the end of its gzip member: ${what}` };
}

function leadingNulls(bytes: Uint8Array): number {
  const other = bytes.findIndex((byte) => byte !== 0);
  return other === -1 ? bytes.length : other;
}

const CUT: GzipFault = { kind: "truncated", detail: "unexpected end of file" };

function damaged(detail: string): GzipFault {
  return { kind: "damaged", detail };
}

/** One member, checked by its own checksum and length. */
async function* member(pieces: Pieces): Gunzipped {
  const inHeader = await passHeader(pieces);
  if (inHeader) return inHeader;
  let checksum = 0;
  let length = 0;
  const content = deflated(pieces);
  for (let next = await content.next(); ; next = await content.next()) {
    if (next.done) {
      if (next.value) return next.value;
      break;
    }
    checksum = crc32(next.value, checksum);
    // Its length is counted modulo 2^32.
    length = (length + next.value.length) >>> 0;
    yield next.value;
  }
  const trailer = await pieces.take(8);
  if (trailer === undefined) return CUT;
  if (trailer.readUInt32LE(0) !== checksum) return damaged("incorrect data check");
  if (trailer.readUInt32LE(4) !== length) return damaged("incorrect length check");
  return undefined;
}

const FLAG = { headerChecksum: 2, extra: 4, name: 8, comment: 16, reserved: 0xe0 } as const;

/** Bytes of a member's header, far more than any program writes; the format knows no limit. */
const LONGEST_HEADER = 256 * 1024;

async function passHeader(pieces: Pieces): Promise<GzipFault | undefined> {
  let checksum = 0;
  let length = 0;
  const take = async (count: number): Promise<Buffer | undefined> => {
    const bytes = await pieces.take(count);
    if (bytes) checksum = crc32(bytes, checksum);
    length += count;
    return bytes;
  };
  const fixed = await take(10);
  // What is not gzip at all is said so, though it may be short.
  const [first, second] = fixed ?? (await pieces.peekTwo());
  if ((first ?? 0x1f) !== 0x1f || (second ?? 0x8b) !== 0x8b)
    return damaged("incorrect header check");
  if (fixed === undefined) return CUT;
  const flags = fixed[3]!;
  if (fixed[2] !== 8) return damaged("unknown compression method");
  if (flags & FLAG.reserved) return damaged("unknown header flags set");
  if (flags & FLAG.extra) {
    const size = await take(2);
    if (size === undefined || (await take(size.readUInt16LE(0))) === undefined) return CUT;
  }
  for (const flag of [FLAG.name, FLAG.comment]) {
    let isOver = (flags & flag) === 0;
    while (!isOver) {
      if (length > LONGEST_HEADER) return damaged(`header longer than ${LONGEST_HEADER} bytes`);
      const rest = await pieces.rest();
      if (rest.length === 0) return CUT;
      const end = rest.indexOf(0);
      isOver = end !== -1;
      await take(isOver ? end + 1 : rest.length);
    }
  }
  if (!(flags & FLAG.headerChecksum)) return undefined;
  const expected = checksum & 0xffff;
  const written = await take(2);
  if (written === undefined) return CUT;
  return written.readUInt16LE(0) === expected ? undefined : damaged("header crc mismatch");
}

/**
 * The content of a member, up to its trailer. Not by pipe(): a stream that fails throws away what
 * it has decompressed.
 */
async function* deflated(pieces: Pieces): Gunzipped {
  const inflate = createInflateRaw({ chunkSize: 64 * 1024 });
  const ready: Uint8Array[] = [];
  inflate.on("data", (chunk: Uint8Array) => ready.push(chunk));
  // Where the content ends within a piece, the stream ends and calls back no more.
  const over = new Promise<"end" | NodeJS.ErrnoException>((resolve) =>
    inflate.once("end", () => resolve("end")).once("error", resolve),
  );
  try {
    for (;;) {
      const piece = await pieces.rest();
      const before = inflate.bytesWritten;
      if (piece.length === 0) inflate.end();
      const how = await (piece.length === 0 ? over : Promise.race([over, written(inflate, piece)]));
      pieces.skip(inflate.bytesWritten - before);
      yield* ready.splice(0);
      if (how === "end") return undefined;
      if (how !== "written") return how.code === "Z_BUF_ERROR" ? CUT : damaged(how.message);
    }
  } finally {
    inflate.destroy();
  }
}

function written(inflate: InflateRaw, piece: Uint8Array): Promise<"written"> {
  return new Promise((resolve) => {
    inflate.write(piece, (error) => {
      // A failure comes as an event, too.
      if (!error) resolve("written");
    });
  });
}
