import { join } from "node:path";
import { ExpectedError } from "../expected-error";
import type { ProcessEnd } from "../runs/run-process";
import { initializeAndRun, type StackOutcome, type StackRunOptions } from "../deploy/run-stacks";
import { waitsFor } from "../deploy/stack-order";
import { planJsonOf, stackFolder } from "./plan-files";
import type { PlanFolder } from "./plan-folder";
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
  /** A folder for Terraform to work in; the plans' own is only read. */
  readonly output: string;
}

/**
 * Applies what was planned and reviewed, in order. A stack that could only be planned for the
 * review, or that the role for plans has planned, is planned again, by the role that deploys, and
 * applied only if that plan is the reviewed one in everything but the values that nobody could
 * know.
 *
 * Of a stack that could not be planned nothing is applied, nor of what waits for it.
 *
 * @returns how each stack went; one that could not be planned counts as failed, and those after a
 *   failed one are not tried
 * @throws ExpectedError where the plans are none, of another environment, or blocked by their
 *   review
 */
export async function applyPlans(options: ApplyOptions): Promise<readonly StackOutcome[]> {
  const { environment, folder, output, env, signal, onLine } = options;
  const saved = folder.read(environment);
  if (saved.blocked)
    throw new ExpectedError([
      `The review in ${folder.path} is blocked by its guards. Fix what they name, or acknowledge it in the environment file, and plan again.`,
    ]);
  for (const plan of saved.stacks) folder.copyTo(output, plan);
  const stacks = saved.stacks.map((plan) => ({
    ...plan,
    folder: join(output, stackFolder(plan.name)),
  }));
  const missing = saved.missing.map(({ stack }) => ({ name: stack, dependencies: [] }));
  const terraformOptions = { env, signal, onLine };
  const all = [...stacks, ...missing];
  const order = new Map(
    waitsFor(
      "deploy",
      all,
      all.map(({ name }) => name),
    ),
  );
  // Never run, they are never through either.
  for (const { name } of missing) order.delete(name);
  const outcomes = await initializeAndRun(
    stacks,
    order,
    async (stack) => {
      if (!stack.plannedAgain) {
        return stack.changes ? applyPlan(stack, terraformOptions) : NOTHING_TO_DO;
      }
      const end = await savePlan(stack, terraformOptions);
      if (end.code !== 0 && end.code !== CHANGES) return end;
      const fresh: unknown = JSON.parse(await planJson(stack, { env, signal }));
      const differences = planDifferences(planJsonOf(folder.path, stack), fresh);
      if (differences.length > 0) return { code: 1, stderr: notAsReviewed(differences) };
      return end.code === CHANGES ? applyPlan(stack, terraformOptions) : NOTHING_TO_DO;
    },
    options,
  );
  return [
    ...outcomes,
    ...saved.missing.map(({ stack, reason }): StackOutcome => ({
      stack,
      state: "failed",
      error: `It could not be planned, so nothing of it was applied: ${reason}`,
    })),
  ];
}

const NOTHING_TO_DO: ProcessEnd = { code: 0, stderr: "" };

function notAsReviewed(differences: readonly string[]): string {
  return [
    "Planned again for the deploy, its plan is not the one that was reviewed, so nothing of it was applied:",
    ...differences,
    "Plan and review again.",
  ].join("\n");
}
