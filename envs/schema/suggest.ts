import { closest, distance } from "fastest-levenshtein";

/** The candidate that the word was probably meant to be; undefined where none is near. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const longest = Math.max(0, ...candidates.map(({ length }) => length));
  // A word that is much longer is none of them, and comparing takes as long as both together.
  if (candidates.length === 0 || word.length > 2 * longest) return undefined;
  const folded = candidates.map((candidate) => candidate.toLowerCase());
  const best = closest(word.toLowerCase(), folded);
  const slips = distance(word.toLowerCase(), best);
  const near =
    slips <= Math.max(2, best.length / 3) && 2 * slips <= Math.min(word.length, best.length);
  return near ? candidates[folded.indexOf(best)] : undefined;
}
