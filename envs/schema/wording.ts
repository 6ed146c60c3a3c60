import { stringify } from "yaml";
import { z } from "zod";
import { textProblem } from "../../cloudtrail/names";
import { nearest } from "./suggest";

/**
 * Schemas of single values that come with words: what a message calls the value, and how it says to
 * fix one. The words stand beside the schemas, not in them: they are not part of JSON Schema.
 */

/** How a message speaks about a value. */
export interface Wording {
  /** "a bucket name" */
  readonly noun: string;
  /** A valid one, as YAML. */
  readonly example: string;
  /** What to write in place of a text that is not valid, or that YAML does not read as text. */
  readonly fix: (found: string) => string | undefined;
}

/** The wording of each schema that has one. */
export const wordings = z.registry<Wording>();

interface Text {
  readonly noun: string;
  readonly example: string;
  /** What is wrong with a value, as the end of a sentence that starts with the noun. */
  readonly problem: (value: string) => string | undefined;
  /** The value that was probably meant; offered where it is valid. */
  readonly repair?: (value: string) => string | undefined;
  /** What to do where a guess would be worse than none. */
  readonly advice?: (value: string) => string | undefined;
  readonly description: string;
  /** The most useful part of the rule as a regular expression, for editors. */
  readonly pattern?: string;
}

/** A text with a rule. */
export function text({
  noun,
  example,
  problem: ownProblem,
  repair,
  advice,
  ...meta
}: Text): z.ZodString {
  const problem = (value: string): string | undefined => ownProblem(value) ?? carryProblem(value);
  const valid = (value: string | undefined): value is string =>
    value !== undefined && problem(value) === undefined;
  return z
    .string()
    .refine(valid, { error: ({ input }) => `${noun} ${problem(String(input))}` })
    .meta(meta)
    .register(wordings, {
      noun,
      example: yaml(example),
      fix: (found) => {
        const meant = [found, repair?.(found)].find(valid);
        if (meant !== undefined) return `write ${yaml(meant)}`;
        const composed = found.normalize("NFC");
        // With its code points, since it looks the same.
        return valid(composed) ? `write ${ascii(composed)}` : advice?.(found);
      },
    });
}

/** CDKTF's own words for its tokens, which it finds wherever they stand. */
const TOKEN_WORDS = /[$#&]\{TfToken\[|^(String|Any) Map Token Value$/;
const NUMBERS = /-[\d.]+e[-+\d]+/g;

/** What keeps any text from getting to AWS as it is. */
export function carryProblem(value: string): string | undefined {
  // It encodes tokens as numbers, too, of this size.
  const numbers = (value.match(NUMBERS) ?? []).map(parseFloat);
  return TOKEN_WORDS.test(value) || numbers.some((one) => one > -8.38e298 && one < -8.1e298)
    ? "may not hold what CDKTF takes for a token of its own"
    : textProblem(value);
}

/** A text in YAML's double quotes, in ASCII alone. */
function ascii(value: string): string {
  return JSON.stringify(value).replace(
    /[^ -~]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A value as YAML, in quotes where YAML would read something else. */
export function yaml(value: string): string {
  return stringify(value, { lineWidth: 0 }).trim();
}

/** A whole number within bounds, both included. */
export function wholeNumber(min: number, max: number, example: number): z.ZodInt {
  return z
    .int()
    .min(min)
    .max(max)
    .register(wordings, {
      noun: `a whole number from ${min} to ${max}`,
      example: String(example),
      fix: (found) => {
        const meant = Number(found);
        const valid =
          found.trim() !== "" && Number.isInteger(meant) && meant >= min && meant <= max;
        return valid ? `write ${meant}` : undefined;
      },
    });
}

/** True or false. */
export const flag = z.boolean().register(wordings, {
  noun: "true or false",
  example: "true",
  fix: (found) => {
    if (/^(true|yes|on|y)$/i.test(found)) return "write true";
    return /^(false|no|off|n)$/i.test(found) ? "write false" : undefined;
  },
});

/** One of some words. */
export function oneOf<const Word extends string>(
  words: readonly [Word, ...Word[]],
): z.ZodEnum<{ [W in Word]: W }> {
  return z.enum(words).register(wordings, {
    noun: `one of ${words.join(", ")}`,
    example: words[0],
    fix: (found) => {
      const meant = nearest(found.toLowerCase(), words) ?? nearest(found.toUpperCase(), words);
      return meant === undefined ? undefined : `did you mean ${meant}?`;
    },
  });
}

/** A pattern's rule as a problem. */
export function must(pattern: RegExp, rule: string): (value: string) => string | undefined {
  return (value) => (pattern.test(value) ? undefined : rule);
}
