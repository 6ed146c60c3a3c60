import type { Partition } from "../cloudtrail/regions";
import type { PolicyDocument, Statement } from "../iam/policy-document";
import { CLOUDTRAIL_SERVICE_PRINCIPAL } from "./service-principal";
import type { TrailRegistry } from "./trail-registry";

/** What the policy of the log encryption key follows from. */
export interface LogKeyPolicyInput {
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
  readonly bucketKey?: boolean;
}

/**
 * The key policy: the owner's account administers the key through IAM, and CloudTrail may encrypt
 * with it for the listed trails alone.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
 */
export function logKeyPolicy(input: LogKeyPolicyInput): PolicyDocument {
  return {
    Version: "2012-10-17",
    Statement: [
      administration(input),
      encrypt(input),
      describe(input),
      ...(input.bucketKey ? [decrypt()] : []),
    ],
  };
}

/** Without this statement a key whose deployer is gone can never be changed again. */
function administration({ partition, accountId }: LogKeyPolicyInput): Statement {
  return {
    Sid: "EnableIAMUserPermissions",
    Effect: "Allow",
    Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
    Action: "kms:*",
    Resource: "*",
  };
}

function encrypt({ partition, trails }: LogKeyPolicyInput): Statement {
  return {
    Sid: "AllowCloudTrailEncryptLogs",
    Effect: "Allow",
    Principal: { Service: CLOUDTRAIL_SERVICE_PRINCIPAL },
    Action: "kms:GenerateDataKey*",
    Resource: "*",
    Condition: {
      StringEquals: { "aws:SourceArn": trails.arns },
      StringLike: {
        "kms:EncryptionContext:aws:cloudtrail:arn": trails.accountIds.map(
          (accountId) => `arn:${partition}:cloudtrail:*:${accountId}:trail/*`,
        ),
      },
    },
  };
}

function describe({ trails }: LogKeyPolicyInput): Statement {
  return {
    Sid: "AllowCloudTrailDescribeKey",
    Effect: "Allow",
    Principal: { Service: CLOUDTRAIL_SERVICE_PRINCIPAL },
    Action: "kms:DescribeKey",
    Resource: "*",
    Condition: { StringEquals: { "aws:SourceArn": trails.arns } },
  };
}

/** AWS documents this statement without a condition: which keys the request carries is not stated. */
function decrypt(): Statement {
  return {
    Sid: "AllowCloudTrailDecryptTrail",
    Effect: "Allow",
    Principal: { Service: CLOUDTRAIL_SERVICE_PRINCIPAL },
    Action: "kms:Decrypt",
    Resource: "*",
  };
}
