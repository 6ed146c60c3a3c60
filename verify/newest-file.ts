import type { LogBucketReader } from "./log-bucket";

/** The part of {@link LogBucketReader} that lists. */
type Listing = Pick<LogBucketReader, "name" | "folders" | "keys">;

/** A key, and the time that it names. */
export interface TimedKey {
  readonly key: string;
  readonly time: Date;
}

/** How far a file's time may lie ahead of the clock that it is held to. */
const CLOCK_TOLERANCE_MS = 15 * 60 * 1000;

/**
 * The newest file below a folder that has a folder for each year, month and day. It goes by the
 * time in the key, never by a key's place in a listing: unique strings have no order, and what
 * somebody else put there has none either. So keys that are not exactly CloudTrail's, or name a
 * time to come, are passed over.
 *
 * @param timeOf the time that a key names, ISO 8601; undefined where the key is not CloudTrail's
 */
export async function newestFile(
  listing: Listing,
  folder: string,
  timeOf: (key: string) => string | undefined,
  now: Date,
): Promise<TimedKey | undefined> {
  return search(folder, [/^\d{4}$/, /^\d{2}$/, /^\d{2}$/]);

  async function search(
    path: string,
    [form, ...below]: readonly RegExp[],
  ): Promise<TimedKey | undefined> {
    if (form === undefined) return newestOf(listing.keys(listing.name, path));
    const folders = (await listing.folders(path)).filter((name) => form.test(name));
    for (const name of folders.sort().reverse()) {
      const found = await search(`${path}${name}/`, below);
      if (found) return found;
    }
    return undefined;
  }

  async function newestOf(keys: AsyncIterable<string>): Promise<TimedKey | undefined> {
    let newest: TimedKey | undefined;
    for await (const key of keys) {
      const text = timeOf(key);
      if (text === undefined) continue;
      const time = new Date(text);
      if (time.getTime() > now.getTime() + CLOCK_TOLERANCE_MS) continue;
      if (newest === undefined || time >= newest.time) newest = { key, time };
    }
    return newest;
  }
}
