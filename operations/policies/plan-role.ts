import type { Environment } from "../../envs/types";

/** For the app's environment: stacks that assume the roles that only read, where there are some. */
export const AS_PLAN_ROLE = { CENTRAL_TRAIL_ROLES: "plan" } as const;

/**
 * Whether plans are made by other roles than deploys. Terraform applies a saved plan with the roles
 * of providers and backend that it was made with, so such a plan is for reading alone.
 */
export function hasPlanRole({ deployer }: Pick<Environment, "deployer">): boolean {
  return deployer.planRole !== undefined;
}
