import type { CloudTrailRecord } from "./record";

/** Records remembered where nobody says how many: some 10 to 20 MB. */
const REMEMBERED = 100_000;

/**
 * Tells records that came before, by their eventID: CloudTrail may deliver one more than once. The
 * owner's and the caller's copy of one event have each their own eventID and are both kept.
 *
 * Memory is bounded: at least the last `remembered` records are known, at most twice as many.
 * A duplicate from longer ago is taken for new. Records without an eventID always are.
 */
export class Deduplicator {
  #recent = new Set<string>();
  #older = new Set<string>();

  /** @param remembered how many records are known at least: 100,000, some 10 to 20 MB */
  constructor(private readonly remembered = REMEMBERED) {}

  /** Whether the record is new; from now on it is not. */
  isNew({ eventID }: CloudTrailRecord): boolean {
    if (typeof eventID !== "string") return true;
    if (this.#recent.has(eventID)) return false;
    const known = this.#older.has(eventID);
    if (this.#recent.size >= this.remembered) {
      this.#older = this.#recent;
      this.#recent = new Set();
    }
    this.#recent.add(eventID);
    return !known;
  }
}
