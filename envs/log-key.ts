import { standInKeyArn } from "../cloudtrail/arn";
import type { Environment } from "./types";

/**
 * The ARN of the key that log files are encrypted with, or what stands for it; undefined with
 * SSE-S3.
 */
export function logKeyArn({ partition, destination }: Environment): string | undefined {
  const { encryption, region, account: accountId } = destination;
  switch (encryption.type) {
    case "sse-kms":
      return standInKeyArn({ partition, region, accountId });
    case "sse-kms-existing":
      return encryption.keyArn;
    case "sse-s3":
      return undefined;
  }
}

/** Whether the bucket has an S3 Bucket Key. */
export function hasBucketKey({
  destination: { encryption },
}: Pick<Environment, "destination">): boolean {
  return encryption.type !== "sse-s3" && encryption.bucketKey;
}
