import { formatDay } from "../../cloudtrail/time";
import type { Environment } from "../../envs/types";
import { ExpectedError } from "../expected-error";
import { CHANGES, planJson, problemOfStack, savePlan } from "../plan/saved-plan";
import type { StackPlan } from "../../review/plans/estate";
import type { ReviewedResource } from "../../review/report";
import { reviewPlans } from "../../review/review";
import { runInOrder } from "../deploy/stack-order";
import { type AppOptions, synthesize, type SynthesizedStack } from "../terraform/synthesis";
import { AS_PLAN_ROLE } from "../policies/plan-role";
import { initializer, unframed } from "../terraform/terraform";

/** What of one stack was changed outside of Terraform. */
export interface StackDrift {
  readonly stack: string;
  readonly resources: readonly ReviewedResource[];
  /** @default - it could be looked at */
  readonly error?: string;
}

/** How to look for drift. */
export interface StackDriftOptions extends AppOptions {
  readonly environment: Environment;
  /**
   * Stacks at once. Each runs an AWS provider of 0.6 GB.
   * @default 2
   */
  readonly parallelism?: number;
  /**
   * Told as a stack has been looked at.
   * @default - not told
   */
  readonly onStack?: (stack: string) => void;
}

/** What Terraform found, and by what. */
export interface StacksCompared {
  readonly stacks: readonly StackDrift[];
  /** The plans of those that could be looked at. */
  readonly plans: readonly StackPlan[];
}

/** Compares what Terraform has in its states with what AWS says, and changes nothing. */
export async function stackDrift(given: StackDriftOptions): Promise<StacksCompared> {
  const options = { ...given, env: { ...given.env, ...AS_PLAN_ROLE } };
  const { environment, env, signal, parallelism = 2, onStack } = options;
  const stacks = await synthesize(options);
  const init = initializer({ env, signal });
  const plans: StackPlan[] = [];
  const errors = new Map<string, string>();
  /** What can't be looked at hides nothing of the others. */
  const planOf = async (stack: SynthesizedStack): Promise<unknown> => {
    let end = await init(stack);
    if (end.code === 0) end = await savePlan(stack, { env, signal }, ["-refresh-only"]);
    if (end.code !== 0 && end.code !== CHANGES) throw new ExpectedError([unframed(end.stderr)]);
    return JSON.parse(await planJson(stack, { env, signal }));
  };
  // No stack waits for another: each is compared with its own state.
  await runInOrder(new Map(stacks.map(({ name }) => [name, []])), parallelism, async (name) => {
    try {
      plans.push({ stack: name, plan: await planOf(stacks.find((one) => one.name === name)!) });
    } catch (error) {
      errors.set(name, problemOfStack(error, signal));
    }
    onStack?.(name);
    return true;
  });
  // All at once, since a setting of a bucket may be another stack's.
  const today = formatDay(Date.now());
  const reviewed = reviewPlans({ environment, today, stacks: plans }).stacks;
  return {
    plans,
    stacks: stacks.map(({ name }) => {
      const resources = reviewed.find(({ stack }) => stack === name)?.drift ?? [];
      const error = errors.get(name);
      return { stack: name, resources, ...(error === undefined ? {} : { error }) };
    }),
  };
}
