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
 * owner", and the caller "received an `AccessDenied` error that was only for the caller account". It
 * explains "only for the caller account" nowhere. We read: the refusal is the caller's alone to see, as
 * that of any other account's call is, whoever refused. With any narrower reading a caller could
 * choose a way to be refused that tells who owns a bucket, which the rule is there to prevent.
 * So `deniedBy` and `objectOwnerAccountId` do not count; docs/records.md goes through them.
 */
export function ownerIsRedacted({
  callerAccountId,
  bucketOwnerAccountId,
  errorCode,
}: CrossAccountCall): boolean {
  return callerAccountId !== bucketOwnerAccountId && errorCode === "AccessDenied";
}

/** The record with the bucket owner's account ID taken out: `""` in each bucket, all else as it was. */
export function redacted(record: CloudTrailRecord): CloudTrailRecord {
  if (!Array.isArray(record.resources)) return record;
  const resources = (record.resources as readonly RecordedResource[]).map((resource) =>
    resource?.type === "AWS::S3::Bucket" ? { ...resource, accountId: "" } : resource,
  );
  return { ...record, resources };
}

/** One line of the table of docs/records.md. */
export interface RedactionCase {
  /** What happened, for people. */
  readonly name: string;
  /** The call. */
  readonly call: CrossAccountCall;
  /** Whether the caller's copy hides the bucket owner's account ID. */
  readonly redacted: boolean;
  /** Whether AWS's page says so, or we read it so. */
  readonly basis: "documented" | "our reading";
  /** One sentence. */
  readonly reason: string;
}

const OWNER = "111111111111";
const CALLER = "222222222222";
const OTHER = "333333333333";
const REFUSED = {
  callerAccountId: CALLER,
  bucketOwnerAccountId: OWNER,
  errorCode: "AccessDenied",
};

/** The rule by examples. The tests hold {@link ownerIsRedacted} and the docs to it. */
export const REDACTION_CASES: readonly RedactionCase[] = [
  {
    name: "Allowed",
    call: { callerAccountId: CALLER, bucketOwnerAccountId: OWNER },
    redacted: false,
    basis: "documented",
    reason: "The second condition, an `AccessDenied` error, is not met.",
  },
  {
    name: "Failed with another error, such as `NoSuchKey`",
    call: { callerAccountId: CALLER, bucketOwnerAccountId: OWNER, errorCode: "NoSuchKey" },
    redacted: false,
    basis: "documented",
    reason: "The error is not `AccessDenied`.",
  },
  {
    name: "Denied, caller in the owner's account",
    call: { ...REFUSED, callerAccountId: OWNER },
    redacted: false,
    basis: "documented",
    reason: "The call is not from a different account than the bucket's owner.",
  },
  {
    name: "Denied by the bucket policy",
    call: { ...REFUSED, deniedBy: "bucket-policy" },
    redacted: true,
    basis: "our reading",
    reason:
      "Both conditions hold if the refusal is the caller's alone to see; AWS does not say which policy has to refuse.",
  },
  {
    name: "Denied by the caller's own policy",
    call: { ...REFUSED, deniedBy: "caller-policy" },
    redacted: true,
    basis: "our reading",
    reason: "Else a caller could deny itself the call and read who owns the bucket.",
  },
  {
    name: "Denied by the key policy",
    call: { ...REFUSED, deniedBy: "key-policy" },
    redacted: true,
    basis: "our reading",
    reason: "S3 answers with the same `AccessDenied`, and AWS names no exception for keys.",
  },
  {
    name: "Denied, the caller owns the object but not the bucket",
    call: { ...REFUSED, objectOwnerAccountId: CALLER },
    redacted: true,
    basis: "our reading",
    reason:
      "The first condition names the bucket's owner; that the object's owner does not count is what we take from it.",
  },
  {
    name: "Denied, a third account owns the object",
    call: { ...REFUSED, objectOwnerAccountId: OTHER },
    redacted: true,
    basis: "our reading",
    reason: "As above: only the bucket's owner is compared with the caller.",
  },
  {
    name: "Denied, the caller owns the bucket but not the object",
    call: { ...REFUSED, callerAccountId: OWNER, objectOwnerAccountId: OTHER },
    redacted: false,
    basis: "documented",
    reason: "The first condition names the bucket's owner, and that is the caller.",
  },
];
