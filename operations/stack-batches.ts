/** What of cdktf's manifest the order of stacks needs. */
export interface ManifestStack {
  readonly name: string;
  /** Names of the stacks that are deployed before this one. */
  readonly dependencies: readonly string[];
}

export type StackVerb = "deploy" | "destroy";

/** Stacks for one call of cdktf-cli. */
export interface Batch {
  readonly stacks: readonly string[];
  /**
   * All that the stacks wait for is in the batch too, so that cdktf-cli can keep the order. Else they
   * wait for nothing that is still to come, and cdktf-cli must be told not to look for it.
   */
  readonly closed: boolean;
}

/** For each of the chosen stacks, the ones that must be through before it. */
export type WaitsFor = ReadonlyMap<string, readonly string[]>;

/** @param chosen names of stacks; each must be in the manifest */
export function waitsFor(
  verb: StackVerb,
  manifest: readonly ManifestStack[],
  chosen: readonly string[],
): WaitsFor {
  const before = (name: string): readonly string[] =>
    verb === "deploy"
      ? (manifest.find((stack) => stack.name === name)?.dependencies ?? [])
      : manifest.filter((stack) => stack.dependencies.includes(name)).map((stack) => stack.name);
  return new Map(chosen.map((name) => [name, before(name)]));
}

/**
 * The next stacks to run, at most `width` of them at once; undefined where none is left that can.
 *
 * Why in batches, and not all with cdktf-cli's `--parallelism`: where a stack fails while as many
 * run as that allows, cdktf-cli 0.21 ends at once. It kills the Terraform of the others in the midst
 * of an apply and never starts the rest. In a call that runs all of its stacks at once it waits for
 * each to end.
 *
 * @param done stacks that are through
 * @param tried stacks that have been started, done or failed
 */
export function nextBatch(
  verb: StackVerb,
  order: WaitsFor,
  done: ReadonlySet<string>,
  tried: ReadonlySet<string>,
  width: number,
): Batch | undefined {
  const left = [...order].filter(([name]) => !tried.has(name));
  const isThrough = (name: string): boolean => done.has(name) || !order.has(name);
  const ready = left
    .filter(([, before]) => before.every(isThrough))
    .map(([name]) => name)
    .slice(0, width);
  if (ready.length === 0) return undefined;

  // Those that wait for the whole batch may come in the same call: a start of cdktf-cli less.
  const after = left
    .filter(
      ([, before]) =>
        ready.every((name) => before.includes(name)) &&
        before.every((name) => isThrough(name) || ready.includes(name)),
    )
    .map(([name]) => name)
    .slice(0, width);
  const isClosed = (stacks: readonly string[]): boolean =>
    stacks.every((name) => order.get(name)?.every((before) => stacks.includes(before)));
  if (isClosed([...ready, ...after])) return { stacks: [...ready, ...after], closed: true };
  if (isClosed(ready)) return { stacks: ready, closed: true };
  // Told not to look for dependants, `cdktf destroy` starts the first of several stacks twice.
  return { stacks: verb === "destroy" ? ready.slice(0, 1) : ready, closed: false };
}
