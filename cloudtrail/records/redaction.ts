import type { CloudTrailRecord, RecordedResource } from "./record";

/**
 * When CloudTrail takes the bucket owner's account ID out of the caller's copy of an S3 data event.
 * The owner's copy always has it.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-receive-logs-from-multiple-accounts.html#cloudtrail-receive-logs-s3-owner-id-redaction
 */

/** An S3 data event call, as far as the rule could look at it. */
export interface CrossAccountCall {
  /** Twelve digits. */
  readonly callerAccountId: string;
  /** Twelve digits. */
  readonly bucketOwnerAccountId: string;
  /**
   * Twelve digits.
   * @default - the bucket owner
   */
  readonly objectOwnerAccountId?: string;
  /**
   * The record's `errorCode`.
   * @default - the call was allowed
   */
  readonly errorCode?: string;
  /**
   * Which side refused.
   * @default - not known, or the call was allowed
   */
  readonly deniedBy?: "bucket-policy" | "caller-policy" | "key-policy";
}

/**
 * Whether the caller's copy hides the bucket owner's account ID.
 *
 * AWS gives two conditions: the call "is from a different AWS account than the Amazon S3 bucket
 * owner", and the caller "received an `AccessDenied` error that was only for the caller account".
 * It explains "only for the caller account" nowhere. We read: the refusal is the caller's alone to
 * see, as that of any other account's call is, whoever refused. With any narrower reading a caller
 * could choose a way to be refused that tells who owns a bucket, which the rule is there to
 * prevent. So `deniedBy` and `objectOwnerAccountId` do not count; docs/records.md goes through
 * them.
 */
export function ownerIsRedacted({
  callerAccountId,
  bucketOwnerAccountId,
  errorCode,
}: CrossAccountCall): boolean {
  return callerAccountId !== bucketOwnerAccountId && errorCode === "AccessDenied";
}

/**
 * The record with the bucket owner's account ID taken out: `""` in each bucket, all else as it was.
 */
export function redacted(record: CloudTrailRecord): CloudTrailRecord {
  if (!Array.isArray(record.resources)) return record;
  const resources = (record.resources as readonly RecordedResource[]).map((resource) =>
    resource?.type === "AWS::S3::Bucket" ? { ...resource, accountId: "" } : resource,
  );
  return { ...record, resources };
}
