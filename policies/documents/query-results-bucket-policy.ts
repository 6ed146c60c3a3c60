import type { Partition } from "../../cloudtrail/regions";
import type { PolicyDocument } from "../../iam/policy-document";
import { bucketArn } from "../../cloudtrail/arn";
import { denyInsecureTransport } from "./insecure-transport";

/**
 * Nobody may use plain HTTP. Athena writes results as whoever asks, so those people's own
 * policies let them in, and the bucket's has to let in nobody.
 *
 * @see https://docs.aws.amazon.com/athena/latest/ug/querying.html
 */
export function queryResultsBucketPolicy(input: {
  readonly partition: Partition;
  readonly bucketName: string;
}): PolicyDocument {
  const bucket = bucketArn(input);
  return {
    Version: "2012-10-17",
    Statement: [denyInsecureTransport("s3:*", [bucket, `${bucket}/*`])],
  };
}
