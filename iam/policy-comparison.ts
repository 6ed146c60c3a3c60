/**
 * Two versions of a policy document, compared by what they mean.
 *
 * What a statement's change does is judged by its elements alone: whether it covers more or fewer
 * requests. Who really gains or loses a right also depends on the other statements;
 * policy-rights.ts says that.
 */
import { globTemplate, matchesGlob, type Glob } from "./match";
import { type NormalElement, normalPolicy, type NormalStatement } from "./policy-normal-form";
import { plain } from "./variables";

/**
 * What became of a statement. `weakened`: more is allowed or less is denied. `tightened`: the
 * reverse. `changed`: some of both, or it can't be distinguished from the statement alone.
 * `renamed`: it has another Sid and means the same.
 */
export type StatementVerdict =
  "added" | "removed" | "weakened" | "tightened" | "changed" | "renamed";

/** What became of one element or one condition of a statement. */
export interface ElementChange {
  /** `Action`, `Condition StringEquals aws:SourceArn` */
  readonly element: string;
  /** Values that only the new version has. */
  readonly added: readonly string[];
  /** Values that only the old version has. */
  readonly removed: readonly string[];
}

/** One statement that differs. */
export interface StatementChange {
  /** What became of it. */
  readonly verdict: StatementVerdict;
  /**
   * Of an added or removed statement as well: `weakened` where it opens, `tightened` where it
   * closes.
   */
  readonly effect: "weakened" | "tightened" | "changed" | "none";
  /** `Allow` or `Deny`. */
  readonly kind: string;
  /**
   * The statement's Sid.
   * @default - it has none
   */
  readonly sid?: string;
  /** The Sid before. @default - the same */
  readonly previousSid?: string;
  /** Of an added or removed statement all that it says. */
  readonly elements: readonly ElementChange[];
}

/** Two documents, compared. */
export interface PolicyComparison {
  /**
   * The documents' versions where they differ: it decides whether `${…}` is a variable.
   * @default - they are the same
   */
  readonly version?: {
    /** `2012-10-17` or `2008-10-17`. */
    readonly before: string;
    /** Of the new document, as above. */
    readonly after: string;
  };
  /** Sorted; empty where both mean the same. */
  readonly statements: readonly StatementChange[];
}

/**
 * Compares two documents. Statements belong together by their content, then by their Sid, then by
 * having all but one element in common.
 *
 * @param before undefined for no document
 * @param after undefined for no document
 */
export function comparePolicies(before: unknown, after: unknown): PolicyComparison {
  const [old, now] = [normalPolicy(before), normalPolicy(after)];
  const pairs = pair(old.statements, now.statements);
  const statements = pairs
    .flatMap(([one, other]) => compareStatements(one, other))
    .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  const differs = before !== undefined && after !== undefined && old.version !== now.version;
  return {
    ...(differs ? { version: { before: old.version, after: now.version } } : {}),
    statements,
  };
}

function sortKey({ sid = "", verdict, elements }: StatementChange): string {
  return JSON.stringify([sid, verdict, elements]);
}

type Pair = readonly [NormalStatement | undefined, NormalStatement | undefined];

function pair(old: readonly NormalStatement[], now: readonly NormalStatement[]): Pair[] {
  const left = new Set(old);
  const right = new Set(now);
  const pairs: Pair[] = [];
  const rules: ((a: NormalStatement, b: NormalStatement) => boolean)[] = [
    (a, b) => a.content === b.content && a.sid === b.sid,
    (a, b) => a.content === b.content,
    (a, b) => a.sid !== undefined && a.sid === b.sid && a.effect === b.effect,
    alike,
  ];
  for (const belong of rules) {
    for (const one of left) {
      const other = [...right].find((candidate) => belong(one, candidate));
      if (other === undefined) continue;
      left.delete(one);
      right.delete(other);
      pairs.push([one, other]);
    }
  }
  return [
    ...pairs,
    ...[...left].map((one): Pair => [one, undefined]),
    ...[...right].map((other): Pair => [undefined, other]),
  ];
}

/** Whether all but one element are the same. */
function alike(a: NormalStatement, b: NormalStatement): boolean {
  if (a.effect !== b.effect) return false;
  const keys = new Set([...a.elements.keys(), ...b.elements.keys()]);
  const different = [...keys].filter(
    (key) => valuesText(a.elements.get(key)) !== valuesText(b.elements.get(key)),
  );
  return different.length === 1 && keys.size > 1;
}

function valuesText(element: NormalElement | undefined): string {
  return JSON.stringify([...(element?.values.keys() ?? [])]);
}

