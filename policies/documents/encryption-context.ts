import type { Partition } from "../../cloudtrail/regions";

/**
 * The part of the encryption context that names the trail whose files are encrypted. Decryption has
 * to bring the same context, so who may read whose logs can be said with it.
 *
 * The other part, `aws:s3:arn`, is not used: it is the object's ARN, but the bucket's with an S3
 * Bucket Key, so a condition on it would break as soon as the bucket gets one.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/how-kms-works-with-cloudtrail.html
 */
export const ENCRYPTION_CONTEXT = "kms:EncryptionContext:aws:cloudtrail:arn";

/** All trails of the accounts, in the pattern that AWS shows for this key. */
export function trailsOf(accountIds: readonly string[], partition: Partition): string[] {
  return accountIds.map((accountId) => `arn:${partition}:cloudtrail:*:${accountId}:trail/*`);
}
