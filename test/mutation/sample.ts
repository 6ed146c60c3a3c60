/**
 * Some of them, drawn by a seed: the same ones for the same seed, in the order in which they stood.
 */
export function sample<T>(all: readonly T[], size: number, seed: number): readonly T[] {
  if (all.length <= size) return all;
  const random = numbers(seed);
  const drawn = all.map((one, index) => ({ one, index, key: random() }));
  return drawn
    .sort((a, b) => a.key - b.key)
    .slice(0, size)
    .sort((a, b) => a.index - b.index)
    .map(({ one }) => one);
}

/** Numbers from 0 to 1 that look random: mulberry32. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
