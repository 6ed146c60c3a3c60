import { constants } from "node:os";
import { ExpectedError } from "../expected-error";
import { Interrupted } from "../terminal/interruption";
import { applyPlan, CHANGES, savePlan } from "../plan/saved-plan";
import { runInOrder, type StackVerb, waitsFor } from "./stack-order";
import type { ProcessEnd } from "../runs/run-process";
import { type AppOptions, synthesize, type SynthesizedStack } from "../terraform/synthesis";
import { initializer, PLAIN, terraform, unframed } from "../terraform/terraform";

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
   * Asked for each stack whose plan changes something, once `onLine` has got the plan; one stack at
   * a time. That plan is applied, and nothing else.
   * @default - nobody is asked
   */
  readonly approve?: (stack: string) => Promise<boolean>;
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
  /**
   * Told upon the signal which stacks are under way, and so waited for. No other is started.
   * @default - not told
   */
  readonly onInterrupted?: (stacks: readonly string[]) => void;
}

/** How one stack of a run went. */
export interface StackOutcome {
  readonly stack: string;
  readonly state: "done" | "failed" | "interrupted" | "declined" | "not tried";
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
 * allows, cdktf-cli 0.21 ends at once and kills the Terraform of the others in the midst of an
 * apply.
 *
 * @returns how each chosen stack went, in the order of the choice
 * @throws ExpectedError where synthesis fails, a stack is unknown, a choice to destroy leaves out
 *   stacks that need a chosen one, or the signal came before all stacks
 */
export async function runStacks(
  verb: StackVerb,
  options: StackRunOptions,
): Promise<readonly StackOutcome[]> {
  const { approve, parallelism = 2, env, signal, onLine, terraformParallelism = 10 } = options;
  const manifest = await synthesize(options);
  const chosen = choose(verb, manifest, options.stacks);
  const run = { env, signal, onLine };
  const width = `-parallelism=${terraformParallelism}`;
  const order = waitsFor(verb, manifest, chosen);
  if (approve === undefined) {
    const args = [verb === "deploy" ? "apply" : "destroy", width, "-auto-approve", ...PLAIN];
    const apply = (stack: SynthesizedStack): Promise<ProcessEnd> => terraform(stack, args, run);
    return initializeAndRun(manifest, order, apply, { ...options, parallelism });
  }
  const more = verb === "deploy" ? [width] : [width, "-destroy"];
  return initializeAndRun(
    manifest,
    order,
    // Not Terraform's own question: to ask, it would have to have the terminal, and what ends that.
    async (stack) => {
      const end = await savePlan(stack, run, more);
      if (end.code !== CHANGES) return end;
      const approved = await approve(stack.name);
      if (signal?.aborted) throw new Interrupted(signal);
      return approved ? applyPlan(stack, run, [width]) : "declined";
    },
    { ...options, parallelism: 1 },
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
  act: (stack: S) => Promise<ProcessEnd | "declined">,
  options: Omit<StackRunOptions, "project" | "output" | "approve">,
): Promise<readonly StackOutcome[]> {
  const { parallelism = 2, env, signal, onLine, onOutcome, onInterrupted } = options;
  const outcomes = new Map<string, StackOutcome>();
  const underWay = new Set<string>();
  const init = initializer({ env, signal, onLine });
  let initFailed = false;
  const tell = (): void => onInterrupted?.([...underWay]);
  signal?.addEventListener("abort", tell);
  try {
    await runInOrder(order, parallelism, async (name) => {
      const stack = stacks.find((one) => one.name === name)!;
      // What kept one stack from its provider or its state would keep the others from theirs.
      const initialized = initFailed ? undefined : await unlessInterrupted(init(stack));
      if (initialized === undefined || initialized instanceof Interrupted) return false;
      initFailed = initialized.code !== 0;
      underWay.add(name);
      const end = initFailed ? initialized : await unlessInterrupted(act(stack));
      underWay.delete(name);
      const outcome = outcomeOf(name, end);
      outcomes.set(name, outcome);
      onOutcome?.(outcome);
      return outcome.state === "done";
    });
  } finally {
    signal?.removeEventListener("abort", tell);
  }
  return [...order.keys()].map((stack) => outcomes.get(stack) ?? { stack, state: "not tried" });
}

/** An interruption as a result: what else is under way ends, and is reported, all the same. */
async function unlessInterrupted<T>(work: Promise<T>): Promise<T | Interrupted> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Interrupted) return error;
    throw error;
  }
}

function outcomeOf(stack: string, end: ProcessEnd | "declined" | Interrupted): StackOutcome {
  if (end === "declined") return { stack, state: "declined" };
  if (end instanceof Interrupted) {
    return { stack, state: "interrupted", error: unframed(end.said) };
  }
  if (end.code === 0) return { stack, state: "done" };
  return { stack, state: "failed", error: errorOf(end) };
}

/** What Terraform printed, and the signal that ended it. */
function errorOf({ code, stderr }: ProcessEnd): string {
  const signal = Object.entries(constants.signals).find(([, number]) => code === 128 + number);
  const printed = unframed(stderr);
  return signal ? `${printed}\n\nTerraform was ended by ${signal[0]}.`.trim() : printed;
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
