import { z } from "zod";
import type { Path } from "../../envs/schema/problems";

/**
 * Where the schema has texts: paths with `*` for each item, each key of a mapping and its value.
 */
export function schemaTexts(schema: z.core.$ZodType, at = ""): string[] {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  )
    return schemaTexts(schema.unwrap(), at);
  if (schema instanceof z.ZodString) return [at];
  // An element of a policy statement, which iam/ reads.
  if (schema instanceof z.ZodUnknown) return [];
  if (schema instanceof z.ZodArray) return schemaTexts(schema.element, `${at}.*`);
  if (schema instanceof z.ZodRecord) return [`${at}.*`];
  if (schema instanceof z.ZodDiscriminatedUnion)
    return [...new Set(schema.options.flatMap((option) => schemaTexts(option, at)))];
  if (schema instanceof z.ZodObject)
    return Object.entries(schema.shape as z.core.$ZodShape).flatMap(([key, one]) =>
      schemaTexts(one, `${at}.${key}`),
    );
  if (schema instanceof z.ZodEnum || schema instanceof z.ZodBoolean) return [];
  if (schema instanceof z.ZodNumber || schema instanceof z.ZodLiteral) return [];
  throw new Error(`no words for ${schema.constructor.name} at ${at}`);
}

/** A text of a file: where it stands, and as what the schema knows it. */
export interface TextPlace {
  readonly path: Path;
  readonly pattern: string;
}

/** The texts of a value that the schema knows as texts. */
export function textPlaces(
  value: unknown,
  known: ReadonlySet<string>,
  path: Path = [],
): TextPlace[] {
  const pattern = path.map((step) => `.${typeof step === "number" ? "*" : String(step)}`).join("");
  if (typeof value === "string") {
    const names = [pattern, pattern.replace(/\.[^.]+$/, ".*")].filter((one) => known.has(one));
    return names.slice(0, 1).map((one) => ({ path, pattern: one }));
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) =>
    textPlaces(one, known, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

/** A copy of the value with something else at a path. */
export function withAt(value: unknown, [step, ...rest]: Path, by: unknown): unknown {
  if (step === undefined) return by;
  const at = (key: PropertyKey, one: unknown): unknown =>
    key === step ? withAt(one, rest, by) : one;
  if (Array.isArray(value)) return value.map((one: unknown, index) => at(index, one));
  return Object.fromEntries(
    Object.entries(value as object).map(([key, one]) => [key, at(key, one)]),
  );
}
