import type { Account, Environment } from "./types";

/**
 * The names of an environment's stacks. They are the names of the state files too, so a change
 * would lose track of what is deployed; they start with the environment's name so that environments
 * never share a state.
 */
export const stackNames = {
  /** Bucket, key, policies, the destination's own trail, and the gate. */
  destination: (environment: Pick<Environment, "name">): string =>
    `${environment.name}-destination`,
  /**
   * Lifecycle rules, access logs and the table for queries: what no member waits for. `cdktf
   * deploy` starts stacks in the order of their names as places come free, so this name has to come
   * after the members'.
   */
  upkeep: (environment: Pick<Environment, "name">): string => `${environment.name}-upkeep`,
  /** One member's trail. The account ID, since a member's name may change. */
  member: (environment: Pick<Environment, "name">, member: Pick<Account, "account">): string =>
    `${environment.name}-member-${member.account}`,
};
