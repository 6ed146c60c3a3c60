/**
 * What CreateTrail and UpdateTrail check before they take a trail's settings: first the request by
 * itself, then what it points to, through the policies in effect there.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html
 */
import { iamName, isTopicArn, parseArn, topicArn } from "../../cloudtrail/arn";
import { GetBucketEncryptionCommand } from "@aws-sdk/client-s3";
import { GetTopicAttributesCommand } from "@aws-sdk/client-sns";
import { accountFolder } from "../../cloudtrail/files/log-layout";
import {
  bucketNameProblem,
  keyPrefixProblem,
  topicNameProblem,
  trailNameProblem,
} from "../../cloudtrail/names";
import type { TrailIdentity } from "../../cloudtrail/trails/trail-identity";
import type { AccountClients } from "../account-clients";
import type { BucketHome, LivePolicies } from "../access/live-policies";
import * as errors from "./errors";
import { findKey } from "./keys";
import type { CreateTrailRequest, UpdateTrailRequest } from "./requests";
import type { KeyAction, ServiceAccess } from "./service-access";
import type { StoredTrailSettings } from "./trails";

/** Settings as the request gives them: a key may still be an alias, a topic a name. */
export interface RequestedSettings extends Omit<StoredTrailSettings, "kmsKeyArn" | "snsTopicArn"> {
  readonly kmsKeyId?: string;
  readonly snsTopic?: string;
}

/** What the checks look at. */
export interface TrailSurroundings {
  readonly clients: AccountClients;
  readonly policies: LivePolicies;
  readonly access: ServiceAccess;
}

/**
 * The settings after a request. What the request leaves out stays as it was; an empty string takes
 * a setting away.
 *
 * @param present of the trail that is changed; undefined for a new one
 */
export function requestedSettings(
  request: CreateTrailRequest | UpdateTrailRequest,
  present?: StoredTrailSettings,
): RequestedSettings {
  const text = (given: string | undefined, kept: string | undefined): string | undefined =>
    given === undefined ? kept : given || undefined;
  return {
    s3BucketName: request.S3BucketName ?? present?.s3BucketName ?? "",
    s3KeyPrefix: text(request.S3KeyPrefix, present?.s3KeyPrefix),
    snsTopic: text(request.SnsTopicName, present?.snsTopicArn),
    includeGlobalServiceEvents:
      request.IncludeGlobalServiceEvents ?? present?.includeGlobalServiceEvents ?? true,
    isMultiRegionTrail: request.IsMultiRegionTrail ?? present?.isMultiRegionTrail ?? false,
    logFileValidation: request.EnableLogFileValidation ?? present?.logFileValidation ?? false,
    cloudWatchLogsLogGroupArn: text(
      request.CloudWatchLogsLogGroupArn,
      present?.cloudWatchLogsLogGroupArn,
    ),
    cloudWatchLogsRoleArn: text(request.CloudWatchLogsRoleArn, present?.cloudWatchLogsRoleArn),
    kmsKeyId: text(request.KmsKeyId, present?.kmsKeyArn),
  };
}

/** @throws ServiceError where the request is wrong whatever it points to */
export function checkRequest(
  identity: TrailIdentity,
  settings: RequestedSettings,
  isOrganizationTrail: boolean | undefined,
): void {
  const nameProblem = trailNameProblem(identity.name);
  if (nameProblem !== undefined) throw errors.invalidTrailName(nameProblem);
  const bucketProblem = bucketNameProblem(settings.s3BucketName);
  if (bucketProblem !== undefined)
    throw errors.invalidS3BucketName(settings.s3BucketName, bucketProblem);
  if (settings.s3KeyPrefix !== undefined) {
    const problem = keyPrefixProblem(settings.s3KeyPrefix);
    if (problem !== undefined) throw errors.invalidS3Prefix(settings.s3KeyPrefix, problem);
  }
  if (settings.isMultiRegionTrail && !settings.includeGlobalServiceEvents)
    throw errors.invalidParameterCombination(
      "Multi-Region trail must include global service events.",
    );
  // No account of the local AWS is in an organization.
  if (isOrganizationTrail) throw errors.organizationsNotInUse();
  checkCloudWatchLogs(identity, settings);
}

/**
 * @returns the settings with ARNs for what they point to
 * @throws ServiceError where bucket, key or topic is missing or does not let CloudTrail in
 */
export async function checkDestinations(
  identity: TrailIdentity,
  requested: RequestedSettings,
  surroundings: TrailSurroundings,
): Promise<StoredTrailSettings> {
  const { kmsKeyId, snsTopic, ...settings } = requested;
  const home = surroundings.policies.bucketHome(settings.s3BucketName);
  if (home === undefined) throw errors.s3BucketDoesNotExist(settings.s3BucketName);
  const key =
    kmsKeyId === undefined
      ? undefined
      : await findKey(surroundings.clients, kmsKeyId, callerOf(identity));
  const checked: StoredTrailSettings = {
    ...settings,
    kmsKeyArn: key?.arn,
    snsTopicArn: snsTopic === undefined ? undefined : topicOf(identity, snsTopic),
  };

  checkBucketPolicy(identity, checked, surroundings.access);
  if (key !== undefined) {
    if (key.region !== home.region)
      throw errors.kmsKeyNotFound(
        `KMS key ${key.arn} is in ${key.region}, but S3 bucket ${settings.s3BucketName} is in ${home.region}.`,
      );
    if (key.metadata.KeyState !== "Enabled")
      throw errors.kmsProblem(`KMS key ${key.arn} is ${key.metadata.KeyState}, not Enabled.`);
    if (key.metadata.KeySpec !== "SYMMETRIC_DEFAULT")
      throw errors.kmsProblem(`KMS key ${key.arn} is ${key.metadata.KeySpec}, not symmetric.`);
    await checkKeyPolicy(identity, { ...checked, kmsKeyArn: key.arn }, home, surroundings);
  }
  if (checked.snsTopicArn !== undefined)
    await checkTopic(identity, checked.snsTopicArn, surroundings);
  return checked;
}

