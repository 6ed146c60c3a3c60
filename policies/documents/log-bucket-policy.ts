import type { Partition } from "../../cloudtrail/regions";
import type { PolicyDocument } from "../../iam/policy-document";
import { bucketArn } from "../../cloudtrail/arn";
import { BUCKET_SHAPES } from "../shapes/bucket-shapes";
import { bucketHardening, type Hardening } from "../hardening/hardening";
import { denyInsecureTransport } from "./insecure-transport";
import { bucketStatementsForReaders, type LogReader } from "../readers/readers";
import type { CloudTrailPrincipalInput } from "./service-principal";
import { type BucketPolicyShape, DEFAULT_SHAPE } from "../shapes/shapes";
import type { TrailRegistry } from "../trail-registry";

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
  readonly keyPrefix?: string;
  /** Every trail that may deliver. */
  readonly trails: TrailRegistry;
  /**
   * In which words the policy says whose trails may deliver.
   * @default "trail-arns"
   */
  readonly shape?: BucketPolicyShape;
  /**
   * The organization's ID, `o-…`, for the shape `organization`.
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
   * The ARN of the KMS key that log files have to be encrypted with, for `hardening.denyOtherEncryption`.
   * @default - SSE-S3
   */
  readonly kmsKeyArn?: string;
}

/**
 * The bucket policy: CloudTrail may look at the bucket's ACL and write below the accounts'
 * folders, in the words of the shape; readers may read; and nobody may use plain HTTP, nor do what the
 * hardening denies.
 *
 * @throws Error where the shape lacks the organization's ID, or the hardening a role that it has to spare
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-set-bucket-policy-for-multiple-accounts.html
 */
export function logBucketPolicy(input: LogBucketPolicyInput): PolicyDocument {
  return {
    Version: "2012-10-17",
    Statement: [
      ...BUCKET_SHAPES[input.shape ?? DEFAULT_SHAPE].statements(input),
      ...bucketStatementsForReaders(input),
      denyInsecureTransport("s3:*", [bucketArn(input), `${bucketArn(input)}/*`]),
      ...bucketHardening(input),
    ],
  };
}
