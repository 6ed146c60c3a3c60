/** What is the same in many stacks or accounts, told once. */
import type { RegionCoverage } from "../coverage/coverage";
import { compareTexts } from "../compare-texts";
import type { Finding, MissingStack, ReviewedResource, ReviewedStack } from "../report";

/** Things that are alike. */
export interface Group<T> {
  readonly first: T;
  readonly all: readonly T[];
}

/** Groups in the order of their first ones. */
export function grouped<T>(things: readonly T[], likeness: (thing: T) => string): Group<T>[] {
  const groups = new Map<string, { first: T; all: T[] }>();
  for (const thing of things) {
    const key = likeness(thing);
    const known = groups.get(key);
    if (known) known.all.push(thing);
    else groups.set(key, { first: thing, all: [thing] });
  }
  return [...groups.values()];
}

/**
 * Stacks that could not be planned for reasons that differ in the stack's name and account alone.
 */
export function groupMissing(missing: readonly MissingStack[]): Group<MissingStack>[] {
  return grouped(missing, ({ stack, reason }) => without(reason, [stack, account(stack)]));
}

/** Findings that differ in their subject, stack and values alone. */
export function groupFindings(findings: readonly Finding[]): Group<Finding>[] {
  return grouped(findings, ({ state, guard, what, acknowledgement, subject, before, after }) =>
    JSON.stringify([
      state,
      guard,
      acknowledgement,
      ...[what, before, after].map((text) => without(text, [subject, account(subject)])),
    ]),
  );
}

/** The account in an account ID or an ARN. */
function account(subject: string): string {
  return /\d{12}/.exec(subject)?.[0] ?? "";
}

/** A text without what tells one account from another. */
function without(text: string | undefined, names: readonly (string | undefined)[]): string {
  return names.reduce<string>(
    (rest, name) => (name === undefined || name === "" ? rest : rest.replaceAll(name, "*")),
    text ?? "",
  );
}

/** One account in all regions in which it loses and gains the same. */
export interface AccountCoverage {
  readonly change: RegionCoverage;
  readonly regions: readonly string[];
}

/** Accounts that lose and gain the same in the same regions. */
export function groupCoverage(coverage: readonly RegionCoverage[]): Group<AccountCoverage>[] {
  const likeness = ({ before, after, lost, gained }: RegionCoverage): unknown => [
    before.length > 0,
    after,
    lost,
    gained,
  ];
  const accounts = grouped(coverage, (one) => JSON.stringify([one.account, likeness(one)])).map(
    ({ first, all }) => ({ change: first, regions: all.map(({ region }) => region) }),
  );
  return grouped(accounts, ({ change, regions }) => JSON.stringify([regions, likeness(change)]));
}

/** Stacks in which the same happens, but for their accounts' IDs and names. */
export function groupStacks(stacks: readonly ReviewedStack[]): Group<ReviewedStack>[] {
  return grouped(stacks, (stack) => {
    const names = [stack.account, stack.name];
    const plain = ({ attributes, address, ...rest }: ReviewedResource): unknown => ({
      ...rest,
      address: without(address, names),
      attributes: attributes.map(({ path, before, after }) =>
        [path, before, after].map((text) => without(text, names)),
      ),
    });
    return JSON.stringify([
      stack.forReviewOnly,
      stack.resources.map(plain),
      stack.outputs,
      stack.drift.map(plain),
    ]);
  }).sort((a, b) => b.all.length - a.all.length || compareTexts(a.first.stack, b.first.stack));
}
