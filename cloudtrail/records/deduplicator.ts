import { createHash } from "node:crypto";
import type { CloudTrailRecord } from "./record";
import { idOf } from "./record-fields";

/** Records remembered where nobody says how many: some 10 to 20 MB. */
const REMEMBERED = 100_000;

/**
 * Tells records that came before: CloudTrail may deliver one more than once. Two records with one
 * ID (`eventID`, or an aggregated record's `eventId`) and different content are both new, so that
 * nobody can hide a record behind a forged one. The owner's and the caller's copy of one event have
 * each their own eventID and are both kept.
 *
 * Memory is bounded: at least the last `remembered` records are known, at most twice as many.
 * A duplicate from longer ago is taken for new. Records without an ID always are.
 */
export class Deduplicator {
  #recent = new Set<string>();
  #older = new Set<string>();

  /** @param remembered how many records are known at least: 100,000, some 10 to 20 MB */
  constructor(private readonly remembered = REMEMBERED) {}

  /**
   * Whether the record is new; from now on it is not.
   *
   * @param text the record's own text; without it, numbers beyond 2^53 that JSON.parse makes equal
   *   are equal
   */
  isNew(record: CloudTrailRecord, text: string | Uint8Array = JSON.stringify(record)): boolean {
    if (typeof idOf(record) !== "string") return true;
    const content = createHash("sha256").update(text).digest("base64");
    if (this.#recent.has(content)) return false;
    const known = this.#older.has(content);
    if (this.#recent.size >= this.remembered) {
      this.#older = this.#recent;
      this.#recent = new Set();
    }
    this.#recent.add(content);
    return !known;
  }
}
