import { createGunzip, type Gunzip } from "node:zlib";

/** Why gzip's bytes could not all be read. */
export interface GzipFault {
  /** Whether bytes are missing at the end, and those before are sound. */
  readonly truncated: boolean;
  /** zlib's words. */
  readonly detail: string;
}

/** Compressed bytes taken at once; gzip makes 1,000 of one at most, CloudTrail's some 15. */
const PIECE = 16 * 1024;

/**
 * The bytes of a file, decompressed where gzip's first two bytes say that they are compressed. All that comes
 * before a fault is delivered; of a damaged file zlib keeps back up to 64 KB before the damage.
 *
 * @returns what is wrong with the compression, if anything
 * @throws whatever the source throws
 */
export async function* gunzipped(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, GzipFault | undefined> {
  const chunks = source[Symbol.asyncIterator]();
  try {
    // The two bytes may come in two chunks.
    let head: Uint8Array = new Uint8Array();
    while (head.length < 2) {
      const next = await chunks.next();
      if (next.done) break;
      head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
    }
    const rest = { [Symbol.asyncIterator]: () => ({ next: () => chunks.next() }) };
    if (head[0] === 0x1f && head[1] === 0x8b) return yield* inflated(head, rest);
    if (head.length > 0) yield head;
    yield* rest;
    return undefined;
  } finally {
    await chunks.return?.();
  }
}

/** Not by pipe(): a stream that fails throws away what it has decompressed. */
async function* inflated(
  head: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, GzipFault | undefined> {
  const gunzip = createGunzip({ chunkSize: 64 * 1024 });
  let ready: Uint8Array[] = [];
  gunzip.on("data", (chunk: Uint8Array) => ready.push(chunk));
  const failed = new Promise<NodeJS.ErrnoException>((resolve) => gunzip.once("error", resolve));
  const take = (): Uint8Array[] => ready.splice(0);
  try {
    for (const piece of pieces(head)) {
      const fault = await Promise.race([failed, written(gunzip, piece)]);
      yield* take();
      if (fault) return describe(fault);
    }
    for await (const chunk of rest) {
      for (const piece of pieces(chunk)) {
        const fault = await Promise.race([failed, written(gunzip, piece)]);
        yield* take();
        if (fault) return describe(fault);
      }
    }
    const ended = new Promise<undefined>((resolve) => gunzip.once("end", () => resolve(undefined)));
    gunzip.end();
    const fault = await Promise.race([failed, ended]);
    yield* take();
    return fault && describe(fault);
  } finally {
    ready = [];
    gunzip.destroy();
  }
}

function* pieces(chunk: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < chunk.length; at += PIECE) yield chunk.subarray(at, at + PIECE);
}

function written(gunzip: Gunzip, piece: Uint8Array): Promise<undefined> {
  return new Promise((resolve) => {
    gunzip.write(piece, (error) => {
      // A failure comes as an event, too.
      if (!error) resolve(undefined);
    });
  });
}

function describe({ code, message }: NodeJS.ErrnoException): GzipFault {
  return { truncated: code === "Z_BUF_ERROR", detail: message };
}
