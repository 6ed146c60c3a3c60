import type { ITerraformDependable, TerraformRemoteState } from "cdktf";
import { Construct } from "constructs";
import {
  destinationPolicyInputs,
  destinationProblems,
  type DestinationPolicySettings,
  readerIdentityPolicies,
} from "../../policies/documents/destination-policies";
import { LogBucket } from "../log-bucket/log-bucket";
import { LogEncryptionKey } from "../log-encryption-key/log-encryption-key";
import type { ModuleOptions } from "../module-options";
import { NotificationTopic } from "../notification-topic/notification-topic";
import { policyJson } from "../policy-json";
import { Trail, type TrailSettings } from "../trail/trail";
import { Gate } from "./gate";
import type { ILogDestination, LogDestinationAttributes } from "./i-log-destination";
import { PolicyWait } from "./policy-wait";
import { RemoteLogDestination } from "./remote-log-destination";

/** A key that is made together with the bucket. */
export interface NewKeyOptions {
  /** The new key's alias, without `alias/`. */
  readonly alias: string;
  /**
   * Days between the order to delete the key and its deletion, 7 to 30.
   * @default 30
   */
  readonly deletionWindowDays?: number;
}

/**
 * Props of {@link LogDestination}: what its policies follow from, and the rest.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-receive-logs-from-multiple-accounts.html
 */
export interface LogDestinationProps extends ModuleOptions, DestinationPolicySettings {
  /**
   * How the destination account's own trail logs.
   * @default - see {@link TrailSettings}
   */
  readonly trailSettings?: TrailSettings;
  /**
   * A KMS key to make for the log files.
   * @default - no key is made: `existingKmsKeyArn`, else SSE-S3
   */
  readonly newKey?: NewKeyOptions;
  /**
   * Seconds between the last change of a policy and the first trail. AWS gives no figure for how long
   * S3 and KMS take to apply a policy; it is seconds as a rule. 30 is a cautious guess that was not
   * tried on real AWS: with too short a wait the deploy fails with
   * InsufficientS3BucketPolicyException and succeeds when it is run again.
   * @default 30
   */
  readonly policyWaitSeconds?: number;
}

/**
 * The bucket, its key, the destination account's own trail, and the gate that lets members in. The
 * order is AWS's: nothing of a member comes before the destination's trail is logging and the
 * cross-account policies are in force.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-receive-logs-from-multiple-accounts.html
 */
export class LogDestination extends Construct implements ILogDestination {
  /** A bucket that is not made in this app and whose policies already let the trails in. */
  static fromAttributes(attributes: LogDestinationAttributes): ILogDestination {
    return attributes;
  }

  /**
   * A destination in another state, read by the gate's output names (`GATE_OUTPUTS`).
   *
   * @param state the state of the stack that holds the destination
   * @param stackName that stack's name, for the message to people who deploy in the wrong order
   */
  static fromRemoteState(state: TerraformRemoteState, stackName: string): ILogDestination {
    return new RemoteLogDestination(state, stackName);
  }

  /** The bucket. */
  readonly bucket: LogBucket;
  /** The key, where one is made. */
  readonly encryptionKey?: LogEncryptionKey;
  /** The topic, where one is made. */
  readonly notifications?: NotificationTopic;
  /** The destination account's own trail. */
  readonly trail: Trail;
  /** The bucket's name. */
  readonly bucketName: string;
  /** The part of every log file's key before `AWSLogs/`. */
  readonly keyPrefix?: string;
  /** The ARN of the key, made or given; undefined with SSE-S3. */
  readonly kmsKeyArn?: string;
  /** The policies that readers of other accounts need there, by the reader's name: JSON texts. */
  readonly readerIdentityPolicies: Readonly<Record<string, string>>;
  /** The ARN of the topic, where one is made. */
  readonly snsTopic?: string;
  /** The gate: what a trail in the same stack has to wait for. */
  readonly dependsOn: readonly ITerraformDependable[];

  /**
   * @throws Error where a prop is not one that AWS takes, a trail is listed twice, trails are of
   *   several partitions, both a new and an existing key are given, the bucket policy's shape lacks
   *   the organization's ID, or a deny the role that it has to spare
   */
  constructor(scope: Construct, id: string, props: LogDestinationProps) {
    super(scope, id);
    const { provider, throwaway, bucketName, keyPrefix, bucketKey, newKey } = props;
    if (newKey !== undefined && props.existingKmsKeyArn !== undefined) {
      throw new Error(
        `${this.node.path}: newKey and existingKmsKeyArn are both given; the bucket has one key.`,
      );
    }
    const inputs = destinationPolicyInputs(props);
    const common = { provider, throwaway };

    if (newKey && inputs.key) {
      this.encryptionKey = new LogEncryptionKey(this, "key", {
        ...{ ...common, ...inputs.key },
        ...newKey,
      });
    }
    this.kmsKeyArn = this.encryptionKey?.arn ?? props.existingKmsKeyArn;
    this.bucket = new LogBucket(this, "bucket", {
      ...{ ...common, ...inputs.bucket, objectLock: props.objectLock },
      encryption: { kmsKeyArn: this.kmsKeyArn, bucketKey },
    });
    if (inputs.topic) {
      this.notifications = new NotificationTopic(this, "notifications", {
        ...{ provider, ...inputs.topic },
        queueName: props.notifications?.queueName,
      });
    }
    this.snsTopic = this.notifications?.arn;
    this.bucketName = bucketName;
    this.keyPrefix = keyPrefix;
    // Last, since it needs documents, and settings that make none are refused above.
    const problems = destinationProblems(props);
    this.node.addValidation({ validate: () => problems });

    const { encryptionKey: key, notifications } = this;
    const policies = {
      bucket: policyJson(this.bucket.policy),
      ...(key ? { key: policyJson(key.policy) } : {}),
      ...(notifications
        ? {
            topic: policyJson(notifications.policy),
            topicKey: policyJson(notifications.keyPolicy),
          }
        : {}),
    };
    const carriers = [
      this.bucket.bucketPolicy,
      ...(key ? [key.key] : []),
      ...(notifications?.policyCarriers ?? []),
    ];
    const wait = new PolicyWait(this, "policy-wait", {
      seconds: props.policyWaitSeconds ?? 30,
      policies,
      keyArn: key?.arn,
      after: carriers,
    });
    this.readerIdentityPolicies = Object.fromEntries(
      Object.entries(readerIdentityPolicies(props, this.kmsKeyArn)).map(([name, document]) => [
        name,
        policyJson(document),
      ]),
    );
    const { kmsKeyArn, snsTopic } = this;
    const attributes = { bucketName, keyPrefix, kmsKeyArn, snsTopic };
    this.trail = new Trail(this, "trail", {
      ...common,
      ...props.trailSettings,
      identity: props.trail,
      destination: {
        ...attributes,
        snsTopic: notifications?.topic.name,
        dependsOn: [wait.resource],
      },
    });
    const gate = new Gate(this, "gate", {
      ...attributes,
      trails: inputs.bucket.trails,
      after: [...carriers, wait.resource, this.trail.trail],
    });
    this.dependsOn = [gate.resource];
  }
}
