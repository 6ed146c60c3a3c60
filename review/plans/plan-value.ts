/**
 * A value of a plan with what Terraform says of it. In a plan's JSON the values stand in one tree,
 * and two others of the same shape say which of them are not known yet and which are sensitive.
 *
 * @see https://developer.hashicorp.com/terraform/internals/json-format#change-representation
 */
import { isObject } from "../../iam/json";
import { lookAtJson } from "../../iam/json-limits";
import { isPolicy, normalText } from "../../iam/policy-normal-form";

/** A scalar of JSON. */
export type Scalar = string | number | boolean | null;

/**
 * A merged value: unknown and sensitive parts are values of their own, and a sensitive one holds
 * nothing.
 */
export type PlanValue =
  | { readonly kind: "known"; readonly value: Scalar }
  | { readonly kind: "list"; readonly items: readonly PlanValue[] }
  | { readonly kind: "object"; readonly entries: ReadonlyMap<string, PlanValue> }
  | { readonly kind: "unknown" }
  | { readonly kind: "sensitive" };

/** What stands for a value that is only known once the plan is applied. */
export const UNKNOWN: PlanValue = { kind: "unknown" };
const SENSITIVE: PlanValue = { kind: "sensitive" };

/** What stands for nothing at all: an attribute that is not there. */
export const ABSENT: PlanValue = { kind: "known", value: null };

/** Whether a text holds a value that is sensitive elsewhere. */
export type IsSecret = (text: string) => boolean;

/**
 * The texts that are marked in a tree. Terraform marks a value where the configuration says so, and
 * not where a provider copies it to: `tags` with a secret is marked, and `tags_all` is not.
 */
export function sensitiveTexts(value: unknown, sensitive: unknown): string[] {
  if (sensitive === undefined || sensitive === null || sensitive === false) return [];
  if (typeof value === "string") return sensitive === true && value !== "" ? [value] : [];
  const steps = Array.isArray(value)
    ? [...value.keys()]
    : isObject(value)
      ? Object.keys(value)
      : [];
  return steps.flatMap((step) =>
    sensitiveTexts(part(value, step), sensitive === true || part(sensitive, step)),
  );
}

/**
 * From this length on a secret is looked for within longer texts too; a shorter one would be in too
 * many.
 */
const TELLING = 6;

/** Finds texts that hold one of these secrets. */
export function secretFinder(secrets: readonly string[]): IsSecret {
  const whole = new Set(secrets);
  const parts = [...whole].filter(({ length }) => length >= TELLING);
  return (text) => whole.has(text) || parts.some((secret) => text.includes(secret));
}

/**
 * One tree of the three.
 *
 * @param unknown true, or a tree with true where a value is not known
 * @param sensitive true, or a tree with true where a value is sensitive
 * @param isSecret finds what is sensitive elsewhere and is not marked here
 */
export function mergeValue(
  value: unknown,
  unknown: unknown,
  sensitive: unknown,
  isSecret: IsSecret = () => false,
): PlanValue {
  // Sensitive first: that a secret is not known yet is of no use to anybody.
  if (sensitive === true) return SENSITIVE;
  if (unknown === true) return UNKNOWN;
  const inside = (step: string | number): PlanValue =>
    mergeValue(part(value, step), part(unknown, step), part(sensitive, step), isSecret);
  if (Array.isArray(value) || Array.isArray(unknown)) {
    const [values, unknowns] = [value, unknown].map((one) => (Array.isArray(one) ? one.length : 0));
    const length = Math.max(values!, unknowns!);
    return { kind: "list", items: Array.from({ length }, (_, index) => inside(index)) };
  }
  if (isObject(value) || isObject(unknown)) {
    // What is not known stands in the tree of unknowns alone.
    const names = [value, unknown].flatMap((one) => (isObject(one) ? Object.keys(one) : []));
    const entries = [...new Set(names)].sort().map((name) => [name, inside(name)] as const);
    return { kind: "object", entries: new Map(entries) };
  }
  if (typeof value === "string" && isSecret(value)) return SENSITIVE;
  return { kind: "known", value: (value ?? null) as Scalar };
}

function part(tree: unknown, step: string | number): unknown {
  if (Array.isArray(tree)) return typeof step === "number" ? (tree as unknown[])[step] : undefined;
  return isObject(tree) && Object.hasOwn(tree, step) ? tree[step] : undefined;
}

