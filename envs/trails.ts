import type { TrailIdentity } from "../cloudtrail/trail-identity";
import type { Account, Environment } from "./types";

/** The trail of one account of the environment. */
export function trailIdentity(
  environment: Pick<Environment, "partition">,
  account: Pick<Account, "account" | "region" | "trail">,
): TrailIdentity {
  return {
    partition: environment.partition,
    homeRegion: account.region,
    accountId: account.account,
    name: account.trail.name,
  };
}

/**
 * All trails that the environment's policies name: the destination's first, then the members' in
 * the file's order, retiring ones included.
 */
export function trailIdentities(environment: Environment): readonly TrailIdentity[] {
  return [environment.destination, ...environment.members].map((account) =>
    trailIdentity(environment, account),
  );
}
