import { copyFileSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stackNames } from "../../envs/stack-names";
import type { Environment } from "../../envs/types";
import { ExpectedError } from "../expected-error";
import { AS_PLAN_ROLE, hasPlanRole } from "../policies/plan-role";
import type { MissingStack } from "../../review/report";
import { runInOrder } from "../deploy/stack-order";
import { type AppOptions, synthesize, type SynthesizedStack } from "../terraform/synthesis";
import { initializer, unframed } from "../terraform/terraform";
import { type GatePlan, readGatePlan, waitsForApply } from "./gate-plan";
import { planJsonOf, STACK_FILES } from "./plan-files";
import type { SavedPlan } from "./plan-folder";
import { stackReads } from "./stack-reads";
import { CHANGES, planJson, problemOfStack, savePlan } from "./saved-plan";

/** How to plan stacks. */
export interface PlanOptions extends Omit<AppOptions, "output"> {
  readonly environment: Environment;
  /** cdktf's output folder, where the stacks were synthesized; the plans go there too. */
  readonly folder: string;
  /** The stacks that were synthesized there. */
  readonly manifest: readonly SynthesizedStack[];
  /**
   * A folder for the stacks that can only be planned for the review; with `.plan-role` behind it,
   * for those that the role for plans plans.
   */
  readonly reviewOutput: string;
  /**
   * Names of stacks. The destination is planned in any case: what it changes, the others read.
   * @default - all of the app
   */
  readonly stacks?: readonly string[];
  /**
   * Stacks at once. Each runs an AWS provider of 0.6 GB.
   * @default 2
   */
  readonly parallelism?: number;
  /**
   * Gets each line that Terraform prints.
   * @default - lines are dropped
   */
  readonly onLine?: (stack: string, line: string) => void;
  /**
   * Told as a stack's plan is made.
   * @default - not told
   */
  readonly onPlan?: (plan: SavedPlan) => void;
  /**
   * Told as it is known that a stack can't be planned.
   * @default - not told
   */
  readonly onMissing?: (missing: MissingStack) => void;
}

/** What came of planning. */
export interface PlannedStacks {
  /** In the manifest's order. */
  readonly plans: readonly SavedPlan[];
  /** Those that were to be planned and could not be, in the same order. */
  readonly missing: readonly MissingStack[];
  /**
   * What of the destination's gate changes; nothing is known of it where the destination is
   * missing.
   */
  readonly gate: GatePlan;
}

/**
 * Plans the stacks of an environment, the destination first, and saves the plans. A stack that
 * reads what the destination's plan is only going to make, or changes, is planned for review: from
 * what the configuration determines, by a configuration that can't be applied; of it the JSON alone
 * is kept. Where the environment has a role for plans, it makes them all, and of all the JSON alone
 * is kept: Terraform would apply them as that role.
 *
 * Besides the chosen stacks it plans those that read what the destination's plan changes. A stack
 * that can't be planned keeps no other from it: where it is the destination, the others are planned
 * from what it gives out now.
 *
 * @throws ExpectedError where synthesis fails, a stack is unknown, or the signal ended it
 */