/** The value at a path of names and indexes; {@link ABSENT} where there is none. */
export function at(value: PlanValue | undefined, ...path: (string | number)[]): PlanValue {
  let here = value ?? ABSENT;
  for (const step of path) {
    if (here.kind === "unknown" || here.kind === "sensitive") return here;
    if (here.kind === "list") here = here.items[step as number] ?? ABSENT;
    else if (here.kind === "object") here = here.entries.get(String(step)) ?? ABSENT;
    else return ABSENT;
  }
  return here;
}

/** The items of a list; none where it is anything else. */
export function items(value: PlanValue): readonly PlanValue[] {
  return value.kind === "list" ? value.items : [];
}

/** The scalar; undefined where the value is none, is not known or is sensitive. */
export function scalar(value: PlanValue): Scalar | undefined {
  return value.kind === "known" ? value.value : undefined;
}

/** The text; undefined where the value is none. */
export function textOf(value: PlanValue): string | undefined {
  const found = scalar(value);
  return typeof found === "string" ? found : undefined;
}

/** The number; undefined where the value is none. */
export function numberOf(value: PlanValue): number | undefined {
  const found = scalar(value);
  return typeof found === "number" ? found : undefined;
}

/** Characters of one value that a review holds: policies' own changes are reported elsewhere. */
const LONGEST = 400;

/** The value as text. Of a policy only its size: what changes in it is reported by its meaning. */
export function describeValue(value: PlanValue): string {
  const text = textual(value, (policy) => `(policy of ${Buffer.byteLength(policy)} bytes)`);
  return text.length <= LONGEST
    ? text
    : `${text.slice(0, LONGEST)}… (${text.length - LONGEST} more characters)`;
}

function textual(value: PlanValue, ofPolicy: (text: string) => string): string {
  switch (value.kind) {
    case "unknown":
      return "(known after apply)";
    case "sensitive":
      return "(sensitive)";
    case "known":
      return typeof value.value === "string"
        ? isPolicy(parsedJson(value.value))
          ? ofPolicy(value.value)
          : JSON.stringify(value.value)
        : String(value.value);
    case "list":
      return `[${value.items.map((one) => textual(one, ofPolicy)).join(", ")}]`;
    case "object":
      return `{${[...value.entries].map(([name, one]) => `${name}: ${textual(one, ofPolicy)}`).join(", ")}}`;
  }
}

/**
 * The same for values that mean the same: policies in their normal form, the order of their parts
 * being no change.
 */
function meaning(value: PlanValue): string {
  return textual(value, (text) => normalText(parsedJson(text)));
}

/** Levels of objects and lists in one another; more than any JSON in a plan has. */
const MAX_DEPTH = 64;

/** Characters; AWS's largest policies have 32 KB. */
const MAX_LENGTH = 64 * 1024;

/** The text as JSON; undefined where it is none, or too deep or too long for what compares it. */
export function parsedJson(text: string): unknown {
  if (!text.startsWith("{") || text.length > MAX_LENGTH) return undefined;
  if (lookAtJson(text, MAX_DEPTH).tooDeep !== undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** One attribute that differs. */
export interface AttributeChange {
  /** `rule[0].expiration[0].days` */
  readonly path: string;
  /** The value as text. */
  readonly before: string;
  /** As `before`, once the plan is applied. */
  readonly after: string;
}

/** What the provider takes for one and the same: nothing, an empty text, list or object. */
export function isEmpty(value: PlanValue): boolean {
  switch (value.kind) {
    case "known":
      return value.value === null || value.value === "";
    case "list":
      return value.items.length === 0;
    case "object":
      return value.entries.size === 0;
    default:
      return false;
  }
}

/** Where two values differ, down to the scalars, by path. */
export function differences(before: PlanValue, after: PlanValue, path = ""): AttributeChange[] {
  if (before.kind === "list" && after.kind === "list") {
    const length = Math.max(before.items.length, after.items.length);
    return Array.from({ length }, (_, index) =>
      differences(before.items[index] ?? ABSENT, after.items[index] ?? ABSENT, `${path}[${index}]`),
    ).flat();
  }
  if (before.kind === "object" && after.kind === "object") {
    const names = [...new Set([...before.entries.keys(), ...after.entries.keys()])].sort();
    return names.flatMap((name) =>
      differences(at(before, name), at(after, name), path === "" ? name : `${path}.${name}`),
    );
  }
  if (isEmpty(before) && isEmpty(after)) return [];
  // Of two sensitive values nothing is kept, not even whether they differ.
  if (meaning(before) === meaning(after)) return [];
  return [{ path, before: describeValue(before), after: describeValue(after) }];
}
