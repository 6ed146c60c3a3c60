import type { PolicyDocument } from "../../iam/policy-document";
import { bucketArn } from "../../cloudtrail/arn";
import { BUCKET_SHAPES } from "../shapes/bucket-shapes";
import { bucketHardening } from "../hardening/hardening";
import { denyInsecureTransport } from "./insecure-transport";
import { bucketStatementsForReaders } from "../readers/readers";
import { DEFAULT_SHAPE } from "../shapes/shapes";
import type { LogBucketPolicyInput } from "./inputs";

/**
 * The bucket policy: CloudTrail may look at the bucket's ACL and write below the accounts'
 * folders, in the words of the shape; readers may read; and nobody may use plain HTTP, nor do what
 * the hardening denies.
 *
 * @throws Error where the shape lacks the organization's ID, or the hardening a role that it has to
 *   spare
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
      ...(input.statements ?? []),
    ],
  };
}
