import { S3ServiceException } from "@aws-sdk/client-s3";
import { AtOnce } from "../../cloudtrail/at-once";
import {
  isKnownFolder,
  isLogFolder,
  LOG_FOLDERS,
  type LogFolderName,
} from "../../cloudtrail/files/log-folders";
import {
  accountFolder,
  type LogFolder,
  logFileKey,
  parseLogFileKey,
  regionFolder,
} from "../../cloudtrail/files/log-layout";
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

/** Who learns of what is not read. */
export interface ListingListener {
  /** A folder could not be listed, or not to its end; the others are listed all the same. */
  notListed(folder: string, error: unknown): void;
  /**
   * Something below an account's folder is left out.
   *
   * @param key of a folder it ends with a slash
   */
  leftOut(key: string, reason: string): void;
}

/** The part of {@link LogBucketReader} that lists. */
type Listing = Pick<LogBucketReader, "name" | "folders" | "keys">;

/** Requests for lists at once. */
const LISTS_AT_ONCE = 16;

/** The log files of one region in one of an account's folders. */
interface Source extends LogFolder {
  readonly name: LogFolderName;
}

/**
 * The keys of log files of all kinds by the minute of their delivery, as their names say it; of one
 * minute, by key. A list is fetched for each account, folder and region, a page at a time, as the
 * files are asked for.
 */
export async function* logFileKeys(
  bucket: Listing,
  { prefix, accounts, regions, from, to, isWanted = () => true }: LogFileQuery,
  listener: ListingListener,
): AsyncGenerator<string, void> {
  const lists = new AtOnce(LISTS_AT_ONCE);
  const folders = new AccountFolders(bucket, lists, listener);
  const sources = await Promise.all(
    accounts.map(async (accountId): Promise<Source[]> => {
      const names = await folders.of(accountFolder(accountId, prefix));
      const found = names.map(async (name) => {
        const folder = `${accountFolder(accountId, prefix)}${name}/`;
        const ofFolder = regions ?? (await folders.regions(folder));
        return ofFolder.map((region) => ({ accountId, prefix, region, name }));
      });
      return (await Promise.all(found)).flat();
    }),
  );
  const listings = sources.flat().map((source) => keysOf(bucket, source, from, to, listener));
  const heads = await Promise.all(
    listings.map(async (listing) => ({ listing, next: await lists.run(() => listing.next()) })),
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
    if (isWanted(first.key)) yield first.key;
    const head = heads[first.index]!;
    head.next = await head.listing.next();
  }
}

/** The folders below accounts' folders. */
class AccountFolders {
  constructor(
    private readonly bucket: Listing,
    private readonly lists: AtOnce,
    private readonly listener: ListingListener,
  ) {}

  /** The folders of log files that an account has. */
  async of(account: string): Promise<readonly LogFolderName[]> {
    try {
      const names = await this.lists.run(() => this.bucket.folders(account));
      for (const name of names)
        if (!isKnownFolder(name))
          this.listener.leftOut(`${account}${name}/`, "this version knows no such folder");
      return names.filter(isLogFolder);
    } catch (error) {
      // Who may list each of them need not be let list what they lie in.
      if (error instanceof S3ServiceException && error.name === "AccessDenied") {
        this.listener.leftOut(account, "its other folders were not seen, as it may not be listed");
        return LOG_FOLDERS;
      }
      this.listener.notListed(account, error);
      return [];
    }
  }

  /** The regions that a folder has files of. */
  async regions(folder: string): Promise<readonly string[]> {
    try {
      return await this.lists.run(() => this.bucket.folders(folder));
    } catch (error) {
      this.listener.notListed(folder, error);
      return [];
    }
  }
}

async function* keysOf(
  bucket: Listing,
  source: Source,
  from: number,
  to: number,
  listener: ListingListener,
): AsyncGenerator<{ readonly key: string; readonly deliveredAt: string }, void> {
  const folder = regionFolder(source, source.name);
  const deliveredAt = formatTime(from);
  // Sorts before every file of the minute.
  const first = logFileKey({ ...source, folder: source.name, deliveredAt, uniqueString: "" });
  const last = formatTime(to).slice(0, 16);
  try {
    for await (const key of bucket.keys(bucket.name, folder, first)) {
      const file = parseLogFileKey(key);
      if (file === undefined) {
        // S3's console makes an empty object for each folder.
        if (!key.endsWith("/")) listener.leftOut(key, "CloudTrail gives no file such a name");
        continue;
      }
      if (file.deliveredAt.slice(0, 16) > last) {
        // Keys are in the order of their times, but for what lies in the folder of another day.
        if (logFileKey(file) === key) return;
        continue;
      }
      yield { key, deliveredAt: file.deliveredAt };
    }
  } catch (error) {
    listener.notListed(folder, error);
  }
}
