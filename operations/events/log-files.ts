import { AtOnce } from "../../cloudtrail/at-once";
import { accountFolder, logFileKey, parseLogFileKey } from "../../cloudtrail/files/log-layout";
import { formatTime } from "../../cloudtrail/time";
import type { LogBucketReader } from "../../verify/log-bucket";

/** Which log files are wanted. */
export interface LogFileQuery {
  /**
   * The part of each key before `AWSLogs/`.
   * @default - none
   */
  readonly prefix?: string;
  /** Account IDs. */
  readonly accounts: readonly string[];
  /** @default - all that have files */
  readonly regions?: readonly string[];
  /** Milliseconds since 1970; the files' delivery. */
  readonly from: number;
  /** Milliseconds since 1970, itself included. */
  readonly to: number;
  /**
   * Whether a file is wanted, by its key.
   * @default - each is
   */
  readonly isWanted?: (key: string) => boolean;
}

/** Requests for lists at once. */
const LISTS_AT_ONCE = 16;

/**
 * The keys of log files by the minute of their delivery, as their names say it; of one minute, by key.
 * A list is fetched for each account and region, a page at a time, as the files are asked for.
 *
 * @param notListed told of a folder that could not be listed, or not to its end; the others are listed all the same
 */
export async function* logFileKeys(
  bucket: Pick<LogBucketReader, "name" | "folders" | "keys">,
  { prefix, accounts, regions, from, to, isWanted = () => true }: LogFileQuery,
  notListed: (folder: string, error: unknown) => void,
): AsyncGenerator<string, void> {
  const lists = new AtOnce(LISTS_AT_ONCE);
  const folders = await Promise.all(
    accounts.map(async (accountId) => {
      const folder = `${accountFolder(accountId, prefix)}CloudTrail/`;
      const found =
        regions ??
        (await lists
          .run(() => bucket.folders(folder))
          .catch((error: unknown) => {
            notListed(folder, error);
            return [];
          }));
      return found.map((region) => ({ accountId, region, folder: `${folder}${region}/` }));
    }),
  );
  const sources = folders.flat().map(async function* ({ accountId, region, folder }) {
    // Sorts before every file of the minute.
    const deliveredAt = formatTime(from);
    const first = logFileKey({ prefix, accountId, region, deliveredAt, uniqueString: "" });
    const last = formatTime(to).slice(0, 16);
    try {
      for await (const key of bucket.keys(bucket.name, folder, first)) {
        const file = parseLogFileKey(key);
        // Whatever else lies there is no log file of CloudTrail's.
        if (file === undefined) continue;
        if (file.deliveredAt.slice(0, 16) > last) {
          // Keys are in the order of their times, but for what lies in the folder of another day.
          if (logFileKey(file) === key) return;
          continue;
        }
        if (isWanted(key)) yield { key, deliveredAt: file.deliveredAt };
      }
    } catch (error) {
      notListed(folder, error);
    }
  });
  const heads = await Promise.all(
    sources.map(async (source) => ({ source, next: await lists.run(() => source.next()) })),
  );
  for (;;) {
    let first: { readonly index: number; readonly order: string; readonly key: string } | undefined;
    heads.forEach(({ next }, index) => {
      if (next.done) return;
      const { key, deliveredAt } = next.value;
      const order = `${deliveredAt} ${key}`;
      if (first === undefined || order < first.order) first = { index, order, key };
    });
    if (first === undefined) return;
    yield first.key;
    const head = heads[first.index]!;
    head.next = await head.source.next();
  }
}
