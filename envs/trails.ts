import type { EventContext, ExcludedBucket } from "../cloudtrail/selection/event-settings";
import type { ServiceCaller } from "../cloudtrail/service/calls";
import type { TrailIdentity } from "../cloudtrail/trails/trail-identity";
import type { Account, Destination, Environment } from "./types";

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
export function environmentTrails(environment: Environment): readonly TrailIdentity[] {
  return [environment.destination, ...environment.members].map((account) =>
    trailIdentity(environment, account),
  );
}

/**
 * CloudTrail as it calls for a trail that delivers to the environment's bucket. The environment's
 * accounts are taken to be in its organization, where it names one; others are not.
 */
export function callerFor(
  { destination, members }: Pick<Environment, "destination" | "members">,
  identity: TrailIdentity,
): ServiceCaller {
  const { organizationId, servicePrincipal } = destination;
  const isOurs = [destination, ...members].some(({ account }) => account === identity.accountId);
  return {
    trail: {
      kind: "account",
      identity,
      organizationId: isOurs ? organizationId : undefined,
    },
    servicePrincipal,
  };
}

/** The buckets whose own object-level events no trail may record. */
export function logBuckets({
  bucket,
  prefix,
  accessLogBucket,
}: Pick<Destination, "bucket" | "prefix" | "accessLogBucket">): readonly ExcludedBucket[] {
  return [
    { name: bucket, s3KeyPrefix: prefix },
    ...(accessLogBucket === undefined ? [] : [{ name: accessLogBucket }]),
  ];
}

/** What an account's selection of events depends on. */
export function eventContext(environment: Environment, account: Account): EventContext {
  return {
    trail: trailIdentity(environment, account),
    isMultiRegionTrail: account.trail.multiRegion,
    logBuckets: logBuckets(environment.destination),
  };
}
