import type { Partition } from "../regions";
import { type TrailIdentity, trailArn } from "../trails/trail-identity";

/**
 * The condition key for the part of the encryption context that names the trail whose files are
 * encrypted. Decryption has to bring the same context, so a policy can say with it who reads whose
 * logs.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/how-kms-works-with-cloudtrail.html
 */
export const TRAIL_CONTEXT = "kms:EncryptionContext:aws:cloudtrail:arn";

/**
 * The condition key for the part that S3 adds: the object's ARN, or the bucket's with an S3 Bucket
 * Key. Our documents do not use it: a condition on it would break as soon as the bucket gets a
 * Bucket Key.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#encryption-context
 */
const S3_CONTEXT = "kms:EncryptionContext:aws:s3:arn";

/**
 * The condition key for the encryption context of a message in an encrypted topic.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
 */
export const TOPIC_CONTEXT = "kms:EncryptionContext:aws:sns:topicArn";

/** The condition key for the names of all parts of the encryption context. */
const CONTEXT_KEYS = "kms:EncryptionContextKeys";

/** Condition keys and their values, as a request carries them. */
export type ContextValues = Readonly<Record<string, string | readonly string[]>>;

/**
 * What S3 gives KMS as `aws:s3:arn`.
 *
 * @param bucketArn the bucket's
 * @param key the object's key
 */
export function s3ContextArn(bucketArn: string, key: string, bucketKey = false): string {
  return bucketKey ? bucketArn : `${bucketArn}/${key}`;
}

/**
 * The condition keys of each KMS call for a trail's file, be it to write or to read it.
 *
 * @param s3Arn see {@link s3ContextArn}
 */
export function fileContext(trail: TrailIdentity, s3Arn: string): ContextValues {
  return {
    [TRAIL_CONTEXT]: trailArn(trail),
    [S3_CONTEXT]: s3Arn,
    [CONTEXT_KEYS]: ["aws:cloudtrail:arn", "aws:s3:arn"],
  };
}

/** The condition keys of each KMS call for a message in an encrypted topic. */
export function messageContext(topicArn: string): ContextValues {
  return { [TOPIC_CONTEXT]: topicArn, [CONTEXT_KEYS]: ["aws:sns:topicArn"] };
}

/** All trails of the accounts, in the pattern that AWS shows for {@link TRAIL_CONTEXT}. */
export function trailPatterns(accountIds: readonly string[], partition: Partition): string[] {
  return accountIds.map((accountId) =>
    trailArn({ partition, homeRegion: "*", accountId, name: "*" }),
  );
}
