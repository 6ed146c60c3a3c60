/** Plans that say the same in another order. */
import { isObject } from "../../iam/json";
import type { StackPlan } from "../../review/plans/estate";
import { reordered } from "./plans";

/** Indexes of so many things, in some order. */
export type Order = (count: number) => number[];

/** A random order. */
export function anyOrder(seeds: readonly number[]): Order {
  let next = 0;
  return (count) =>
    Array.from({ length: count }, (_, index) => ({ index, at: seeds[next++ % seeds.length]! }))
      .sort((a, b) => a.at - b.at || a.index - b.index)
      .map(({ index }) => index);
}

/** The same stacks with their resources, keys and policy statements in another order. */
export function shuffledStacks(stacks: readonly StackPlan[], order: Order): StackPlan[] {
  return inOrder(stacks, order).map(({ plan, synthesized, ...stack }) => ({
    ...stack,
    plan: withResourcesShuffled(reordered(withPoliciesShuffled(plan, order), order), order),
    ...(synthesized === undefined
      ? {}
      : { synthesized: reordered(synthesized, order) as StackPlan["synthesized"] }),
  }));
}

function inOrder<T>(list: readonly T[], order: Order): T[] {
  return order(list.length).map((index) => list[index]!);
}

function withPoliciesShuffled(value: unknown, order: Order): unknown {
  if (Array.isArray(value)) return value.map((one) => withPoliciesShuffled(one, order));
  if (isObject(value))
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, withPoliciesShuffled(one, order)]),
    );
  if (typeof value !== "string" || !value.startsWith('{"Version"')) return value;
  const policy = reordered(JSON.parse(value), order) as { Statement: unknown[] };
  return JSON.stringify({ ...policy, Statement: inOrder(policy.Statement, order) });
}

/** Resources stand in these lists, wherever they are in the plan. */
const RESOURCES = ["resource_changes", "resource_drift", "resources"];

function withResourcesShuffled(value: unknown, order: Order): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      RESOURCES.includes(name) && Array.isArray(one)
        ? inOrder(one, order)
        : withResourcesShuffled(one, order),
    ]),
  );
}
