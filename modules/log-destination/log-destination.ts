import type { ITerraformDependable, TerraformRemoteState } from "cdktf";
import { Construct } from "constructs";
import type { TrailIdentity } from "../../cloudtrail/trail-identity";
import { minify } from "../../iam/policy-document";
import { TrailRegistry } from "../../policies/trail-registry";
import { LogBucket } from "../log-bucket/log-bucket";
import { LogEncryptionKey } from "../log-encryption-key/log-encryption-key";
import type { ModuleOptions } from "../module-options";
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

/** Props of {@link LogDestination}. */
export interface LogDestinationProps extends ModuleOptions {
  /** The bucket's name. */
  readonly bucketName: string;
  /**
   * The part of every log file's key before `AWSLogs/`.
   * @default - none
   */
  readonly keyPrefix?: string;
  /** The destination account's own trail. */
  readonly trail: TrailIdentity;
  /**
   * How that trail logs.
   * @default - see {@link TrailSettings}
   */
  readonly trailSettings?: TrailSettings;
  /**
   * The trails of other accounts, those that are to be deleted soon included: as long as one is
   * listed its files come in.
   * @default - none
   */
  readonly memberTrails?: readonly TrailIdentity[];
  /**
   * A KMS key to make for the log files.
   * @default - no key is made: `existingKmsKeyArn`, else SSE-S3
   */
  readonly newKey?: NewKeyOptions;
  /**
   * A KMS key that someone else made, in the bucket's region. Its policy has to let CloudTrail in.
   * @default - `newKey`, else SSE-S3
   */
  readonly existingKmsKeyArn?: string;
  /**
   * Whether the bucket uses an S3 Bucket Key: fewer calls to KMS, but CloudTrail then needs `kms:Decrypt`.
   * @default false
   */
  readonly bucketKey?: boolean;
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
   * A destination in another state, read by the gate's output names ({@link GATE_OUTPUTS}).
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
  /** The destination account's own trail. */
  readonly trail: Trail;
  readonly bucketName: string;
  readonly keyPrefix?: string;
  readonly kmsKeyArn?: string;
  readonly dependsOn: readonly ITerraformDependable[];

  /**
   * @throws Error where a prop is not one that AWS takes, a trail is listed twice, trails are of
   *   several partitions, or both a new and an existing key are given
   */
  constructor(scope: Construct, id: string, props: LogDestinationProps) {
    super(scope, id);
    const { provider, throwaway, bucketName, keyPrefix, bucketKey, newKey } = props;
    if (newKey !== undefined && props.existingKmsKeyArn !== undefined) {
      throw new Error(
        `${this.node.path}: newKey and existingKmsKeyArn are both given; the bucket has one key.`,
      );
    }
    const { partition, accountId } = props.trail;
    const trails = new TrailRegistry([props.trail, ...(props.memberTrails ?? [])]);

    if (newKey) {
      this.encryptionKey = new LogEncryptionKey(this, "key", {
        ...{ provider, throwaway, partition, accountId, trails, bucketKey },
        ...newKey,
      });
    }
    this.kmsKeyArn = this.encryptionKey?.arn ?? props.existingKmsKeyArn;
    this.bucket = new LogBucket(this, "bucket", {
      ...{ provider, throwaway, partition, bucketName, keyPrefix, trails },
      encryption: { kmsKeyArn: this.kmsKeyArn, bucketKey },
    });
    this.bucketName = bucketName;
    this.keyPrefix = keyPrefix;

    const policies = {
      bucket: minify(this.bucket.policy),
      ...(this.encryptionKey ? { key: minify(this.encryptionKey.policy) } : {}),
    };
    const carriers = [
      this.bucket.bucketPolicy,
      ...(this.encryptionKey ? [this.encryptionKey.key] : []),
    ];
    const wait = new PolicyWait(this, "policy-wait", {
      seconds: props.policyWaitSeconds ?? 30,
      policies,
      after: carriers,
    });
    const attributes = { bucketName, keyPrefix, kmsKeyArn: this.kmsKeyArn };
    this.trail = new Trail(this, "trail", {
      ...{ provider, throwaway },
      ...props.trailSettings,
      identity: props.trail,
      destination: { ...attributes, dependsOn: [wait.resource] },
    });
    const gate = new Gate(this, "gate", {
      ...attributes,
      trails,
      after: [...carriers, wait.resource, this.trail.trail],
    });
    this.dependsOn = [gate.resource];
  }
}
