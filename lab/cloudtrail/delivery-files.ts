/**
 * Records as CloudTrail writes them to files.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html
 */
import { randomBytes } from "node:crypto";
import type { CloudTrailRecord } from "../../cloudtrail/records/record";

/** A log file before compression. */
export interface LogFileContent {
  /** `{"Records":[…]}` */
  readonly text: string;
  /** How many records are in it. */
  readonly count: number;
  /** As the records write it. */
  readonly oldestEventTime: string;
  readonly newestEventTime: string;
}

/**
 * The first file of records to be delivered: as many as fit, at least one.
 *
 * @param records at least one; each with its time
 * @param maxBytes of the uncompressed file; AWS's 50 MB by default
 */
export function firstLogFile(
  records: readonly CloudTrailRecord[],
  maxBytes = MAX_BYTES,
): LogFileContent {
  const texts: string[] = [];
  let bytes = HEAD.length + TAIL.length;
  for (const record of records) {
    const text = JSON.stringify(record);
    bytes += Buffer.byteLength(text) + 1;
    if (texts.length > 0 && bytes > maxBytes) break;
    texts.push(text);
  }
  const times = records
    .slice(0, texts.length)
    .map(({ eventTime }) => eventTime!)
    .sort();
  return {
    text: HEAD + texts.join(",") + TAIL,
    count: texts.length,
    oldestEventTime: times[0]!,
    newestEventTime: times.at(-1)!,
  };
}

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html */
const MAX_BYTES = 50_000_000;

const HEAD = '{"Records":[';
const TAIL = "]}";

/** The 16 letters and digits by which a log file's key differs from those of the same minute. */
export function uniqueString(): string {
  return [...randomBytes(16)].map((byte) => LETTERS[byte % LETTERS.length]).join("");
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
