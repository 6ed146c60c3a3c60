import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { STAND_IN } from "../../review/reviewed-stack";

const change = z.object({
  actions: z.array(z.string()),
  before: z.unknown(),
  after: z.unknown(),
  after_unknown: z.unknown(),
});
const planJson = z.object({
  resource_changes: z
    .array(z.object({ address: z.string(), mode: z.string(), change }))
    .default([]),
});

type Change = z.output<typeof change>;

/**
 * What a plan does otherwise than the one that was reviewed; empty where it does the same in
 * everything except the values that the review announced as not known yet.
 *
 * @param reviewed what `terraform show -json` printed of the plan that was reviewed, parsed
 * @param fresh the same of the plan that would be applied
 * @returns a sentence for each difference. No value of a resource stands in them: values may be
 *   secret.
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
      ...differingPaths(after(was), after(is)).map(
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
        ({ mode, address, change: { actions } }) =>
          mode === "managed" && address !== STAND_IN && actions.join() !== "no-op",
      )
      .map(({ address, change: found }) => [address, found]),
  );
}

function doing({ actions }: Change): string {
  return actions.join(" and ");
}

function after({ after: value, after_unknown: unknown }: Change): Planned {
  return { value, unknown };
}

/**
 * A planned value, and Terraform's tree of marks beside it: true where the value is known after the
 * apply.
 */
interface Planned {
  readonly value: unknown;
  readonly unknown: unknown;
}

/** Where two planned values differ, as paths; what is unknown in the first may be anything. */
function differingPaths(was: Planned, is: Planned, path = ""): string[] {
  if (was.unknown === true) return [];
  if (is.unknown === true) return [path];
  const both = [was.value, is.value].filter((value) => value !== null && value !== undefined);
  if (both.some(isNode) && !both.every(isNode)) return [path];
  if ([was.value, was.unknown, is.value, is.unknown].some(isNode)) {
    const keys = new Set(
      [was.value, was.unknown, is.value, is.unknown].filter(isNode).flatMap(Object.keys),
    );
    return [...keys].flatMap((key) =>
      differingPaths(part(was, key), part(is, key), path === "" ? key : `${path}.${key}`),
    );
  }
  // Terraform leaves null attributes out as often as not.
  return isDeepStrictEqual(was.value ?? null, is.value ?? null) ? [] : [path];
}

function part({ value, unknown }: Planned, key: string): Planned {
  return {
    value: isNode(value) ? value[key] : undefined,
    unknown: isNode(unknown) ? unknown[key] : undefined,
  };
}

function isNode(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
