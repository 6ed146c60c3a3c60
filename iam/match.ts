/**
 * Matching with IAM's wildcards: `*` is any text, `?` any one character.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html#reference_policies_elements_resource_wildcards
 */
import { valueOf, type ContextKeys, type Template, type Variable } from "./variables";

const ANY = Symbol("*");
const ONE = Symbol("?");

type Token = string | typeof ANY | typeof ONE;

/** Literal texts and wildcards in turn. */
export type Glob = readonly Token[];
/** The same, with variables that wait for a request. */
export type GlobTemplate = readonly (Token | Variable)[];

/** The wildcards, literals and variables of a text. */
export function globTemplate(template: Template): GlobTemplate {
  return template.flatMap((part): readonly (Token | Variable)[] => {
    if (part.kind === "variable") return [part];
    if (part.kind === "literal") return [part.text];
    return part.text
      .split(/(\*+|\?)/)
      .filter((piece) => piece !== "")
      .map((piece) => (piece.startsWith("*") ? ANY : piece === "?" ? ONE : piece));
  });
}

/** Whether the pattern is the same for every request. */
export function hasNoVariable(template: GlobTemplate): template is Glob {
  return template.every((token) => typeof token !== "object");
}

/**
 * Whether the text has the start and the end that the pattern has for certain: most values of a
 * long list fail here, before anything is filled in or split.
 */
export function couldMatch(template: GlobTemplate, text: string): boolean {
  const start = template[0];
  const end = template.at(-1);
  return (
    (typeof start !== "string" || text.startsWith(start)) &&
    (typeof end !== "string" || text.endsWith(end))
  );
}

/** The pattern with the request's values; undefined where a variable has none. */
export function fill(template: GlobTemplate, context: ContextKeys): Glob | undefined {
  const tokens = template.map((token) =>
    typeof token === "object" ? valueOf(token, context) : token,
  );
  return tokens.includes(undefined) ? undefined : (tokens as Token[]);
}

/** Whether the pattern has no wildcard, so that plain comparison does. */
export function isLiteral(pattern: Glob): boolean {
  return pattern.every((token) => typeof token === "string");
}

/** Whether the whole text matches. Takes at most length × tokens steps, whatever the pattern. */
export function matchesGlob(pattern: Glob, text: string): boolean {
  let token = 0;
  let position = 0;
  // Where to go back to: the last `*` and the text that it has not yet taken.
  let star = -1;
  let starPosition = 0;
  for (;;) {
    const wanted = pattern[token];
    if (wanted === ANY) {
      // `*?` is `?*`, which needs no going back for the `?`.
      for (token += 1; pattern[token] === ANY || pattern[token] === ONE; token += 1) {
        if (pattern[token] === ANY) continue;
        if (position >= text.length) return false;
        position += characterLength(text, position);
      }
      if (token === pattern.length) return true;
      star = token - 1;
      position = starPosition = nextStart(pattern[token], text, position);
      if (starPosition < 0) return false;
    } else if (wanted === ONE && position < text.length) {
      position += characterLength(text, position);
      token += 1;
    } else if (typeof wanted === "string" && text.startsWith(wanted, position)) {
      position += wanted.length;
      token += 1;
    } else if (wanted === undefined && position === text.length) {
      return true;
    } else {
      if (star < 0 || starPosition >= text.length) return false;
      token = star + 1;
      position = starPosition = nextStart(pattern[token], text, starPosition + 1);
      if (starPosition < 0) return false;
    }
  }
}

function characterLength(text: string, position: number): number {
  return (text.codePointAt(position) as number) > 0xffff ? 2 : 1;
}

/** Where, from a position on, what stands behind a `*` can begin; -1 for nowhere. */
function nextStart(token: Token | undefined, text: string, from: number): number {
  return typeof token === "string" ? text.indexOf(token, from) : from;
}

const ARN_PARTS = 6;

/** The parts of an ARN pattern between its colons; the sixth takes the rest, colons included. */
export function splitArn(pattern: Glob): readonly Glob[] {
  const parts: Token[][] = [[]];
  for (const token of pattern) {
    let rest = token;
    while (typeof rest === "string" && parts.length < ARN_PARTS) {
      const colon = rest.indexOf(":");
      if (colon < 0) break;
      if (colon > 0) parts.at(-1)?.push(rest.slice(0, colon));
      parts.push([]);
      rest = rest.slice(colon + 1);
    }
    if (rest !== "") parts.at(-1)?.push(rest);
  }
  return parts;
}

/** Whether the pattern has the six parts of an ARN. */
export function isArnPattern(parts: readonly Glob[]): boolean {
  return parts.length === ARN_PARTS;
}

/** Matching as the Arn operators do it: each of the six parts by itself. */
export function matchesArn(parts: readonly Glob[], arn: string): boolean {
  if (!isArnPattern(parts)) return false;
  let start = 0;
  for (let index = 0; index < ARN_PARTS; index += 1) {
    const last = index === ARN_PARTS - 1;
    const end = last ? arn.length : arn.indexOf(":", start);
    if (end < 0 || !matchesGlob(parts[index] as Glob, arn.slice(start, end))) return false;
    start = end + 1;
  }
  return true;
}

/** A pattern of a Resource element. */
export interface ResourcePattern {
  /** The pattern as it is written. */
  readonly whole: Glob;
  /** The pattern, split at the first five colons. */
  readonly parts: readonly Glob[];
  /** Whether a `*` ends one of the first five parts: such a one may reach beyond its colon. */
  readonly crossesColons: boolean;
}

/** Prepares a pattern of a Resource element. */
export function resourcePattern(whole: Glob): ResourcePattern {
  const parts = splitArn(whole);
  const beforeResource = isArnPattern(parts) ? parts.slice(0, -1) : parts;
  return { whole, parts, crossesColons: beforeResource.some((part) => part.at(-1) === ANY) };
}

/**
 * Matching as the Resource element does it: wildcards stay within their part, but a `*` at the end
 * of a part may match beyond the colon.
 */
export function matchesResource(pattern: ResourcePattern, resource: string): boolean {
  return (
    couldMatch(pattern.whole, resource) &&
    (matchesArn(pattern.parts, resource) ||
      (pattern.crossesColons && matchesGlob(pattern.whole, resource)))
  );
}
