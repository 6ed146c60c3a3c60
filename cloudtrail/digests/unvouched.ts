import {
  dayFolder,
  logFileKey,
  type LogFolder,
  parseLogFileKey,
  regionFolder,
} from "../files/log-layout";
import { formatTime, HOUR } from "../time";
import type { Fault, FaultKind } from "./validation-findings";
import type { ValidationSource } from "./validation-source";
import { minuteOf, type VouchedFiles } from "./vouched-files";

const NOT_NAMED =
  "No valid digest names it, though one would name all that CloudTrail delivered in that minute. So CloudTrail did not " +
  "deliver it; or it came late, and a digest is still to name it; or a trail without log file validation delivered it.";

const NO_LOG_FILE =
  "CloudTrail puts no file of that name there, and no digest names it: somebody else did.";

/**
 * What lies in a folder of log files and is named by no digest, where one would name it. In the
 * order of their keys, from the first day that is covered on.
 *
 * @param from milliseconds: what was delivered before is not looked at, nor what was a day or more
 *   after `to`
 * @throws whatever the source throws
 */
export async function* unvouchedFiles(
  folder: LogFolder,
  bucket: string,
  vouched: VouchedFiles,
  from: number,
  to: number,
  source: ValidationSource,
): AsyncGenerator<Fault, void> {
  const { oldest } = vouched;
  if (oldest === undefined) return;
  const isKnown = vouched.known();
  const firstDay = dayFolder(folder, "CloudTrail", formatTime(oldest));
  for await (const key of source.listKeys(bucket, regionFolder(folder, "CloudTrail"), firstDay)) {
    // S3's console makes an empty object for each folder.
    if (key.endsWith("/") || vouched.vouchFor({ bucket, key })) continue;
    const file = parseLogFileKey(key);
    const minute = minuteOf(key);
    if (file === undefined || minute === undefined || logFileKey({ ...file, ...folder }) !== key) {
      yield unvouched("log-unvouched", bucket, key, NO_LOG_FILE);
      continue;
    }
    if (minute > to + 24 * HOUR) return;
    if (minute >= from && isKnown(minute)) yield unvouched("log-unvouched", bucket, key, NOT_NAMED);
  }
}

/** A fault of the meaning `unvouched`. */
export function unvouched(
  kind: Extract<FaultKind, `${string}-unvouched`>,
  bucket: string,
  key: string,
  message: string,
): Fault {
  return { kind, bucket, key, backfill: false, message };
}
