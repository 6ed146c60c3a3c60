/**
 * The policies of one destination from one set of settings: what the modules put in force, what is
 * printed for people, and what is wrong with it before anything is deployed.
 */
import type { TrailIdentity } from "../../cloudtrail/trails/trail-identity";
import type { PolicyDocument } from "../../iam/policy-document";
import { standInKeyArn } from "../../cloudtrail/arn";
import {
  bucketPolicyBudget,
  keyPolicyBudget,
  topicPolicyBudget,
  type ShapedBudget,
} from "../shapes/budget";
import type { Hardening } from "../hardening/hardening-options";
import { logBucketPolicy } from "./log-bucket-policy";
import type {
  LogBucketPolicyInput,
  LogKeyPolicyInput,
  NotificationKeyPolicyInput,
  NotificationTopicPolicyInput,
} from "./inputs";
import { type LogEncryption, makesKey } from "./log-encryption";
import { logKeyPolicy } from "./log-key-policy";
import {
  notificationKeyPolicy,
  notificationQueuePolicy,
  notificationTopicPolicy,
  type Notifications,
} from "./notification-topic-policy";
import type { OwnStatements } from "./own-statements";
import type { ObjectLock } from "../hardening/object-lock";
import { type LogReader, needsIdentityPolicy, readerIdentityPolicy } from "../readers/readers";
import type { CloudTrailPrincipalInput } from "./service-principal";
import type { BucketPolicyShape, KeyPolicyShape, TopicPolicyShape } from "../shapes/shapes";
import { TrailRegistry } from "../trail-registry";

/**
 * What is chosen of a destination's policies: the environment file and the modules have it in the
 * same words.
 */
export interface DestinationPolicyOptions extends CloudTrailPrincipalInput {
  /**
   * In which words the bucket policy says whose trails may deliver; bucket-shapes.ts has a page on
   * each.
   * @default "trail-arns"
   */
  readonly bucketPolicyShape?: BucketPolicyShape;
  /**
   * The same for the key policy; key-shapes.ts has a page on each.
   * @default "trail-arns"
   */
  readonly keyPolicyShape?: KeyPolicyShape;
  /**
   * The same for the topic policy; topic-shapes.ts has a page on each.
   * @default "trail-arns"
   */
  readonly topicPolicyShape?: TopicPolicyShape;
  /**
   * The organization's ID, `o-…`, for the bucket policy's shape `source-org-id`.
   * @default - none; the other shapes need none
   */
  readonly organizationId?: string;
  /**
   * Who may read whose logs.
   * @default - nobody by these policies
   */
  readonly readers?: readonly LogReader[];
  /**
   * What is denied on top.
   * @default - plain HTTP alone
   */
  readonly hardening?: Hardening;
  /**
   * Object Lock of the log bucket. Once a bucket has it, S3 never turns it off.
   * @default - none
   */
  readonly objectLock?: ObjectLock;
  /**
   * A topic that CloudTrail notifies of each log file, for the trails of all accounts.
   * @default - none
   */
  readonly notifications?: Notifications;
  /**
   * Statements of one's own for the policies of bucket, key and topic.
   * @default - none
   */
  readonly statements?: OwnStatements;
}

/** What a destination's policies follow from. */
export interface DestinationPolicySettings extends DestinationPolicyOptions {
  /** The log bucket's name. */
  readonly bucketName: string;
  /**
   * The part of every log file's key before `AWSLogs/`.
   * @default - none
   */
  readonly s3KeyPrefix?: string;
  /**
   * The destination account's own trail: its account, region and partition are the destination's.
   */
  readonly trail: TrailIdentity;
  /**
   * The trails of other accounts, those that are to be deleted soon included: as long as one is
   * listed its files come in.
   * @default - none
   */
  readonly memberTrails?: readonly TrailIdentity[];
  /**
   * How log files are encrypted. `{ sseAlgorithm: "AES256" }` for SSE-S3.
   * @default - with a KMS key that is made for them
   */
  readonly encryption?: LogEncryption;
  /**
   * Whether the destination is made to be destroyed.
   * @default false
   */
  readonly throwaway?: boolean;
}

/** The input of each of a destination's policies. */
export interface DestinationPolicyInputs {
  /** The bucket policy's. */
  readonly bucket: LogBucketPolicyInput;
  /**
   * The policy of the key that is made.
   * @default - no key is made
   */
  readonly key?: LogKeyPolicyInput;
  /**
   * The policies of the topic that is made, and of its key.
   * @default - no topic is made
   */
  readonly topic?: NotificationTopicPolicyInput & NotificationKeyPolicyInput;
}

