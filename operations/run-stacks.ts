import { constants } from "node:os";
import { ExpectedError } from "./expected-error";
import { runInOrder, type StackVerb, waitsFor } from "./stack-order";
import type { ProcessEnd } from "./run-process";
import { type AppOptions, synthesize, type SynthesizedStack } from "./synthesis";
import { initializer, PLAIN, terraform, unframed } from "./terraform";

/** How to deploy or destroy stacks. */
export interface StackRunOptions extends AppOptions {
  /**
   * Names of stacks.
   * @default - all of the app
   */
  readonly stacks?: readonly string[];
  /**
   * Stacks at once. Each runs an AWS provider of 0.6 GB.
   * @default 2
   */
  readonly parallelism?: number;
  /**
   * Operations at once within a stack, Terraform's `-parallelism`.
   * @default 10
   */
  readonly terraformParallelism?: number;
  /**
   * Without it, Terraform shows each plan and asks; that takes the terminal, so there is one stack at
   * a time, and no line reaches `onLine`.
   * @default false
   */
  readonly autoApprove?: boolean;
  /**
   * Gets each line that Terraform prints, errors included.
   * @default - lines are dropped
   */
  readonly onLine?: (stack: string, line: string) => void;
  /**
   * Told as soon as it is known how a stack went.
   * @default - not told
   */
  readonly onOutcome?: (outcome: StackOutcome) => void;
}

/** How one stack of a run went. */
export interface StackOutcome {
  readonly stack: string;
  readonly state: "done" | "failed" | "not tried";
  /**
   * Terraform's errors, as it printed them.
   * @default - none was seen
   */
  readonly error?: string;
}

/**
 * Deploys or destroys stacks in their order with Terraform. Where one fails, those that do not wait
 * for it are done all the same.
 *
 * Terraform itself, and not cdktf-cli: where a stack fails while as many run as `--parallelism`
 * allows, cdktf-cli 0.21 ends at once and kills the Terraform of the others in the midst of an apply.
 *
 * @returns how each chosen stack went, in the order of the choice
 * @throws ExpectedError where synthesis fails, a stack is unknown, a choice to destroy leaves out
 *   stacks that need a chosen one, or the signal ended it
 */
export async function runStacks(
  verb: StackVerb,
  options: StackRunOptions,
): Promise<readonly StackOutcome[]> {
  const { autoApprove = false, parallelism = 2, env, signal, onLine } = options;
  const manifest = await synthesize(options);
  const chosen = choose(verb, manifest, options.stacks);
  const run = { env, signal, onLine, interactive: !autoApprove };
  return initializeAndRun(
    manifest,
    waitsFor(verb, manifest, chosen),
    (stack) => terraform(stack, applyArguments(verb, options), run),
    { ...options, parallelism: autoApprove ? parallelism : 1 },
  );
}

/**
 * Initializes each stack and does something with it, in order.
 *
 * @param order from {@link waitsFor}
 * @returns how each stack of the order went
 */
export async function initializeAndRun<S extends Pick<SynthesizedStack, "name" | "folder">>(
  stacks: readonly S[],
  order: ReadonlyMap<string, readonly string[]>,
  act: (stack: S) => Promise<ProcessEnd>,
  { parallelism = 2, env, signal, onLine, onOutcome }: Omit<StackRunOptions, "project" | "output">,
): Promise<readonly StackOutcome[]> {
  const outcomes = new Map<string, StackOutcome>();
  const init = initializer({ env, signal, onLine });
  let initFailed = false;
  await runInOrder(order, parallelism, async (name) => {
    // What kept one stack from its provider or its state would keep the others from theirs.
    if (initFailed) return false;
    const stack = stacks.find((one) => one.name === name)!;
    let end = await init(stack);
    initFailed = end.code !== 0;
    if (!initFailed) end = await act(stack);
    const outcome: StackOutcome =
      end.code === 0
        ? { stack: name, state: "done" }
        : { stack: name, state: "failed", error: errorOf(end) };
    outcomes.set(name, outcome);
    onOutcome?.(outcome);
    return outcome.state === "done";
  });
  return [...order.keys()].map((stack) => outcomes.get(stack) ?? { stack, state: "not tried" });
}

/** What Terraform printed, and the signal that ended it. */
function errorOf({ code, stderr }: ProcessEnd): string {
  const signal = Object.entries(constants.signals).find(([, number]) => code === 128 + number);
  const printed = unframed(stderr);
  return signal ? `${printed}\n\nTerraform was ended by ${signal[0]}.`.trim() : printed;
}

function applyArguments(
  verb: StackVerb,
  { autoApprove = false, terraformParallelism = 10 }: StackRunOptions,
): string[] {
  return [
    verb === "deploy" ? "apply" : "destroy",
    `-parallelism=${terraformParallelism}`,
    ...(autoApprove ? ["-auto-approve", ...PLAIN] : []),
  ];
}

function choose(
  verb: StackVerb,
  manifest: readonly SynthesizedStack[],
  stacks: readonly string[] | undefined,
): readonly string[] {
  const chosen = chooseStacks(manifest, stacks);
  if (!stacks) return chosen;
  const missing = manifest
    .filter(({ dependencies }) =>
      dependencies.some((name) => verb === "destroy" && stacks.includes(name)),
    )
    .map(({ name }) => name)
    .filter((name) => !stacks.includes(name));
  if (missing.length > 0) {
    throw new ExpectedError([
      `${stacks.join(", ")} cannot be destroyed alone: ${missing.join(", ")} would still need it. Name those stacks too.`,
    ]);
  }
  return chosen;
}

/**
 * The names of the chosen stacks, each once; all where none is chosen.
 *
 * @throws ExpectedError where a stack is unknown
 */
export function chooseStacks(
  manifest: readonly SynthesizedStack[],
  stacks: readonly string[] | undefined,
): readonly string[] {
  const names = manifest.map(({ name }) => name);
  const unknown = (stacks ?? []).filter((stack) => !names.includes(stack));
  if (unknown.length > 0) {
    throw new ExpectedError([
      `No stack is called ${unknown.join(" or ")}; the app has: ${names.join(", ")}.`,
    ]);
  }
  return stacks ? [...new Set(stacks)] : names;
}
