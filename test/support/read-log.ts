import { type LogProblem, type ReadOptions, readRecords } from "../../cloudtrail/files/log-reader";
import type { CloudTrailRecord } from "../../cloudtrail/records/record";

/** All that is in a log file. */
export interface LogContent {
  readonly records: CloudTrailRecord[];
  readonly problems: LogProblem[];
}

/** Reads a file's bytes, given in pieces. */
export async function readLog(
  pieces: Iterable<Uint8Array>,
  options: ReadOptions = {},
): Promise<LogContent> {
  const content: LogContent = { records: [], problems: [] };
  for await (const { records, problems } of readRecords(source(pieces), options)) {
    content.records.push(...records);
    content.problems.push(...problems);
  }
  return content;
}

/** Bytes in pieces of one size. */
export function* inPieces(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Bytes cut at some of the places, in order; places beyond them count from the front again. */
export function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort(
    (a, b) => a - b,
  );
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

/** Bytes as a stream has them. */
export async function* source(pieces: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield await Promise.resolve(piece);
}
