import type { FetchedDigest } from "./digest-check";
import { type DigestFileName, parseDigestFileKey } from "../files/log-layout";
import { parseTime } from "../time";
import type { Location } from "./validation-source";

/** A digest file as a listing shows it. */
export interface ListedDigest extends Location {
  /** What its key says of it. */
  readonly name: DigestFileName;
  /** Milliseconds, as its name says. */
  readonly endTime: number;
}

/** When the digest of a key ends, in milliseconds; undefined where the key is not a digest's. */
export function digestEndTime(key: string): number | undefined {
  const name = parseDigestFileKey(key);
  return name && parseTime(name.endTime);
}

/** The digests of a chain that have been listed and not yet been looked at. They are read ahead. */
export class DigestShelf {
  /** From the oldest to the newest. */
  #listed: readonly ListedDigest[] = [];
  readonly #fetched = new Map<string, Promise<FetchedDigest>>();

  /**
   * @param read never rejects
   * @param ahead how many older digests are read while one is looked at
   */
  constructor(
    private readonly read: (location: Location) => Promise<FetchedDigest>,
    private readonly ahead: number,
  ) {}

  /** More digests that were listed. */
  add(digests: readonly ListedDigest[]): void {
    this.#listed = [...this.#listed, ...digests].sort((a, b) => a.endTime - b.endTime);
  }

  /** Takes the newest digest off. */
  takeNewest(): ListedDigest | undefined {
    const newest = this.#listed.at(-1);
    this.#listed = this.#listed.slice(0, -1);
    return newest;
  }

  /**
   * Takes a digest off, whether it was listed or not, and returns all others that are not older
   * than it.
   */
  takeDownTo({ bucket, key }: Location): readonly ListedDigest[] {
    const endTime = digestEndTime(key) ?? Infinity;
    const others = this.#listed.filter((one) => one.bucket !== bucket || one.key !== key);
    this.#listed = others.filter((one) => one.endTime < endTime);
    return others.filter((one) => one.endTime >= endTime);
  }

  /** What a digest holds. Reading the next older ones begins as well. */
  fetch(location: Location): Promise<FetchedDigest> {
    const fetched = this.#start(location);
    for (const older of this.#listed.slice(-this.ahead)) void this.#start(older);
    this.#fetched.delete(`${location.bucket}/${location.key}`);
    return fetched;
  }

  /** What a digest holds now, whatever was read before. */
  fetchAgain(location: Location): Promise<FetchedDigest> {
    return this.read(location);
  }

  #start(location: Location): Promise<FetchedDigest> {
    const name = `${location.bucket}/${location.key}`;
    const fetched = this.#fetched.get(name) ?? this.read(location);
    this.#fetched.set(name, fetched);
    return fetched;
  }
}