function compareStatements(
  old: NormalStatement | undefined,
  now: NormalStatement | undefined,
): StatementChange[] {
  const here = now ?? old;
  if (here === undefined) return [];
  const { effect: kind, sid } = here;
  const keys = [
    ...new Set([...(old?.elements.keys() ?? []), ...(now?.elements.keys() ?? [])]),
  ].sort();
  const elements = keys.flatMap((key) =>
    compareElements(old?.elements.get(key), now?.elements.get(key)),
  );
  const common = { kind, ...(sid === undefined ? {} : { sid }), elements };
  if (old === undefined)
    return [{ verdict: "added", effect: kind === "Deny" ? "tightened" : "weakened", ...common }];
  if (now === undefined)
    return [{ verdict: "removed", effect: kind === "Deny" ? "weakened" : "tightened", ...common }];
  if (elements.length === 0) {
    if (old.sid === now.sid) return [];
    return [
      {
        verdict: "renamed",
        effect: "none",
        ...common,
        ...(old.sid === undefined ? {} : { previousSid: old.sid }),
      },
    ];
  }
  const reach = keys
    .map((key) => compareReach(key, old.elements.get(key), now.elements.get(key)))
    .reduce((sum, one) => ({ more: sum.more || one.more, fewer: sum.fewer || one.fewer }));
  const verdict =
    reach.more === reach.fewer
      ? "changed"
      : reach.more === (kind === "Allow")
        ? "weakened"
        : "tightened";
  return [
    {
      // Written in another way, and neither more nor less is covered.
      verdict,
      effect: reach.more || reach.fewer ? verdict : "none",
      ...common,
      ...(old.sid === undefined || old.sid === now.sid ? {} : { previousSid: old.sid }),
    },
  ];
}

function compareElements(
  old: NormalElement | undefined,
  now: NormalElement | undefined,
): ElementChange[] {
  const only = (one: NormalElement | undefined, other: NormalElement | undefined): string[] =>
    [...(one?.values ?? [])].filter(([key]) => !other?.values.has(key)).map(([, text]) => text);
  const [removed, added] = [only(old, now), only(now, old)];
  const element = (now ?? old)?.name ?? "";
  return removed.length + added.length === 0 ? [] : [{ element, added, removed }];
}

/**
 * Whether a statement covers requests that it did not cover, and whether it no longer covers some.
 */
interface Reach {
  readonly more: boolean;
  readonly fewer: boolean;
}

const UNCLEAR: Reach = { more: true, fewer: true };

function compareReach(
  key: string,
  old: NormalElement | undefined,
  now: NormalElement | undefined,
): Reach {
  const before = [...(old?.values.keys() ?? [])];
  const after = [...(now?.values.keys() ?? [])];
  const coverOf = key.startsWith("condition ") ? conditionCover(key) : elementCover;
  const [byBefore, byAfter] = [coverOf(before), coverOf(after)];
  const grown = after.some((value) => !byBefore(value));
  const shrunk = before.some((value) => !byAfter(value));
  if (!grown && !shrunk) return { more: false, fewer: false };
  if (key.startsWith("condition ")) {
    // Each condition more is one more thing that a request has to meet.
    if (old === undefined) return { more: false, fewer: true };
    if (now === undefined) return { more: true, fewer: false };
    const operator = operatorOf(key);
    if (!/^(string|arn)/.test(operator) && operator !== "ipaddress" && operator !== "notipaddress")
      return UNCLEAR;
    return /not/.test(operator) ? { more: shrunk, fewer: grown } : { more: grown, fewer: shrunk };
  }
  // One of a pair such as Action and NotAction in place of the other.
  if (old === undefined || now === undefined) return UNCLEAR;
  return key.startsWith("not") ? { more: shrunk, fewer: grown } : { more: grown, fewer: shrunk };
}

/** Whether each text that the value stands for is one that certain patterns stand for. */
type Cover = (value: string) => boolean;

function elementCover(patterns: readonly string[]): Cover {
  const same = new Set(patterns);
  const wild = patterns
    // Not with a `?`, which would take a value's `*` for one character.
    .filter((pattern) => /^[^?]*[*][^?]*$/.test(pattern))
    .map((pattern) => globTemplate(plain(pattern)) as Glob);
  return (value) => same.has(value) || wild.some((glob) => matchesGlob(glob, value));
}

function conditionCover(key: string): (patterns: readonly string[]) => Cover {
  if (/like|^arn/.test(operatorOf(key))) return elementCover;
  return (patterns) => {
    const same = new Set(patterns);
    return (value) => same.has(value);
  };
}

function operatorOf(key: string): string {
  return (key.split(" ")[1] ?? "")
    .replace(/^(forallvalues|foranyvalue):/, "")
    .replace(/ifexists$/, "");
}
