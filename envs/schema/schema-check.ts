import { z } from "zod";
import { type EntryProblem, MAX_PROBLEMS, type Path, printable } from "./problems";
import { environmentFile, type EnvironmentFile, type EnvironmentInput } from "./schema";
import type { Source } from "./source";
import { keysOf, schemaAt, valueAt } from "./schema-at";
import { nearest } from "./suggest";
import { wordings } from "./wording";

/** A value of which every part may be missing. */
export type Sound<T> = T extends readonly (infer E)[]
  ? readonly (Sound<E> | undefined)[]
  : T extends object
    ? { readonly [K in keyof T]?: Sound<T[K]> }
    : T;

/** What the schema says about a file. */
export interface SchemaResult {
  /** The whole file with its defaults, where the schema accepts it. */
  readonly file?: EnvironmentFile;
  /**
   * What is left of the file without the entries that the schema refuses: what rules can look at.
   */
  readonly sound: Sound<EnvironmentInput>;
  /** No more than {@link MAX_PROBLEMS} and one, since who corrects them needs no more at a time. */
  readonly findings: readonly EntryProblem[];
}

/** Holds a file against the schema, entry by entry. */
export function checkAgainstSchema(source: Source): SchemaResult {
  const result = environmentFile.safeParse(source.value);
  if (result.success) {
    return { file: result.data, sound: source.value as Sound<EnvironmentInput>, findings: [] };
  }
  const { issues } = result.error;
  const findings: EntryProblem[] = [];
  for (const issue of issues) {
    findings.push(...findingsOf(issue, source));
    if (findings.length > MAX_PROBLEMS) break;
  }
  return { sound: soundPart(issues, source), findings };
}

type Issue = z.core.$ZodIssue;

/** The file without what its issues spoil, and with the text of what YAML took for a number. */
function soundPart(issues: readonly Issue[], source: Source): Sound<EnvironmentInput> {
  const spoilt: Spoilt = { steps: new Map() };
  for (const { code, path } of issues) {
    // An unknown key spoils nothing else.
    if (code === "unrecognized_keys") continue;
    let at = spoilt;
    for (const step of path) {
      const below = at.steps.get(step) ?? { steps: new Map<PropertyKey, Spoilt>() };
      at.steps.set(step, below);
      at = below;
    }
    at.by = { value: misreadText(path, source) };
  }
  return withoutSpoilt(source.value, spoilt) ?? {};
}

/** What issues spoil, as a tree of the steps of their paths. */
interface Spoilt {
  readonly steps: Map<PropertyKey, Spoilt>;
  /** What stands there instead. */
  by?: { readonly value: unknown };
}

/** A copy of the value, in one go, with something else where issues are. */
function withoutSpoilt(value: unknown, { steps, by }: Spoilt): unknown {
  if (by !== undefined) return by.value;
  if (steps.size === 0 || typeof value !== "object" || value === null) return value;
  const below = (key: PropertyKey, one: unknown): unknown => {
    const spoilt = steps.get(key);
    return spoilt === undefined ? one : withoutSpoilt(one, spoilt);
  };
  return Array.isArray(value)
    ? value.map((one: unknown, index) => below(index, one))
    : Object.fromEntries(Object.entries(value).map(([key, one]) => [key, below(key, one)]));
}

/** What stands in the file where YAML read a number and the schema would accept the text. */
function misreadText(path: Path, source: Source): string | undefined {
  const schema = schemaAt(environmentFile, path, source.value);
  const text = source.text(path);
  const misread = schema instanceof z.ZodString && isScalar(valueAt(path, source.value));
  return misread && schema.safeParse(text).success ? text : undefined;
}

function findingsOf(issue: Issue, source: Source): EntryProblem[] {
  const { path } = issue;
  switch (issue.code) {
    case "unrecognized_keys": {
      const known = keysOf(schemaAt(environmentFile, path, source.value), "allowed");
      return issue.keys.slice(0, MAX_PROBLEMS + 1).map((key) => ({
        path: [...path, key],
        at: "key",
        found: "an unknown key",
        allowed: known.join(", "),
        fix: didYouMean(key, known) ?? "remove it",
      }));
    }
    case "invalid_key": {
      const allowed = issue.issues[0]?.message ?? issue.message;
      return [
        {
          path,
          at: "key",
          found: `the key ${printable(JSON.stringify(path.at(-1)))}`,
          allowed,
          fix: "rename it",
        },
      ];
    }
    case "invalid_union": {
      const found = source.text(path);
      const options = ("options" in issue ? (issue.options ?? []) : []).map(String);
      const fix = didYouMean(found, options) ?? `add ${String(path.at(-1))}: ${options[0]}`;
      return [{ path, found, allowed: options.join(", "), fix }];
    }
    case "too_small":
      // Numbers that are too small have their own words.
      return issue.origin === "array"
        ? [{ path, found: "an empty list", allowed: "at least one item", fix: "add an item" }]
        : [valueFinding(issue, source)];
    default:
      return [valueFinding(issue, source)];
  }
}

function didYouMean(word: string, candidates: readonly string[]): string | undefined {
  const meant = nearest(word, candidates);
  return meant === undefined ? undefined : `did you mean ${meant}?`;
}

/** A value that is missing, of another type, or against its rule. */
function valueFinding({ path, code, message }: Issue, source: Source): EntryProblem {
  const schema = schemaAt(environmentFile, path, source.value);
  const value = valueAt(path, source.value);
  const found = source.text(path);
  const missing = value === undefined || value === null;
  const wording = wordings.get(schema as z.ZodType);
  if (wording === undefined) return { path, found, ...containerWords(schema, path, missing) };

  const { noun, example } = wording;
  if (missing) {
    const fix = `write ${keyed(path, example)}`;
    return { path, found, allowed: `${noun}, such as ${example}`, fix };
  }
  const misread = schema instanceof z.ZodString && isScalar(value);
  return {
    path,
    found: misread ? `${found}, which YAML reads as a ${typeof value}` : found,
    allowed: code === "custom" ? message : `${noun}${misread ? ", in quotes" : ""}`,
    fix:
      wording.fix(typeof value === "string" ? value : found) ??
      `write something like ${keyed(path, example)}`,
  };
}

/** `account: "123456789012"`, or the value alone for an item of a list. */
function keyed(path: Path, example: string): string {
  const key = path.at(-1);
  return typeof key === "string" ? `${key}: ${example}` : example;
}

function isScalar(value: unknown): boolean {
  return typeof value === "number" || typeof value === "boolean";
}

/** A mapping or a list that is missing, or is something else. */
function containerWords(
  schema: z.core.$ZodType,
  path: Path,
  missing: boolean,
): Pick<EntryProblem, "allowed" | "fix"> {
  const keys = keysOf(schema, "required");
  const list = schema instanceof z.ZodArray;
  const mapping = keys.length === 0 ? "a mapping" : `a mapping with ${keys.join(", ")}`;
  const form = list ? "each item on a line that starts with -" : "its keys below it, indented";
  const orRemove = missing && keys.length === 0 ? ", or remove it" : "";
  return {
    allowed: list ? "a list" : mapping,
    fix: path.length === 0 ? "start from a copy of an example" : `write ${form}${orRemove}`,
  };
}
