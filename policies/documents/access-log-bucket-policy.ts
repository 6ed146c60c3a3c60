import type { Partition } from "../../cloudtrail/regions";
import type { PolicyDocument } from "../../iam/policy-document";
import { bucketArn } from "../../cloudtrail/arn";
import { denyInsecureTransport } from "./insecure-transport";

/** What the keys of access logs start with unless something else is asked for. */
export const ACCESS_LOG_PREFIX = "s3-access/";

/** What the policy of an access log bucket follows from. */
export interface AccessLogBucketPolicyInput {
  /** The partition of both buckets. */
  readonly partition: Partition;
  /** The account that owns both buckets: twelve digits. */
  readonly accountId: string;
  /** The bucket that receives the access logs. */
  readonly bucketName: string;
  /** The bucket whose accesses are logged. */
  readonly sourceBucketName: string;
  /** What the keys of the access logs start with. */
  readonly keyPrefix: string;
}

/**
 * S3's logging service may write the access logs of the one bucket, and nobody may use plain HTTP.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
 */
export function accessLogBucketPolicy(input: AccessLogBucketPolicyInput): PolicyDocument {
  const bucket = bucketArn(input);
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "S3ServerAccessLogsPolicy",
        Effect: "Allow",
        Principal: { Service: "logging.s3.amazonaws.com" },
        Action: "s3:PutObject",
        Resource: `${bucket}/${input.keyPrefix}*`,
        Condition: {
          ArnEquals: {
            "aws:SourceArn": bucketArn({ ...input, bucketName: input.sourceBucketName }),
          },
          StringEquals: { "aws:SourceAccount": input.accountId },
        },
      },
      denyInsecureTransport("s3:*", [bucket, `${bucket}/*`]),
    ],
  };
}
