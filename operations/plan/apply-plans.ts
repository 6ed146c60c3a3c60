import { join } from "node:path";
import { ExpectedError } from "../expected-error";
import type { ProcessEnd } from "../run-process";
import { initializeAndRun, type StackOutcome, type StackRunOptions } from "../run-stacks";
import { waitsFor } from "../stack-order";
import type { PlanFolder, SavedPlan } from "./plan-folder";
import { planDifferences } from "./same-plan";
import { applyPlan, CHANGES, planJson, savePlan } from "./saved-plan";

/** How to apply saved plans. */
export interface ApplyOptions extends Pick<
  StackRunOptions,
  "env" | "signal" | "parallelism" | "onLine" | "onOutcome" | "onInterrupted"
> {
  /** The environment that the plans have to be of. */
  readonly environment: string;
  readonly folder: PlanFolder;
}

/**
 * Applies what was planned and reviewed, in order. A stack that could only be planned for the review,
 * or that the role for plans has planned, is planned again, by the role that deploys, and applied only
 * if that plan is the reviewed one in everything but the values that nobody could know.
 *
 * @returns how each stack went; those after a failed one are not tried
 * @throws ExpectedError where the plans are none, of another environment, or blocked by their review
 */
export async function applyPlans(options: ApplyOptions): Promise<readonly StackOutcome[]> {
  const { environment, folder, env, signal, onLine } = options;
  const saved = folder.read();
  if (saved.environment !== environment)
    throw new ExpectedError([
      `The plans in ${folder.path} are of the environment ${saved.environment}, not of ${environment}.`,
    ]);
  if (saved.blocked)
    throw new ExpectedError([
      `The review in ${folder.path} is blocked by its guards. Mend what they name, or acknowledge it in the environment file, and plan again.`,
    ]);
  const stacks = saved.stacks.map((plan) => ({ ...plan, folder: join(folder.path, plan.folder) }));
  const terraformOptions = { env, signal, onLine };
  const order = waitsFor(
    "deploy",
    stacks,
    stacks.map(({ name }) => name),
  );
  return initializeAndRun(
    stacks,
    order,
    async (stack) => {
      if (!stack.plannedAgain) {
        return stack.changes ? applyPlan(stack, terraformOptions) : NOTHING_TO_DO;
      }
      const end = await savePlan(stack, terraformOptions);
      if (end.code !== 0 && end.code !== CHANGES) return end;
      const fresh: unknown = JSON.parse(await planJson(stack, { env, signal }));
      const differences = planDifferences(
        folder.planJson(ofFolder(saved.stacks, stack.name)),
        fresh,
      );
      if (differences.length > 0) return { code: 1, stderr: notAsReviewed(differences) };
      return end.code === CHANGES ? applyPlan(stack, terraformOptions) : NOTHING_TO_DO;
    },
    options,
  );
}

const NOTHING_TO_DO: ProcessEnd = { code: 0, stderr: "" };

function ofFolder(plans: readonly SavedPlan[], name: string): SavedPlan {
  return plans.find((plan) => plan.name === name)!;
}

function notAsReviewed(differences: readonly string[]): string {
  return [
    "Planned again for the deploy, its plan is not the one that was reviewed, so nothing of it was applied:",
    ...differences,
    "Plan and review again.",
  ].join("\n");
}
