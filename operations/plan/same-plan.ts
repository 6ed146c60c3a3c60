import { isDeepStrictEqual } from "node:util";
import { z } from "zod";

const change = z.object({
  actions: z.array(z.string()),
  before: z.unknown(),
  after: z.unknown(),
  after_unknown: z.unknown(),
});
const planJson = z.object({
  resource_changes: z
    .array(z.object({ address: z.string(), mode: z.string(), type: z.string(), change }))
    .default([]),
});

type Change = z.output<typeof change>;

/**
 * What a plan does otherwise than the one that was reviewed; empty where it does the same in everything
 * except the values that the review announced as not known yet.
 *
 * @param reviewed what `terraform show -json` printed of the plan that was reviewed, parsed
 * @param fresh the same of the plan that would be applied
 * @returns a sentence for each difference. No value of a resource stands in them: values may be secret.
 */
export function planDifferences(reviewed: unknown, fresh: unknown): string[] {
  const before = changesByAddress(reviewed);
  const now = changesByAddress(fresh);
  return [...new Set([...before.keys(), ...now.keys()])].sort().flatMap((address) => {
    const [was, is] = [before.get(address), now.get(address)];
    if (was === undefined) return [`${address}: ${doing(is!)}; the review has nothing of it`];
    if (is === undefined) return [`${address}: nothing; the review has ${doing(was)}`];
    if (!isDeepStrictEqual(was.actions, is.actions))
      return [`${address}: ${doing(is)}; the review has ${doing(was)}`];
    return [
      ...(isDeepStrictEqual(was.before, is.before)
        ? []
        : [`${address}: it was changed since the review`]),
      ...differingPaths(was.after, was.after_unknown, is.after).map(
        (path) => `${address}: ${path} will be another than in the review`,
      ),
    ];
  });
}

/** What changes: nothing of what stays as it is, nor of what is only read. */
function changesByAddress(plan: unknown): Map<string, Change> {
  return new Map(
    planJson
      .parse(plan)
      .resource_changes.filter(
        ({ mode, type, change: { actions } }) =>
          mode === "managed" && type !== STAND_IN && actions.join() !== "no-op",
      )
      .map(({ address, change: found }) => [address, found]),
  );
}

/** In a stack that is only reviewed it stands for what is not known yet; no such stack has one of its own. */
const STAND_IN = "terraform_data";

function doing({ actions }: Change): string {
  return actions.join(" and ");
}

/**
 * Where two planned values differ, as paths; what is unknown in the first may be anything.
 *
 * @param unknown Terraform's tree of marks: true where the value is known after the apply
 */
function differingPaths(was: unknown, unknown: unknown, is: unknown, path = ""): string[] {
  if (unknown === true) return [];
  if (isNode(was) || isNode(unknown)) {
    const [a, marks, b] = [was, unknown, is].map((value) => (isNode(value) ? value : {}));
    const keys = new Set([...Object.keys(a!), ...Object.keys(marks!), ...Object.keys(b!)]);
    return [...keys].flatMap((key) =>
      differingPaths(a![key], marks![key], b![key], path === "" ? key : `${path}.${key}`),
    );
  }
  // Terraform leaves null attributes out as often as not.
  return isDeepStrictEqual(was ?? null, is ?? null) ? [] : [path];
}

function isNode(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
