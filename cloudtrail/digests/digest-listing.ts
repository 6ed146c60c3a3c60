import { digestEndTime, type ListedDigest } from "./digest-shelf";
import { dayFolder, type LogFolder, parseDigestFileKey, regionFolder } from "../files/log-layout";
import { formatTime } from "../time";
import type { ValidationSource } from "./validation-source";

const DIGESTS = "CloudTrail-Digest";

/** What a listing of a folder of digests shows. */
export interface ListedFolder {
  /** Those that end within the time, of all trails of the account. */
  readonly digests: readonly ListedDigest[];
  /** Keys of what is not a digest by its name. */
  readonly strangers: readonly string[];
}

/**
 * The digests in a folder that end within a time, which is in milliseconds and includes both ends.
 */
export async function listDigests(
  folder: LogFolder,
  bucket: string,
  from: number,
  to: number,
  source: ValidationSource,
): Promise<ListedFolder> {
  const digests: ListedDigest[] = [];
  const strangers: string[] = [];
  const firstDay = dayFolder(folder, DIGESTS, formatTime(from));
  const lastDay = dayFolder(folder, DIGESTS, formatTime(to));
  for await (const key of source.listKeys(bucket, regionFolder(folder, DIGESTS), firstDay)) {
    const name = parseDigestFileKey(key);
    const endTime = digestEndTime(key);
    if (name === undefined || endTime === undefined) {
      // S3's console makes an empty object for each folder.
      if (!key.endsWith("/")) strangers.push(key);
      continue;
    }
    // Within a day keys are in the order of their trails, and within a trail of their times.
    if (endTime > to && dayFolder(folder, DIGESTS, name.endTime) > lastDay) break;
    if (from <= endTime && endTime <= to) digests.push({ bucket, key, name, endTime });
  }
  return { digests, strangers };
}
