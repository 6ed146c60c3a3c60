import { z } from "zod";
import type { Path } from "./problems";

/** The value at a path; undefined where there is none. */
export function valueAt(path: Path, root: unknown): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, step)
        ? (value as Record<PropertyKey, unknown>)[step]
        : undefined,
    root,
  );
}

/** The schema that speaks about a path, without its optional and default wrappers. */
export function schemaAt(schema: z.core.$ZodType, path: Path, root: unknown): z.core.$ZodType {
  return path.reduce<z.core.$ZodType>(
    (holder, step, index) => bare(child(holder, step, valueAt(path.slice(0, index), root))),
    bare(schema),
  );
}

function bare(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
    ? bare(schema.unwrap())
    : schema;
}

/** One step down; a step that the schema does not know leads nowhere. */
function child(schema: z.core.$ZodType, step: PropertyKey, value: unknown): z.core.$ZodType {
  const holder = schema instanceof z.ZodDiscriminatedUnion ? branch(schema, value) : schema;
  if (holder instanceof z.ZodObject) {
    return (holder.shape as z.core.$ZodShape)[String(step)] ?? z.unknown();
  }
  if (holder instanceof z.ZodArray) return holder.element;
  return holder instanceof z.ZodRecord ? holder.valueType : z.unknown();
}

/** The option of a union that the value's discriminator picks. */
function branch(union: z.ZodDiscriminatedUnion, value: unknown): z.core.$ZodType {
  const key = union.def.discriminator;
  const picked = union.options.find(
    (option) =>
      option instanceof z.ZodObject &&
      z.safeParse((option.shape as z.core.$ZodShape)[key] ?? z.never(), valueAt([key], value))
        .success,
  );
  return picked ?? z.unknown();
}

/** The keys that a mapping may have, or must have. */
export function keysOf(schema: z.core.$ZodType, which: "allowed" | "required"): string[] {
  if (schema instanceof z.ZodDiscriminatedUnion) return [schema.def.discriminator];
  if (!(schema instanceof z.ZodObject)) return [];
  const shape = schema.shape as z.core.$ZodShape;
  return Object.keys(shape).filter(
    (key) => which === "allowed" || !z.safeParse(shape[key] ?? z.unknown(), undefined).success,
  );
}
