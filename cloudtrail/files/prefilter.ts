import type { Prefilter } from "./log-reader";

/**
 * Lets through the records whose JSON has each of some values in it, as a key or a string anywhere.
 * A record that has a value with this one as a part is let through, too: the parsed record has the
 * last word. One that writes characters as `\u…`, or slashes as `\/`, is let through unseen.
 *
 * @param values as they are after parsing
 * @returns undefined where no value can be looked for
 */
export function havingAll(values: readonly string[]): Prefilter | undefined {
  const needles = values
    // JSON writes these with an escape, or they come of bytes that are not UTF-8.
    .filter((value) => value !== "" && !/["\\\p{Cc}\p{Cs}\ufffd]/u.test(value))
    .map((value) => Buffer.from(value));
  if (needles.length === 0) return undefined;
  const escapes = ["\\u", ...(values.some((value) => value.includes("/")) ? ["\\/"] : [])];
  const escaped = escapes.map((escape) => Buffer.from(escape));
  return (buffer, start, end) => {
    const record = buffer.subarray(start, end);
    return (
      needles.every((needle) => record.includes(needle)) ||
      escaped.some((escape) => record.includes(escape))
    );
  };
}
