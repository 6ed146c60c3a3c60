import type { ReadDigest } from "./digest";
import { parseLogFileKey } from "../files/log-layout";
import { HOUR, parseTime } from "../time";
import type { Location } from "./validation-source";

const MINUTE = 60_000;

/**
 * How long before the end of the newest digest a log file may still have been on its way, where
 * that digest names none that is newer. AWS names no delay: its average for a whole delivery is
 * about 5 minutes.
 */
const ON_ITS_WAY = 15 * MINUTE;

/**
 * How long after a digest the next one of its trail may be waited for. It covers an hour, and AWS
 * names no delay: another hour for that is our reading.
 */
const NEXT_DIGEST = 2 * HOUR;

/** From one minute to another, both included, in milliseconds. */
interface Minutes {
  readonly from: number;
  readonly to: number;
}

/** An hour of which there is a proven digest. */
interface Hour extends Minutes {
  /** The newest minute that it names a log file of. */
  readonly newestNamed: number;
}

/** What proven digests vouch for, and of which minutes they know every log file. */
export class VouchedFiles {
  readonly #named = new Set<string>();
  readonly #hours: Hour[] = [];
  readonly #hoursOfOthers = new Map<string, Hour[]>();
  readonly #unknown: Minutes[] = [];

  /** Takes the log files of a proven digest, of whichever trail. */
  add({ logFiles }: ReadDigest): void {
    for (const { s3Bucket, s3Object } of logFiles) this.#named.add(`${s3Bucket}/${s3Object}`);
  }

  /** Takes the hour of a proven digest of the trail that is validated. */
  cover(digest: ReadDigest): void {
    this.#hours.push(hourOf(digest));
  }

  /**
   * Takes the hour of a proven digest of another trail into the same folder. Its hours begin at
   * times of their own: what it delivered since is named by its next digest, if it has one.
   */
  coverByOther(trail: string, digest: ReadDigest): void {
    const hours = this.#hoursOfOthers.get(trail) ?? [];
    hours.push(hourOf(digest));
    this.#hoursOfOthers.set(trail, hours);
  }

  /**
   * Takes that a digest of the hour that ends then could name more: it is missing, or can't be
   * read.
   */
  notKnown(endTime: number): void {
    this.#unknown.push({ from: endTime - HOUR - MINUTE, to: endTime });
  }

  /** Whether a digest names a file. */
  vouchFor({ bucket, key }: Location): boolean {
    return this.#named.has(`${bucket}/${key}`);
  }

  /**
   * The minutes of which a digest would name every log file that was delivered: those of hours one
   * behind the other that have a proven digest, but for the last ones, whose log files may come
   * with the next digest, of this trail or of another.
   */
  known(): (minute: number) => boolean {
    const known = spansOf(this.#hours).map((span) => ({ from: span.from, to: lastKnown(span) }));
    const awaited = [...this.#hoursOfOthers.values()].flatMap((hours) =>
      spansOf(hours).map((span) => ({ from: lastKnown(span) + 1, to: span.to + NEXT_DIGEST })),
    );
    const unknown = [...this.#unknown, ...awaited];
    const isIn = (minute: number, { from, to }: Minutes): boolean => from <= minute && minute <= to;
    return (minute) =>
      known.some((span) => isIn(minute, span)) && !unknown.some((span) => isIn(minute, span));
  }

  /**
   * The beginning of the oldest hour that is covered, in milliseconds; undefined where there is
   * none.
   */
  get oldest(): number | undefined {
    return this.#hours.length === 0
      ? undefined
      : this.#hours.reduce((oldest, { from }) => Math.min(oldest, from), Infinity);
  }
}

function hourOf({ digestStartTime, digestEndTime, logFiles }: ReadDigest): Hour {
  const newestNamed = logFiles.reduce(
    (newest, { s3Object }) => Math.max(newest, minuteOf(s3Object) ?? newest),
    -Infinity,
  );
  return { from: parseTime(digestStartTime)!, to: parseTime(digestEndTime)!, newestNamed };
}

/** Hours one behind the other as one. */
function spansOf(hours: readonly Hour[]): Hour[] {
  const spans: Hour[] = [];
  for (const hour of [...hours].sort((one, other) => one.from - other.from)) {
    const last = spans.at(-1);
    if (last === undefined || hour.from > last.to + MINUTE) spans.push(hour);
    else
      spans[spans.length - 1] = {
        from: last.from,
        to: Math.max(last.to, hour.to),
        newestNamed: Math.max(last.newestNamed, hour.newestNamed),
      };
  }
  return spans;
}

/**
 * The last minute of which digests name every log file. Of the minute of the newest one that they
 * name, others may have come when its digest was written.
 */
function lastKnown({ to, newestNamed }: Hour): number {
  return Math.max(to - ON_ITS_WAY - MINUTE, Math.min(newestNamed - MINUTE, to));
}

/**
 * When a file of management or data events was delivered, in milliseconds; undefined where the key
 * is none of such a file. What a digest names of other folders says nothing of theirs.
 */
export function minuteOf(key: string): number | undefined {
  const file = parseLogFileKey(key);
  return file?.folder === "CloudTrail" ? parseTime(file.deliveredAt) : undefined;
}
