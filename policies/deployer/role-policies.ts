import type { TrailIdentity } from "../../cloudtrail/trails/trail-identity";
import type { PolicyDocument, Statement } from "../../iam/policy-document";
import {
  askForBuckets,
  changeBuckets,
  type DeployedBuckets,
  readBuckets,
  readNotificationsOf,
} from "./bucket-statements";
import {
  askForKeys,
  changeKeys,
  type DeployedKey,
  type DeployedKeys,
  findKeys,
  keyResources,
  readKeys,
} from "./key-statements";
import {
  askForSubscriptions,
  changeNotifications,
  type DeployedTopic,
  readNotifications,
} from "./notification-statements";
import { changeQuery, type DeployedQuery, readQuery } from "./query-statements";
import {
  askForTrail,
  changeTrail,
  checkTrail,
  readTrail,
  type TrailSelectors,
} from "./trail-statements";
import { findLogFiles, findPublicKeys, readLogFiles } from "./verify-statements";

/** What the destination account's roles look after. */
export interface DestinationResources extends Omit<DeployedBuckets, "partition">, TrailSelectors {
  /**
   * The part of every log file's key before `AWSLogs/`.
   * @default - none
   */
  readonly s3KeyPrefix?: string;
  /** The destination account's own trail; its partition is that of all the rest. */
  readonly trail: TrailIdentity;
  /** The region of keys, topic, queue, and what queries need. */
  readonly region: string;
  /**
   * The key that is made for the log files.
   * @default - none is made
   */
  readonly key?: DeployedKey;
  /**
   * The ARN of a key for the log files that somebody else made.
   * @default - none
   */
  readonly existingKeyArn?: string;
  /**
   * The topic with its queue, and the key that is made for both.
   * @default - no notifications
   */
  readonly notifications?: Pick<DeployedTopic, "topicName" | "queueName"> & {
    readonly key: DeployedKey;
  };
  /**
   * The table over the logs and the workgroup to query it in.
   * @default - none are made
   */
  readonly query?: Pick<DeployedQuery, "database" | "table" | "workgroup">;
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
  const keys = deployedKeys(resources);
  const topic = deployedTopic(resources);
  const query = deployedQuery(resources);
  return document(
    ...readDestination(resources),
    readNotificationsOf({ ...resources, partition: trail.partition }),
    ...(keys ? findKeys(keys) : []),
    ...changeBuckets({ ...resources, partition: trail.partition }, mayDelete),
    ...(keys ? changeKeys(keys, mayDelete) : []),
    ...(topic ? changeNotifications(topic, mayDelete) : []),
    ...(query ? changeQuery(query, mayDelete) : []),
    changeTrail(trail, resources, mayDelete),
  );
}

/**
 * The permissions of the role that plans the destination account and looks for drift: it reads
 * settings, no log file, and changes nothing.
 */
export function destinationPlanPolicy(resources: DestinationResources): PolicyDocument {
  const { trail } = resources;
  const keys = deployedKeys(resources);
  const topic = deployedTopic(resources);
  return document(
    ...readDestination(resources),
    askForTrail(trail),
    ...askForBuckets({ ...resources, partition: trail.partition }, resources.region),
    ...(keys ? [askForKeys(keys)] : []),
    ...(topic ? askForSubscriptions(topic) : []),
  );
}

/**
 * What verifying and searching the logs takes beside the roles for plans: to read all accounts'
 * files, which are in the destination. A document of its own, so that who plans need not have it.
 */
export function destinationVerifyPolicy(resources: DestinationResources): PolicyDocument {
  return document(...readAllLogs(resources));
}

/**
 * All the permissions of a role that verifies and searches the logs and does nothing else, so that
 * no role for plans needs to read them.
 */
export function destinationVerifierPolicy(resources: DestinationResources): PolicyDocument {
  return document(
    checkTrail(resources.trail),
    findLogFiles({ ...resources, ...place(resources) }),
    ...readAllLogs(resources),
  );
}

function readAllLogs(resources: DestinationResources): Statement[] {
  return [
    findPublicKeys(),
    ...readLogFiles({ ...resources, ...place(resources), keyArn: logKey(resources) }),
  ];
}

/**
 * The permissions of the role that deploys a member account: its one trail. It needs nothing in the
 * destination account, since bucket and key take CloudTrail's calls and not the deployer's.
 */
export function memberDeployerPolicy({
  trail,
  mayDelete = false,
  ...selectors
}: { readonly trail: TrailIdentity } & TrailSelectors & DeployerRights): PolicyDocument {
  return document(...readTrail(trail), changeTrail(trail, selectors, mayDelete));
}

/** The permissions of the role that plans a member account and looks for drift. */
export function memberPlanPolicy(trail: TrailIdentity): PolicyDocument {
  return document(...readTrail(trail), askForTrail(trail));
}

function readDestination(resources: DestinationResources): Statement[] {
  const keys = deployedKeys(resources);
  const topic = deployedTopic(resources);
  const query = deployedQuery(resources);
  return [
    readBuckets({ ...resources, partition: resources.trail.partition }),
    ...(keys ? readKeys(keys) : []),
    ...(topic ? readNotifications(topic) : []),
    ...(query ? readQuery(query) : []),
    ...readTrail(resources.trail),
  ];
}

function deployedKeys(resources: DestinationResources): DeployedKeys | undefined {
  const keys = [resources.key, resources.notifications?.key].filter((key) => key !== undefined);
  return keys.length === 0 ? undefined : { ...place(resources), keys };
}

/** The ARN of the log key, or of every key that it may be; undefined with SSE-S3. */
function logKey(resources: DestinationResources): string | undefined {
  const { key, existingKeyArn } = resources;
  return key ? keyResources({ ...place(resources), keys: [key] })[0] : existingKeyArn;
}

function deployedTopic(resources: DestinationResources): DeployedTopic | undefined {
  const { notifications } = resources;
  return notifications && { ...notifications, ...place(resources) };
}

function deployedQuery(resources: DestinationResources): DeployedQuery | undefined {
  const { query } = resources;
  return query && { ...query, ...place(resources) };
}

function place({
  trail,
  region,
}: DestinationResources): Pick<DeployedTopic, "partition" | "accountId" | "region"> {
  return { partition: trail.partition, accountId: trail.accountId, region };
}

function document(...Statement: readonly Statement[]): PolicyDocument {
  return { Version: "2012-10-17", Statement };
}
