import type { Environment } from "../../envs/types";
import { ExpectedError } from "../expected-error";
import { CHANGES, planJson, problemOfStack, savePlan } from "../plan/saved-plan";
import { type ReviewedResource, reviewPlans } from "../review/review";
import { runInOrder } from "../stack-order";
import { type AppOptions, synthesize, type SynthesizedStack } from "../synthesis";
import { AS_PLAN_ROLE } from "../plan-role";
import { initializer, unframed } from "../terraform";

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
  readonly onStack?: (drift: StackDrift) => void;
}

/** Compares what Terraform has in its states with what AWS says, and changes nothing. */
export async function stackDrift(given: StackDriftOptions): Promise<readonly StackDrift[]> {
  const options = { ...given, env: { ...given.env, ...AS_PLAN_ROLE } };
  const { environment, env, signal, parallelism = 2, onStack } = options;
  const stacks = await synthesize(options);
  const init = initializer({ env, signal });
  const found = new Map<string, StackDrift>();
  /** What can't be looked at hides nothing of the others. */
  const ofStack = async (stack: SynthesizedStack): Promise<StackDrift> => {
    try {
      let end = await init(stack);
      if (end.code === 0) end = await savePlan(stack, { env, signal }, ["-refresh-only"]);
      if (end.code !== 0 && end.code !== CHANGES) throw new ExpectedError([unframed(end.stderr)]);
      return { stack: stack.name, resources: await drifted(environment, stack, options) };
    } catch (error) {
      return { stack: stack.name, resources: [], error: problemOfStack(error, signal) };
    }
  };
  // No stack waits for another: each is compared with its own state.
  await runInOrder(new Map(stacks.map(({ name }) => [name, []])), parallelism, async (name) => {
    const drift = await ofStack(stacks.find((one) => one.name === name)!);
    found.set(name, drift);
    onStack?.(drift);
    return true;
  });
  return stacks.map(({ name }) => found.get(name)!);
}

async function drifted(
  environment: Environment,
  stack: { readonly name: string; readonly folder: string },
  { env, signal }: StackDriftOptions,
): Promise<readonly ReviewedResource[]> {
  const plan: unknown = JSON.parse(await planJson(stack, { env, signal }));
  const { stacks } = reviewPlans({ environment, stacks: [{ stack: stack.name, plan }] });
  return stacks[0]!.drift;
}