/**
 * The inputs of a destination's policies, all from one registry of trails.
 *
 * @param newKeyArn the ARN of the key that is made; without it, one that is as long stands for it
 * @throws Error where a trail is listed twice, or trails are of several partitions
 */
export function destinationPolicyInputs(
  settings: DestinationPolicySettings,
  newKeyArn?: string,
): DestinationPolicyInputs {
  const { bucketName, s3KeyPrefix, organizationId, notifications } = settings;
  const { encryption, statements } = settings;
  const { partition, accountId, homeRegion: region } = settings.trail;
  const trails = new TrailRegistry([settings.trail, ...(settings.memberTrails ?? [])]);
  const made = newKeyArn ?? standInKeyArn({ partition, region, accountId });
  const common = { partition, trails, servicePrincipal: settings.servicePrincipal };
  const people = { readers: settings.readers, hardening: settings.hardening };
  return {
    bucket: {
      ...common,
      ...people,
      bucketName,
      s3KeyPrefix,
      organizationId,
      shape: settings.bucketPolicyShape,
      kmsKeyArn: makesKey(encryption) ? made : encryption?.kmsKeyArn,
      statements: statements?.bucket,
    },
    ...(makesKey(encryption)
      ? {
          key: {
            ...common,
            ...people,
            accountId,
            bucketKeyEnabled: encryption?.bucketKeyEnabled,
            shape: settings.keyPolicyShape,
            statements: statements?.key,
          },
        }
      : {}),
    ...(notifications
      ? {
          topic: {
            ...common,
            accountId,
            region,
            topicName: notifications.topicName,
            shape: settings.topicPolicyShape,
            queue: notifications.queueName !== undefined,
            statements: statements?.topic,
          },
        }
      : {}),
  };
}

/** A destination's policies. */
export interface DestinationDocuments {
  /** Of the log bucket. */
  readonly bucket: PolicyDocument;
  /**
   * Of the key that is made.
   * @default - none is made: an existing key's policy is not ours, and SSE-S3 has none
   */
  readonly key?: PolicyDocument;
  /** @default - no topic is made */
  readonly topic?: PolicyDocument;
  /** Of the key of topic and queue. @default - no topic is made */
  readonly topicKey?: PolicyDocument;
  /** @default - no queue is made */
  readonly queue?: PolicyDocument;
}

/**
 * A destination's policies, as the modules put them in force.
 *
 * @param newKeyArn the ARN of the key that is made; without it, one that is as long stands for it
 * @throws Error where there is no document for the settings: an organization without its ID, a deny
 *   without the role that it has to spare
 */
export function destinationDocuments(
  settings: DestinationPolicySettings,
  newKeyArn?: string,
): DestinationDocuments {
  const { bucket, key, topic } = destinationPolicyInputs(settings, newKeyArn);
  const queueName = settings.notifications?.queueName;
  return {
    bucket: logBucketPolicy(bucket),
    ...(key ? { key: logKeyPolicy(key) } : {}),
    ...(topic
      ? { topic: notificationTopicPolicy(topic), topicKey: notificationKeyPolicy(topic) }
      : {}),
    ...(topic && queueName !== undefined
      ? { queue: notificationQueuePolicy(topic, queueName) }
      : {}),
  };
}

/**
 * The policies that readers of other accounts need there, by the reader's name.
 *
 * @param newKeyArn as for {@link destinationPolicyInputs}
 */
export function readerIdentityPolicies(
  settings: DestinationPolicySettings,
  newKeyArn?: string,
): Readonly<Record<string, PolicyDocument>> {
  const { bucket } = destinationPolicyInputs(settings, newKeyArn);
  return Object.fromEntries(
    (settings.readers ?? [])
      .filter((reader) => needsIdentityPolicy(reader, settings.trail.accountId))
      .map((reader) => [reader.name, readerIdentityPolicy(reader, bucket, bucket.kmsKeyArn)]),
  );
}

/**
 * The documents that grow with accounts, against their limits.
 *
 * @throws Error as {@link destinationDocuments}
 */
export function destinationBudgets(settings: DestinationPolicySettings): ShapedBudget[] {
  const { bucket, key, topic } = destinationPolicyInputs(settings);
  return [
    bucketPolicyBudget(bucket),
    ...(key ? [keyPolicyBudget(key)] : []),
    ...(topic ? [topicPolicyBudget(topic)] : []),
  ];
}
