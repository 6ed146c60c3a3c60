import { copyFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { PROVIDER_LOCK } from "../../envs/provider-lock";
import { stackNames } from "../../envs/stack-names";
import type { Environment } from "../../envs/types";
import { ExpectedError } from "../expected-error";
import { AS_PLAN_ROLE, hasPlanRole } from "../plan-role";
import { runInOrder, waitsFor } from "../stack-order";
import { type AppOptions, synthesize, type SynthesizedStack } from "../synthesis";
import { initializer, unframed } from "../terraform";
import { type GatePlan, readGatePlan, waitsForApply } from "./gate-plan";
import type { PlanFolder, SavedPlan } from "./plan-folder";
import { stackReads } from "./stack-reads";
import { CHANGES, planJson, savePlan } from "./saved-plan";

/** How to plan stacks. */
export interface PlanOptions extends Omit<AppOptions, "output"> {
  readonly environment: Environment;
  /** Where the plans go, and where the stacks were synthesized. */
  readonly folder: PlanFolder;
  /** The stacks that were synthesized there. */
  readonly manifest: readonly SynthesizedStack[];
  /** A folder for the stacks that can only be planned for the review; with `.plan-role` behind it, for those that the role for plans plans. */
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
}

/**
 * Plans the stacks of an environment, the destination first, and saves the plans. A stack that reads
 * what the destination's plan is only going to make, or changes, is planned for review: from what the
 * configuration determines, by a configuration that can't be applied; of it the JSON alone is kept.
 * Where the environment has a role for plans, it makes them all, and of all the JSON alone is kept:
 * Terraform would apply them as that role.
 *
 * Besides the chosen stacks it plans those that read what the destination's plan changes.
 *
 * @returns the plans in the manifest's order, and what of the destination's gate changes
 * @throws ExpectedError where synthesis or a plan fails
 */
export async function planStacks(
  options: PlanOptions,
): Promise<{ readonly plans: readonly SavedPlan[]; readonly gate: GatePlan }> {
  const { environment, folder, manifest, stacks, parallelism = 2 } = options;
  const { env, signal, onLine, onPlan } = options;
  const names = manifest.map(({ name }) => name);
  const unknown = stacks?.filter((stack) => !names.includes(stack)) ?? [];
  if (unknown.length > 0)
    throw new ExpectedError([
      `No stack is called ${unknown.join(" or ")}; the app has: ${names.join(", ")}.`,
    ]);
  const init = initializer({ env, signal, onLine });
  const plans = new Map<string, SavedPlan>();
  const errors: string[] = [];
  let gate: GatePlan = {};
  const byPlanRole = hasPlanRole(environment) ? await synthesizeForPlanRole(options) : undefined;

  const plan = async (stack: SynthesizedStack, reviewed?: SynthesizedStack): Promise<boolean> => {
    const { name, dependencies } = stack;
    const runsIn = reviewed ?? byPlanRole?.get(name) ?? stack;
    const done = await init(runsIn);
    const end = done.code === 0 ? await savePlan(runsIn, { env, signal, onLine }) : done;
    if (end.code !== 0 && end.code !== CHANGES) {
      errors.push(`${name} could not be planned: ${unframed(end.stderr)}`);
      return false;
    }
    const saved: SavedPlan = {
      ...{ name, dependencies: [...dependencies], folder: relative(folder.path, stack.folder) },
      ...{ changes: end.code === CHANGES, reviewOnly: reviewed !== undefined },
      plannedAgain: runsIn !== stack,
    };
    // It is planned again with the same providers.
    if (runsIn !== stack)
      copyFileSync(join(runsIn.folder, PROVIDER_LOCK), join(stack.folder, PROVIDER_LOCK));
    writeFileSync(folder.jsonFile(saved), await planJson(runsIn, { env, signal }), { mode: 0o600 });
    plans.set(name, saved);
    onPlan?.(saved);
    return true;
  };

  const destination = manifest.find(({ name }) => name === stackNames.destination(environment))!;
  if (await plan(destination)) {
    gate = readGatePlan(folder.planJson(plans.get(destination.name)!));
    const others = manifest.filter((stack) => stack !== destination);
    const reads = stackReads(environment);
    const late = others.filter(({ name }) => waitsForApply(reads.get(name)!, gate));
    const chosen = others.filter(
      (stack) => (stacks?.includes(stack.name) ?? true) || late.includes(stack),
    );
    const reviewed = await synthesizeForReview(late, gate, options);
    await runInOrder(
      waitsFor(
        "deploy",
        manifest,
        chosen.map(({ name }) => name),
      ),
      parallelism,
      (name) =>
        plan(
          manifest.find((stack) => stack.name === name)!,
          reviewed.get(name),
        ),
    );
  }
  if (errors.length > 0) throw new ExpectedError(errors);
  return { plans: names.flatMap((name) => plans.get(name) ?? []), gate };
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