export async function planStacks(options: PlanOptions): Promise<PlannedStacks> {
  const { environment, folder, manifest, stacks, parallelism = 2 } = options;
  const { env, signal, onLine, onPlan, onMissing } = options;
  const names = manifest.map(({ name }) => name);
  const unknown = stacks?.filter((stack) => !names.includes(stack)) ?? [];
  if (unknown.length > 0)
    throw new ExpectedError([
      `No stack is called ${unknown.join(" or ")}; the app has: ${names.join(", ")}.`,
    ]);
  const init = initializerOfSome(options);
  const plans = new Map<string, SavedPlan>();
  const missing = new Map<string, MissingStack>();
  const byPlanRole = hasPlanRole(environment) ? await synthesizeForPlanRole(options) : undefined;

  const plan = async (stack: SynthesizedStack, reviewed?: SynthesizedStack): Promise<SavedPlan> => {
    const { name, dependencies } = stack;
    const runsIn = reviewed ?? byPlanRole?.get(name) ?? stack;
    await init(runsIn);
    const end = await savePlan(runsIn, { env, signal, onLine });
    if (end.code !== 0 && end.code !== CHANGES) throw new ExpectedError([unframed(end.stderr)]);
    // It is planned again with the same providers.
    const lock = join(runsIn.folder, STACK_FILES.providers);
    if (runsIn !== stack && existsSync(lock))
      copyFileSync(lock, join(stack.folder, STACK_FILES.providers));
    const json = await planJson(runsIn, { env, signal });
    writeFileSync(join(stack.folder, STACK_FILES.json), json, { mode: 0o600 });
    return {
      name,
      dependencies: [...dependencies],
      changes: end.code === CHANGES,
      reviewOnly: reviewed !== undefined,
      plannedAgain: runsIn !== stack,
    };
  };
  const isMissing = (stack: string, error: unknown): void => {
    const one = { stack, reason: problemOfStack(error, signal) };
    missing.set(stack, one);
    onMissing?.(one);
  };
  const tryToPlan = async (stack: SynthesizedStack, reviewed?: SynthesizedStack): Promise<void> => {
    try {
      const saved = await plan(stack, reviewed);
      plans.set(stack.name, saved);
      onPlan?.(saved);
    } catch (error) {
      isMissing(stack.name, error);
    }
  };

  const destination = manifest.find(({ name }) => name === stackNames.destination(environment))!;
  await tryToPlan(destination);
  const isPlanned = plans.has(destination.name);
  const gate = isPlanned ? readGatePlan(planJsonOf(folder, destination)) : {};
  const others = manifest.filter((stack) => stack !== destination);
  const reads = stackReads(environment);
  const late = others.filter(({ name }) => isPlanned && waitsForApply(reads.get(name)!, gate));
  const reviewed = await synthesizeForReview(late, gate, options).catch((error: unknown) => {
    for (const { name } of late) isMissing(name, error);
    return new Map<string, SynthesizedStack>();
  });
  const chosen = others.filter(
    (stack) =>
      ((stacks?.includes(stack.name) ?? true) || late.includes(stack)) && !missing.has(stack.name),
  );
  // None waits for another: each is planned from its own state.
  await runInOrder(new Map(chosen.map(({ name }) => [name, []])), parallelism, async (name) => {
    await tryToPlan(
      chosen.find((stack) => stack.name === name)!,
      reviewed.get(name),
    );
    return true;
  });
  const isKnown = (name: string): boolean => plans.has(name) || missing.has(name);
  return {
    plans: names
      .flatMap((name) => plans.get(name) ?? [])
      .map((one) => ({ ...one, dependencies: one.dependencies.filter(isKnown) })),
    missing: names.flatMap((name) => missing.get(name) ?? []),
    gate,
  };
}

/**
 * Stacks that fail to initialize, before any did, until it counts as no matter of a stack's own.
 */
const INIT_FAILURES = 2;

/**
 * Initializes stacks, one after another. What keeps the first ones from it, as a provider that
 * can't be had, would cost all others the same wait.
 */
function initializerOfSome(
  options: PlanOptions,
): (stack: Pick<SynthesizedStack, "name" | "folder">) => Promise<void> {
  const init = initializer(options);
  let anyDone = false;
  const failed: string[] = [];
  return async (stack) => {
    if (!anyDone && failed.length >= INIT_FAILURES)
      throw new ExpectedError([
        `not tried: Terraform could be initialized neither for ${failed.join(" nor for ")}.`,
      ]);
    const { code, stderr } = await init(stack);
    if (code !== 0) {
      failed.push(stack.name);
      throw new ExpectedError([unframed(stderr)]);
    }
    anyDone = true;
  };
}

/** Writes the stacks once more, with the roles that only read. */
async function synthesizeForPlanRole(
  options: PlanOptions,
): Promise<ReadonlyMap<string, SynthesizedStack>> {
  const output = `${options.reviewOutput}.plan-role`;
  const stacks = await synthesize({ ...options, output, env: { ...options.env, ...AS_PLAN_ROLE } });
  return new Map(stacks.map((stack) => [stack.name, stack]));
}

/** Writes the stacks once more so that they can be planned before the destination is applied. */
async function synthesizeForReview(
  late: readonly SynthesizedStack[],
  { planned }: GatePlan,
  options: PlanOptions,
): Promise<ReadonlyMap<string, SynthesizedStack>> {
  if (late.length === 0) return new Map();
  const review = {
    stacks: late.map(({ name }) => name),
    ...(planned?.kmsKeyArn ? { kmsKeyArn: planned.kmsKeyArn } : {}),
  };
  const stacks = await synthesize({
    ...options,
    output: options.reviewOutput,
    env: { ...options.env, ...AS_PLAN_ROLE, CENTRAL_TRAIL_REVIEW: JSON.stringify(review) },
  });
  return new Map(
    stacks.filter(({ name }) => review.stacks.includes(name)).map((stack) => [stack.name, stack]),
  );
}
