import { ExpectedError } from "../expected-error";
import { checkPlan, PlanError } from "../../review/plans/plan-format";
import { readPlan } from "../../review/plans/plan-json";
import type { ProcessEnd } from "../runs/run-process";
import type { SynthesizedStack } from "../terraform/synthesis";
import { PLAIN, terraform, type TerraformOptions, unframed } from "../terraform/terraform";

/** A stack's folder, initialized. */
type Stack = Pick<SynthesizedStack, "name" | "folder">;

/** Terraform's plan of a stack, in the stack's own folder. */
export const PLAN_FILE = "plan.tfplan";

/** The exit code of {@link savePlan} where the plan changes something; 0 means no changes. */
export const CHANGES = 2;

/** Makes a stack's plan and saves it. */
export function savePlan(
  stack: Stack,
  options: TerraformOptions,
  more: readonly string[] = [],
): Promise<ProcessEnd> {
  const args = ["plan", `-out=${PLAN_FILE}`, "-detailed-exitcode", ...PLAIN, ...more];
  return terraform(stack, args, options);
}

/**
 * Applies the saved plan; Terraform refuses it where the state is not the one that it was made
 * from.
 */
export function applyPlan(
  stack: Stack,
  options: TerraformOptions,
  more: readonly string[] = [],
): Promise<ProcessEnd> {
  return terraform(stack, ["apply", ...PLAIN, ...more, PLAN_FILE], options);
}

/**
 * The saved plan as Terraform's JSON.
 *
 * @throws ExpectedError where Terraform cannot show it
 * @throws PlanError where it is nothing that the review can read
 */
export async function planJson(
  stack: Stack,
  options: Omit<TerraformOptions, "onLine">,
): Promise<string> {
  let json = "";
  const { code, stderr } = await terraform(stack, ["show", "-json", PLAN_FILE], {
    ...options,
    // Warnings come by the same way.
    onLine: (_, line) => {
      if (line.startsWith("{")) json = line;
    },
  });
  if (code !== 0) throw new ExpectedError([`${stack.name}: ${unframed(stderr)}`]);
  if (json === "") throw new ExpectedError([`${stack.name}: Terraform shows nothing of its plan.`]);
  readPlan(checkPlan(JSON.parse(json)), () => false);
  return json;
}

/**
 * What was said where one stack can't be planned or read, which is to hide no other.
 *
 * @throws what is not matter of a stack's own: a fault of this program, or the end by the signal
 */
export function problemOfStack(error: unknown, signal: AbortSignal | undefined): string {
  if ((error instanceof ExpectedError || error instanceof PlanError) && !signal?.aborted)
    return error.message;
  throw error;
}
