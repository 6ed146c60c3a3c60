import { FOLDERS, type LogFolderName } from "../cloudtrail/files/log-folders";
import {
  dayFolder,
  type LogFolder,
  parseLogFileKey,
  regionFolder,
} from "../cloudtrail/files/log-layout";
import type { ValidationFinding } from "../cloudtrail/digests/validation-findings";
import type { LogBucketReader } from "./log-bucket";
import { toSecond } from "./times";

/** Files of a folder that AWS documents no digest files for, and that none names. */
export interface NotNamed {
  /** The folder of the account that they lie in. */
  readonly folder: LogFolderName;
  /**
   * How many of the period, 1 or more. Nothing proves them, and nothing is wrong with them for
   * that.
   */
  readonly files: number;
}

/** The folders whose files digest files are not documented to name. */
export function isUndocumented(name: LogFolderName): boolean {
  return !FOLDERS[name].namedByDigests;
}

/** Notes the files of such folders that digest files name all the same. */
export class NamedFiles {
  readonly #keys = new Set<string>();

  add({ kind, key }: ValidationFinding): void {
    if (!kind.startsWith("log-") || kind === "log-unvouched") return;
    const folder = parseLogFileKey(key)?.folder;
    if (folder !== undefined && isUndocumented(folder)) this.#keys.add(key);
  }

  has(key: string): boolean {
    return this.#keys.has(key);
  }
}

/**
 * The files of a period in some folders that no digest file names.
 *
 * @param folders those that the account has
 * @throws whatever the bucket throws
 */
export async function filesNotNamed(
  bucket: Pick<LogBucketReader, "name" | "keys">,
  region: LogFolder,
  folders: readonly LogFolderName[],
  since: Date,
  named: NamedFiles,
): Promise<NotNamed[]> {
  const from = toSecond(since);
  const counted = folders.filter(isUndocumented).map(async (folder) => {
    let files = 0;
    const firstDay = dayFolder(region, folder, from);
    for await (const key of bucket.keys(bucket.name, regionFolder(region, folder), firstDay)) {
      const deliveredAt = parseLogFileKey(key)?.deliveredAt ?? from;
      // S3's console makes an empty object for each folder.
      const counts = !key.endsWith("/") && deliveredAt >= from.slice(0, 16) && !named.has(key);
      if (counts) files++;
    }
    return { folder, files };
  });
  return (await Promise.all(counted)).filter(({ files }) => files > 0);
}
