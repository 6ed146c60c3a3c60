import { ExpectedError } from "../expected-error";

/** What of cdktf's manifest the order of stacks needs. */
export interface OrderedStack {
  /** The stack's name. */
  readonly name: string;
  /** Names of the stacks that are deployed before this one. */
  readonly dependencies: readonly string[];
}

/** What is done with stacks. */
export type StackVerb = "deploy" | "destroy";

/** A sentence for each dependency that no stack has: with it the order would be lost. */
export function unknownDependencies(manifest: readonly OrderedStack[]): string[] {
  const names = new Set(manifest.map(({ name }) => name));
  return manifest.flatMap(({ name, dependencies }) =>
    dependencies
      .filter((dependency) => !names.has(dependency))
      .map(
        (dependency) =>
          `${name} waits for the stack ${dependency}, and the app has no stack of that name.`,
      ),
  );
}

/**
 * For each of the chosen stacks, the chosen ones that have to be through before it.
 *
 * @param chosen names of stacks; each has to be in the manifest
 * @throws ExpectedError where a stack waits for one that the manifest has not
 */
export function waitsFor(
  verb: StackVerb,
  manifest: readonly OrderedStack[],
  chosen: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const unknown = unknownDependencies(manifest);
  if (unknown.length > 0) throw new ExpectedError(unknown);
  const before = (name: string): readonly string[] =>
    verb === "deploy"
      ? (manifest.find((stack) => stack.name === name)?.dependencies ?? [])
      : manifest.filter((stack) => stack.dependencies.includes(name)).map((stack) => stack.name);
  return new Map(
    chosen.map((name) => [name, before(name).filter((other) => chosen.includes(other))]),
  );
}

/**
 * Runs a task for each stack, each as soon as those that it waits for are through and a place is
 * free.
 *
 * @param order from {@link waitsFor}
 * @param width tasks at once
 * @param task says whether the stack is through; those that wait for one that is not are never run
 * @throws what a task throws, once the others that are under way have ended
 */
export async function runInOrder(
  order: ReadonlyMap<string, readonly string[]>,
  width: number,
  task: (stack: string) => Promise<boolean>,
): Promise<void> {
  const waiting = new Set(order.keys());
  const through = new Set<string>();
  const running = new Map<string, Promise<void>>();
  const failures: unknown[] = [];
  const isReady = (name: string): boolean => order.get(name)!.every((other) => through.has(other));
  for (;;) {
    for (const name of [...waiting].filter(isReady).slice(0, width - running.size)) {
      waiting.delete(name);
      running.set(name, run(name));
    }
    if (running.size === 0) break;
    await Promise.race(running.values());
  }
  if (failures.length > 0) throw failures[0];

  async function run(name: string): Promise<void> {
    try {
      if (await task(name)) through.add(name);
    } catch (error) {
      failures.push(error);
      waiting.clear();
    } finally {
      running.delete(name);
    }
  }
}
