import { gunzipped } from "./gunzip";
import type { CloudTrailRecord } from "../records/record";
import { type Position, type ProblemKind, RecordSplitter } from "./record-splitter";

/**
 * Reads log files as streams: gzipped (also of several members) or plain, of any size, whole or
 * broken. Memory is bounded by the longest record, not by the file.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html
 */

/** Something that is wrong with a log file. The records around it are delivered all the same. */
export interface LogProblem {
  /** What is wrong, for programs. */
  readonly kind: ProblemKind;
  /** What was found, in words. */
  readonly what: string;
  /**
   * The file, as it was named to {@link readRecords}.
   * @default - it was given no name
   */
  readonly file?: string;
  /** Bytes before it, in the uncompressed file. */
  readonly offset: number;
  /**
   * The record's place in the file, from 0; behind another broken record a count of what could be
   * distinguished.
   * @default - it is about the file, not a record
   */
  readonly index?: number;
  /** What to do about it. */
  readonly how: string;
}

/** Records and problems of one piece of a file; each kind in the file's order. */
export interface RecordBatch {
  /** The records. */
  readonly records: readonly CloudTrailRecord[];
  /**
   * The bytes of each record, as they are in the file: parsed, large numbers and doubled keys
   * change.
   */
  readonly bytes: readonly Buffer[];
  /** What is wrong there. */
  readonly problems: readonly LogProblem[];
}

/** Says of a record's JSON, before it is parsed, whether it may be wanted. */
export type Prefilter = (buffer: Buffer, start: number, end: number) => boolean;

/** How to read a log file. */
export interface ReadOptions {
  /**
   * The file's name, for problems.
   * @default - problems name no file
   */
  readonly file?: string;
  /**
   * Records for which this is false are not parsed, which is faster, and not delivered. A fault in
   * such a record is not reported where it leaves the brackets whole.
   * @default - every record is parsed
   */
  readonly prefilter?: Prefilter;
}

const HOW: Readonly<Record<ProblemKind, string>> = {
  empty: "Fetch the file again; CloudTrail delivers none without records.",
  truncated: "Fetch the file again; if it stays so, validate it by its digest.",
  "damaged-gzip": "Fetch the file again; if it stays so, validate it by its digest.",
  "bad-record": "Validate the file by its digest: CloudTrail writes no such record.",
  "not-a-log-file": 'Pass log files alone; one is {"Records":[…]}, plain or gzipped.',
  "no-records": "Pass log files alone; digest files have no Records.",
};

/**
 * The records of a log file, a few hundred at a time. Bad content is reported in
 * {@link RecordBatch.problems}; records behind it are found by their look. Commas between records
 * are not checked.
 *
 * @param source the file's bytes, in pieces of any size; several files one behind the other will do
 * @throws whatever the source throws, and nothing else
 */
export async function* readRecords(
  source: AsyncIterable<Uint8Array>,
  { file, prefilter }: ReadOptions = {},
): AsyncGenerator<RecordBatch, void> {
  let records: CloudTrailRecord[] = [];
  let recordBytes: Buffer[] = [];
  let problems: LogProblem[] = [];
  const problem = (kind: ProblemKind, { offset, index }: Position, detail: string): void => {
    problems.push({
      kind,
      what: described(kind, detail),
      ...(file === undefined ? {} : { file }),
      offset,
      ...(index === undefined ? {} : { index }),
      how: HOW[kind],
    });
  };
  const splitter = new RecordSplitter({
    record(buffer, start, end, searching) {
      const wanted = prefilter === undefined || prefilter(buffer, start, end);
      if (!wanted && !searching) return true;
      const record = parsedRecord(buffer, start, end, searching);
      if (record && wanted) {
        records.push(record);
        recordBytes.push(Buffer.from(buffer.subarray(start, end)));
      }
      return record !== undefined;
    },
    problem,
  });
  function* batch(): Generator<RecordBatch, void> {
    if (records.length + problems.length > 0) yield { records, bytes: recordBytes, problems };
    records = [];
    recordBytes = [];
    problems = [];
  }

  let bytes = 0;
  const chunks = gunzipped(source);
  let next = await chunks.next();
  try {
    for (; !next.done; next = await chunks.next()) {
      bytes += next.value.length;
      splitter.push(next.value);
      yield* batch();
    }
  } finally {
    if (!next.done) await chunks.return(undefined);
  }
  splitter.end();
  const fault = next.value;
  if (fault) {
    // That the content has no end is the same problem.
    problems = problems.filter(({ kind }) => kind !== "truncated" && kind !== "empty");
    const kind = fault.kind === "truncated" ? "truncated" : "damaged-gzip";
    problem(kind, { offset: bytes }, fault.detail);
  }
  yield* batch();
}

function described(kind: ProblemKind, detail: string): string {
  switch (kind) {
    case "empty":
      return "The file is empty.";
    case "truncated":
      return `The file ends too early: ${detail}.`;
    case "damaged-gzip":
      return `The file's compression is damaged: ${detail}.`;
    case "bad-record":
      return `A record cannot be read: ${detail}.`;
    case "not-a-log-file":
      return `Something is not part of a log file: ${detail}.`;
    case "no-records":
      return `The file has no records: ${detail}.`;
  }
}

/** A field that every record has one of. */
const RECORD_FIELDS = ["eventVersion", "eventID", "eventName"] as const;

/**
 * An object with a field that every record has; undefined for anything else. In a record's place
 * its type does not matter; where one is searched for, it is a text.
 */
function parsedRecord(
  buffer: Buffer,
  start: number,
  end: number,
  searching: boolean,
): CloudTrailRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(buffer.toString("utf8", start, end));
  } catch {
    return undefined;
  }
  const record = value as CloudTrailRecord;
  const isRecord = RECORD_FIELDS.some((field) =>
    searching ? typeof record[field] === "string" : Object.hasOwn(record, field),
  );
  return isRecord ? record : undefined;
}
