import { closest, distance } from "fastest-levenshtein";

/** The candidate that the word was probably meant to be; undefined where none is near. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const folded = candidates.map((candidate) => candidate.toLowerCase());
  const best = closest(word.toLowerCase(), folded);
  const slips = distance(word.toLowerCase(), best);
  return slips <= Math.max(1, Math.floor(best.length / 3))
    ? candidates[folded.indexOf(best)]
    : undefined;
}