function checkBucketPolicy(
  identity: TrailIdentity,
  settings: StoredTrailSettings,
  access: ServiceAccess,
): void {
  const target = { identity, ...settings };
  const folder = accountFolder(identity.accountId, settings.s3KeyPrefix);
  const folders = [
    `${folder}CloudTrail/`,
    ...(settings.logFileValidation ? [`${folder}CloudTrail-Digest/`] : []),
  ];
  if (
    !access.mayReadBucketAcl(target) ||
    !folders.every((path) => access.mayPutObject(target, path))
  )
    throw errors.insufficientS3BucketPolicy(settings.s3BucketName);
}

async function checkKeyPolicy(
  identity: TrailIdentity,
  settings: StoredTrailSettings & { readonly kmsKeyArn: string },
  home: BucketHome,
  { clients, access }: TrailSurroundings,
): Promise<void> {
  const actions: readonly KeyAction[] = [
    "kms:GenerateDataKey",
    "kms:DescribeKey",
    ...((await hasBucketKey(clients, settings.s3BucketName, home)) ? ["kms:Decrypt" as const] : []),
  ];
  if (!actions.every((action) => access.mayUseKey({ identity, ...settings }, action)))
    throw errors.insufficientEncryptionPolicy(settings.s3BucketName, settings.kmsKeyArn);
}

/** Whether the bucket has an S3 Bucket Key: CloudTrail then has to decrypt as well. */
async function hasBucketKey(
  clients: AccountClients,
  bucket: string,
  home: BucketHome,
): Promise<boolean> {
  try {
    const { ServerSideEncryptionConfiguration } = await clients
      .s3(home.accountId, home.region)
      .send(new GetBucketEncryptionCommand({ Bucket: bucket }));
    return (ServerSideEncryptionConfiguration?.Rules ?? []).some((rule) => rule.BucketKeyEnabled);
  } catch (error) {
    if (error instanceof Error && error.name === "ServerSideEncryptionConfigurationNotFoundError")
      return false;
    throw error;
  }
}

/** A topic's name means one in the trail's own account and region; others go by ARN. */
function topicOf(identity: TrailIdentity, topic: string): string {
  if (isTopicArn(parseArn(topic))) return topic;
  if (topicNameProblem(topic) !== undefined) throw errors.invalidSnsTopicName(topic);
  return topicArn({ ...identity, region: identity.homeRegion, topicName: topic });
}

export async function checkTopic(
  identity: TrailIdentity,
  arn: string,
  { clients, access }: TrailSurroundings,
): Promise<void> {
  const { region, account: accountId } = parseArn(arn)!;
  const attributes = await clients
    .sns(accountId, region)
    .send(new GetTopicAttributesCommand({ TopicArn: arn }))
    .catch((error: unknown) => {
      if (error instanceof Error && error.name === "NotFoundException")
        throw errors.insufficientSnsTopicPolicy();
      throw error;
    });
  if (!access.mayPublish(identity, arn)) throw errors.insufficientSnsTopicPolicy();
  const topicKey = attributes.Attributes?.["KmsMasterKeyId"];
  if (!topicKey) return;
  const key = await findKey(clients, topicKey, { accountId, region });
  if (!access.mayUseTopicKey(identity, key.arn, arn)) throw errors.insufficientSnsTopicPolicy();
}

/** The form of the two ARNs, and that the log group is the trail's own account's. */
function checkCloudWatchLogs(identity: TrailIdentity, settings: RequestedSettings): void {
  const { cloudWatchLogsLogGroupArn: group, cloudWatchLogsRoleArn: role } = settings;
  if (group === undefined && role === undefined) return;
  if (group === undefined || role === undefined)
    throw errors.invalidParameterCombination(
      "CloudWatchLogsLogGroupArn and CloudWatchLogsRoleArn have to be given together.",
    );
  const parsed = parseArn(group);
  const isLogGroup = parsed?.service === "logs" && /^log-group:[^:]+:\*$/.test(parsed.resource);
  if (!isLogGroup || parsed.account !== identity.accountId)
    throw errors.invalidCloudWatchLogsLogGroupArn(
      `${group} is not a log group of account ${identity.accountId}.`,
    );
  if (iamName(parseArn(role))?.kind !== "role")
    throw errors.invalidCloudWatchLogsRoleArn(`${role} is not the ARN of a role.`);
}

function callerOf({ accountId, homeRegion }: TrailIdentity) {
  return { accountId, region: homeRegion };
}
