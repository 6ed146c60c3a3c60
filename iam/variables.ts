/**
 * Policy variables: `${aws:SourceAccount}` in a Resource or a condition value.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
import { PolicyError } from "./policy-error";

/**
 * A piece of text as it stands in the policy: `*` and `?` in it are wildcards where those are
 * allowed.
 */
interface Written {
  readonly kind: "written";
  readonly text: string;
}
/** A piece of text that is never a wildcard: from `${*}`, `${?}`, `${$}` or a variable's value. */
interface Literal {
  readonly kind: "literal";
  readonly text: string;
}
/** A variable, to be replaced by the value of a condition key. */
export interface Variable {
  /** Which piece of a text it is. */
  readonly kind: "variable";
  /** The condition key in lower case. */
  readonly key: string;
  /** The text as written, for messages. */
  readonly source: string;
  /** What stands for a key that the request lacks. */
  readonly fallback: string | undefined;
}

/** A text without variables. */
export type Resolved = readonly (Written | Literal)[];
/** A text with variables. */
export type Template = readonly (Written | Literal | Variable)[];

/** The condition keys of a request, by lower-case name. */
export type ContextKeys = ReadonlyMap<string, string | readonly string[]>;

const SPECIAL = new Set(["*", "?", "$"]);
const KEY = /^[\w-]+:[^,'${}]+$/;
const KEY_WITH_DEFAULT = /^([\w-]+:[^,'${}]+), '([^']*)'$/;

/** The text as it is in a policy of Version 2008-10-17, which has no variables. */
export function plain(text: string): Resolved {
  return [{ kind: "written", text }];
}

/**
 * Reads the variables of a text.
 *
 * @returns the template, or what is wrong with the text
 */
export function parseTemplate(text: string): Template | { readonly problem: string } {
  const parts: (Written | Literal | Variable)[] = [];
  let rest = text;
  for (let start = rest.indexOf("${"); start >= 0; start = rest.indexOf("${")) {
    const end = rest.indexOf("}", start);
    if (end < 0) return { problem: `${JSON.stringify(text)} has a "\${" without its "}"` };
    if (start > 0) parts.push({ kind: "written", text: rest.slice(0, start) });
    const source = rest.slice(start, end + 1);
    const inner = source.slice(2, -1);
    const withDefault = KEY_WITH_DEFAULT.exec(inner);
    if (SPECIAL.has(inner)) parts.push({ kind: "literal", text: inner });
    else if (KEY.test(inner))
      parts.push({ kind: "variable", key: inner.toLowerCase(), source, fallback: undefined });
    else if (withDefault)
      parts.push({
        kind: "variable",
        key: (withDefault[1] as string).toLowerCase(),
        source,
        fallback: withDefault[2] as string,
      });
    else
      return {
        problem: `${source} is not a policy variable; write \${service:key}, \${service:key, 'default'}, \${*}, \${?} or \${$}`,
      };
    rest = rest.slice(end + 1);
  }
  if (rest !== "" || parts.length === 0) parts.push({ kind: "written", text: rest });
  return parts;
}

/** Whether the template holds no variable, so that it is the same for every request. */
export function isResolved(template: Template): template is Resolved {
  return template.every((part) => part.kind !== "variable");
}

/**
 * The value that stands for a variable. It is never a wildcard: a value that holds a `*` must not
 * widen the policy.
 *
 * @returns undefined where the variable has no value: a text with such a variable matches nothing
 * @throws PolicyError where the variable names a multivalued key, which AWS does not allow
 */
export function valueOf(variable: Variable, context: ContextKeys): string | undefined {
  const value = context.get(variable.key) ?? variable.fallback;
  if (value === undefined || typeof value === "string") return value;
  throw new PolicyError([
    {
      path: "",
      message: `${variable.source} stands for a multivalued condition key; only single-valued keys can be policy variables`,
    },
  ]);
}

/** The text with the request's values, for comparisons that know no wildcards. */
export function resolveText(template: Template, context: ContextKeys): string | undefined {
  const texts = template.map((part) =>
    part.kind === "variable" ? valueOf(part, context) : part.text,
  );
  return texts.includes(undefined) ? undefined : texts.join("");
}

/** A text without variables, for comparisons that know no wildcards. */
export function textOf(resolved: Resolved): string {
  return resolved.map(({ text }) => text).join("");
}
