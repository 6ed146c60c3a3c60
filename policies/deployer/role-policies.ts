import type { TrailIdentity } from "../../cloudtrail/trail-identity";
import type { PolicyDocument, Statement } from "../../iam/policy-document";
import { changeBuckets, type DeployedBuckets, readBuckets } from "./bucket-statements";
import { changeKey, type DeployedKey, readKey } from "./key-statements";
import { changeTrail, readTrail } from "./trail-statements";

/** What the destination account's roles look after. */
export interface DestinationResources extends Omit<DeployedBuckets, "partition"> {
  /** The destination account's own trail; its partition is that of all the rest. */
  readonly trail: TrailIdentity;
  /**
   * The key that is made for the log files.
   * @default - none is made
   */
  readonly key?: Pick<DeployedKey, "region" | "alias" | "keyArn">;
}

/** What a deployer's role may do beside making and changing. */
export interface DeployerRights {
  /**
   * Whether it may delete what it made. Terraform never asks for that where `prevent_destroy`
   * stands, except for a trail that is retiring.
   * @default false
   */
  readonly mayDelete?: boolean;
}

/** The permissions of the role that deploys the destination account. */
export function destinationDeployerPolicy(
  resources: DestinationResources & DeployerRights,
): PolicyDocument {
  const { trail, mayDelete = false } = resources;
  const key = deployedKey(resources);
  return document(
    ...readDestination(resources),
    ...changeBuckets({ ...resources, partition: trail.partition }, mayDelete),
    ...(key ? changeKey(key, mayDelete) : []),
    changeTrail(trail, mayDelete),
  );
}

/** The permissions of the role that plans the destination account: it reads, and changes nothing. */
export function destinationPlanPolicy(resources: DestinationResources): PolicyDocument {
  return document(...readDestination(resources));
}

/**
 * The permissions of the role that deploys a member account: its one trail. It needs nothing in the
 * destination account, since bucket and key take CloudTrail's calls and not the deployer's.
 */
export function memberDeployerPolicy({
  trail,
  mayDelete = false,
}: { readonly trail: TrailIdentity } & DeployerRights): PolicyDocument {
  return document(...readTrail(trail), changeTrail(trail, mayDelete));
}

/** The permissions of the role that plans a member account. */
export function memberPlanPolicy(trail: TrailIdentity): PolicyDocument {
  return document(...readTrail(trail));
}

function readDestination(resources: DestinationResources): Statement[] {
  const key = deployedKey(resources);
  return [
    readBuckets({ ...resources, partition: resources.trail.partition }),
    ...(key ? readKey(key) : []),
    ...readTrail(resources.trail),
  ];
}

function deployedKey({ trail, key }: DestinationResources): DeployedKey | undefined {
  return key && { ...key, partition: trail.partition, accountId: trail.accountId };
}

function document(...Statement: readonly Statement[]): PolicyDocument {
  return { Version: "2012-10-17", Statement };
}
