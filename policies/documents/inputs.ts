import type { Partition } from "../../cloudtrail/regions";
import type { TopicIdentity } from "../../cloudtrail/arn";
import type { Statement } from "../../iam/policy-document";
import type { Hardening } from "../hardening/hardening-options";
import type { LogReader } from "../readers/readers";
import type { BucketPolicyShape, KeyPolicyShape, TopicPolicyShape } from "../shapes/shapes";
import type { TrailRegistry } from "../trail-registry";
import type { CloudTrailPrincipalInput } from "./service-principal";

/** What the policy of the log bucket follows from. */
export interface LogBucketPolicyInput extends CloudTrailPrincipalInput {
  /** The bucket's partition. */
  readonly partition: Partition;
  /** The bucket's name. */
  readonly bucketName: string;
  /**
   * The part of every log file's key before `AWSLogs/`, without slashes at its ends.
   * @default - none
   */
  readonly s3KeyPrefix?: string;
  /** Every trail that may deliver. */
  readonly trails: TrailRegistry;
  /**
   * In which words the policy says whose trails may deliver.
   * @default "trail-arns"
   */
  readonly shape?: BucketPolicyShape;
  /**
   * The organization's ID, `o-…`, for the shape `source-org-id`.
   * @default - none; the other shapes need none
   */
  readonly organizationId?: string;
  /**
   * Who may read whose logs.
   * @default - nobody by this policy
   */
  readonly readers?: readonly LogReader[];
  /**
   * What is denied on top.
   * @default - plain HTTP alone
   */
  readonly hardening?: Hardening;
  /**
   * The ARN of the KMS key that log files have to be encrypted with, for
   * `hardening.denyOtherEncryption`.
   * @default - SSE-S3
   */
  readonly kmsKeyArn?: string;
  /**
   * Statements of one's own, put behind the others.
   * @default - none
   */
  readonly statements?: readonly Statement[];
}

/** What the policy of the log encryption key follows from. */
export interface LogKeyPolicyInput extends CloudTrailPrincipalInput {
  /** The key's partition. */
  readonly partition: Partition;
  /** The account that owns the key: twelve digits. */
  readonly accountId: string;
  /** Every trail whose files the key encrypts. */
  readonly trails: TrailRegistry;
  /**
   * Whether the bucket has an S3 Bucket Key. CloudTrail needs `kms:Decrypt` then.
   * @default false
   */
  readonly bucketKeyEnabled?: boolean;
  /**
   * In which words the policy says whose trails may encrypt.
   * @default "trail-arns"
   */
  readonly shape?: KeyPolicyShape;
  /**
   * Who may read whose logs: the same as in the bucket's policy.
   * @default - nobody by this policy's own statements
   */
  readonly readers?: readonly LogReader[];
  /**
   * What is denied on top: the same as in the bucket's policy.
   * @default - nothing
   */
  readonly hardening?: Hardening;
  /**
   * Statements of one's own, put behind the others.
   * @default - none
   */
  readonly statements?: readonly Statement[];
}

/** What the policy of the notification topic follows from. */
export interface NotificationTopicPolicyInput extends TopicIdentity, CloudTrailPrincipalInput {
  /** Every trail that may publish. */
  readonly trails: TrailRegistry;
  /**
   * In which words the policy says whose trails may publish.
   * @default "trail-arns"
   */
  readonly shape?: TopicPolicyShape;
  /**
   * Statements of one's own, put behind the others.
   * @default - none
   */
  readonly statements?: readonly Statement[];
}

/** What the policy of the key of topic and queue follows from. */
export interface NotificationKeyPolicyInput extends TopicIdentity, CloudTrailPrincipalInput {
  /**
   * Whether a queue behind the topic is encrypted with the key as well.
   * @default false
   */
  readonly queue?: boolean;
}
