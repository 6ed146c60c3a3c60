/**
 * What CloudTrail makes of an operation: its event's name, whether it is a data event, and whether
 * it only reads.
 */

/** Where others' names are looked up, `constructor` is just a name. */
function withoutPrototype<T extends object>(table: T): T {
  return Object.assign(Object.create(null) as T, table);
}

/** The kind of an event. */
export interface EventClass {
  /** `s3.amazonaws.com` */
  readonly source: string;
  readonly name: string;
  /** Data event; a management event otherwise. */
  readonly isData: boolean;
  readonly readOnly: boolean;
}

/**
 * Service → the operations that are data events; all others are management events. Of S3's,
 * PostObject is in older editions of the list only. ListMultipartUploads is in none, which we read
 * as management.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
 */
const DATA_EVENTS: Readonly<Record<string, readonly string[]>> = withoutPrototype({
  s3: [
    "AbortMultipartUpload",
    "CompleteMultipartUpload",
    "CopyObject",
    "CreateMultipartUpload",
    "DeleteObject",
    "DeleteObjectTagging",
    "DeleteObjects",
    "GetObject",
    "GetObjectAcl",
    "GetObjectAttributes",
    "GetObjectLegalHold",
    "GetObjectRetention",
    "GetObjectTagging",
    "GetObjectTorrent",
    "HeadBucket",
    "HeadObject",
    "ListObjectVersions",
    "ListObjects",
    "ListParts",
    "PostObject",
    "PutObject",
    "PutObjectAcl",
    "PutObjectLegalHold",
    "PutObjectRetention",
    "PutObjectTagging",
    "RestoreObject",
    "SelectObjectContent",
    "UpdateObjectEncryption",
    "UploadPart",
    "UploadPartCopy",
  ],
  sns: ["Publish", "PublishBatch"],
  sqs: [
    "ChangeMessageVisibility",
    "ChangeMessageVisibilityBatch",
    "DeleteMessage",
    "DeleteMessageBatch",
    "ReceiveMessage",
    "SendMessage",
    "SendMessageBatch",
  ],
});

/**
 * S3's operations whose events have another name.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html
 */
const S3_NAMES: Readonly<Record<string, string>> = withoutPrototype({
  DeletePublicAccessBlock: "DeleteBucketPublicAccessBlock",
  GetBucketAccelerateConfiguration: "GetAccelerateConfiguration",
  GetBucketLifecycleConfiguration: "GetBucketLifecycle",
  GetBucketNotificationConfiguration: "GetBucketNotification",
  GetObjectLockConfiguration: "GetBucketObjectLockConfiguration",
  GetPublicAccessBlock: "GetBucketPublicAccessBlock",
  ListObjectsV2: "ListObjects",
  PutBucketAccelerateConfiguration: "PutAccelerateConfiguration",
  PutBucketLifecycleConfiguration: "PutBucketLifecycle",
  PutBucketNotificationConfiguration: "PutBucketNotification",
  PutObjectLockConfiguration: "PutBucketObjectLockConfiguration",
  PutPublicAccessBlock: "PutBucketPublicAccessBlock",
});

/**
 * Read-only, though the name does not say so: what changes nothing in the account. KMS's
 * cryptographic operations and AssumeRole are, by AWS's sample records.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/understanding-kms-entries.html
 */
const READS: Readonly<Record<string, RegExp>> = withoutPrototype({
  kms: /^(Decrypt|DeriveSharedSecret|Encrypt|Generate.+|ReEncrypt|Sign|Verify.*)$/,
  s3: /^SelectObjectContent$/,
  sts: /^(AssumeRole.*|DecodeAuthorizationMessage)$/,
});

/**
 * @param service the signing name
 * @param operation as the API reference calls it
 */
export function eventClass(service: string, operation: string): EventClass {
  const name = (service === "s3" ? S3_NAMES[operation] : undefined) ?? operation;
  return {
    source: `${service}.amazonaws.com`,
    name,
    isData: DATA_EVENTS[service]?.includes(name) ?? false,
    readOnly:
      /^(Describe|Get|Head|List|Lookup)/.test(operation) || (READS[service]?.test(name) ?? false),
  };
}
