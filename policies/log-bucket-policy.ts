import type { Partition } from "../cloudtrail/regions";
import type { PolicyDocument, Statement } from "../iam/policy-document";
import { CLOUDTRAIL_SERVICE_PRINCIPAL } from "./service-principal";
import type { TrailRegistry } from "./trail-registry";

/** What the policy of the log bucket follows from. */
export interface LogBucketPolicyInput {
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
}

/**
 * The bucket policy: CloudTrail may look at the bucket's ACL and write below the listed accounts'
 * folders, for the listed trails alone; nobody may use plain HTTP.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-set-bucket-policy-for-multiple-accounts.html
 */
export function logBucketPolicy(input: LogBucketPolicyInput): PolicyDocument {
  const bucketArn = `arn:${input.partition}:s3:::${input.bucketName}`;
  return {
    Version: "2012-10-17",
    Statement: [
      aclCheck(bucketArn, input),
      write(bucketArn, input),
      denyInsecureTransport(bucketArn),
    ],
  };
}

function aclCheck(bucketArn: string, { trails }: LogBucketPolicyInput): Statement {
  return {
    Sid: "AWSCloudTrailAclCheck20131101",
    Effect: "Allow",
    Principal: { Service: CLOUDTRAIL_SERVICE_PRINCIPAL },
    Action: "s3:GetBucketAcl",
    Resource: bucketArn,
    Condition: { StringEquals: { "aws:SourceArn": trails.arns } },
  };
}

function write(bucketArn: string, { trails, keyPrefix }: LogBucketPolicyInput): Statement {
  return {
    Sid: "AWSCloudTrailWrite20131101",
    Effect: "Allow",
    Principal: { Service: CLOUDTRAIL_SERVICE_PRINCIPAL },
    Action: "s3:PutObject",
    Resource: trails.folders(keyPrefix).map((folder) => `${bucketArn}/${folder}*`),
    Condition: {
      StringEquals: {
        "aws:SourceArn": trails.arns,
        "s3:x-amz-acl": "bucket-owner-full-control",
      },
    },
  };
}

/**
 * AWS services' own calls are spared, since their context says nothing certain about the network.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-securetransport
 */
export function denyInsecureTransport(bucketArn: string): Statement {
  return {
    Sid: "DenyInsecureTransport",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [bucketArn, `${bucketArn}/*`],
    Condition: {
      Bool: { "aws:SecureTransport": "false", "aws:PrincipalIsAWSService": "false" },
    },
  };
}
