/**
 * What the operations of S3 are called in policies.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 */

/** Operation → action, where the names differ. */
const ACTIONS: Readonly<Record<string, string>> = {
  CompleteMultipartUpload: "s3:PutObject",
  CopyObject: "s3:PutObject",
  CreateBucketMetadataConfiguration: "s3:CreateBucketMetadataTableConfiguration",
  CreateMultipartUpload: "s3:PutObject",
  CreateSession: "s3express:CreateSession",
  DeleteBucketAnalyticsConfiguration: "s3:PutAnalyticsConfiguration",
  DeleteBucketCors: "s3:PutBucketCORS",
  DeleteBucketEncryption: "s3:PutEncryptionConfiguration",
  DeleteBucketIntelligentTieringConfiguration: "s3:PutIntelligentTieringConfiguration",
  DeleteBucketInventoryConfiguration: "s3:PutInventoryConfiguration",
  DeleteBucketLifecycle: "s3:PutLifecycleConfiguration",
  DeleteBucketMetadataConfiguration: "s3:DeleteBucketMetadataTableConfiguration",
  DeleteBucketMetricsConfiguration: "s3:PutMetricsConfiguration",
  DeleteBucketOwnershipControls: "s3:PutBucketOwnershipControls",
  DeleteBucketReplication: "s3:PutReplicationConfiguration",
  DeleteBucketTagging: "s3:PutBucketTagging",
  DeleteObjects: "s3:DeleteObject",
  DeletePublicAccessBlock: "s3:PutBucketPublicAccessBlock",
  GetBucketAccelerateConfiguration: "s3:GetAccelerateConfiguration",
  GetBucketAnalyticsConfiguration: "s3:GetAnalyticsConfiguration",
  GetBucketCors: "s3:GetBucketCORS",
  GetBucketEncryption: "s3:GetEncryptionConfiguration",
  GetBucketIntelligentTieringConfiguration: "s3:GetIntelligentTieringConfiguration",
  GetBucketInventoryConfiguration: "s3:GetInventoryConfiguration",
  GetBucketLifecycleConfiguration: "s3:GetLifecycleConfiguration",
  GetBucketMetadataConfiguration: "s3:GetBucketMetadataTableConfiguration",
  GetBucketMetricsConfiguration: "s3:GetMetricsConfiguration",
  GetBucketNotificationConfiguration: "s3:GetBucketNotification",
  GetBucketReplication: "s3:GetReplicationConfiguration",
  GetObjectLockConfiguration: "s3:GetBucketObjectLockConfiguration",
  GetPublicAccessBlock: "s3:GetBucketPublicAccessBlock",
  HeadBucket: "s3:ListBucket",
  HeadObject: "s3:GetObject",
  ListBucketAnalyticsConfigurations: "s3:GetAnalyticsConfiguration",
  ListBucketIntelligentTieringConfigurations: "s3:GetIntelligentTieringConfiguration",
  ListBucketInventoryConfigurations: "s3:GetInventoryConfiguration",
  ListBucketMetricsConfigurations: "s3:GetMetricsConfiguration",
  ListBuckets: "s3:ListAllMyBuckets",
  ListMultipartUploads: "s3:ListBucketMultipartUploads",
  ListObjects: "s3:ListBucket",
  ListObjectsV2: "s3:ListBucket",
  ListObjectVersions: "s3:ListBucketVersions",
  ListParts: "s3:ListMultipartUploadParts",
  PutBucketAccelerateConfiguration: "s3:PutAccelerateConfiguration",
  PutBucketAnalyticsConfiguration: "s3:PutAnalyticsConfiguration",
  PutBucketCors: "s3:PutBucketCORS",
  PutBucketEncryption: "s3:PutEncryptionConfiguration",
  PutBucketIntelligentTieringConfiguration: "s3:PutIntelligentTieringConfiguration",
  PutBucketInventoryConfiguration: "s3:PutInventoryConfiguration",
  PutBucketLifecycleConfiguration: "s3:PutLifecycleConfiguration",
  PutBucketMetricsConfiguration: "s3:PutMetricsConfiguration",
  PutBucketNotificationConfiguration: "s3:PutBucketNotification",
  PutBucketReplication: "s3:PutReplicationConfiguration",
  PutObjectLockConfiguration: "s3:PutBucketObjectLockConfiguration",
  PutPublicAccessBlock: "s3:PutBucketPublicAccessBlock",
  RenameObject: "s3express:CreateSession",
  SelectObjectContent: "s3:GetObject",
  UploadPart: "s3:PutObject",
  UploadPartCopy: "s3:PutObject",
};

/** Action → what it is called where the request names a version of the object. */
const ON_A_VERSION: Readonly<Record<string, string>> = {
  "s3:DeleteObject": "s3:DeleteObjectVersion",
  "s3:DeleteObjectTagging": "s3:DeleteObjectVersionTagging",
  "s3:GetObject": "s3:GetObjectVersion",
  "s3:GetObjectAcl": "s3:GetObjectVersionAcl",
  "s3:GetObjectAttributes": "s3:GetObjectVersionAttributes",
  "s3:GetObjectTagging": "s3:GetObjectVersionTagging",
  "s3:GetObjectTorrent": "s3:GetObjectVersionTorrent",
  "s3:PutObjectAcl": "s3:PutObjectVersionAcl",
  "s3:PutObjectTagging": "s3:PutObjectVersionTagging",
};

/** Headers of a request that take one more action, on the operations that have them. */
const FOR_A_HEADER: Readonly<Record<string, string>> = {
  "x-amz-bucket-object-lock-enabled": "s3:PutBucketObjectLockConfiguration",
  "x-amz-bypass-governance-retention": "s3:BypassGovernanceRetention",
  "x-amz-object-lock-legal-hold": "s3:PutObjectLegalHold",
  "x-amz-object-lock-mode": "s3:PutObjectRetention",
  "x-amz-tagging": "s3:PutObjectTagging",
};

/** How an operation is used. */
export interface S3Use {
  /** Whether the request names a version of the object. */
  readonly ofVersion?: boolean;
  /** The names of the request's headers, in lower case. */
  readonly headers?: readonly string[];
}

/**
 * The actions that have to be allowed for an operation on its bucket or object. A copy's source is
 * another matter: reading it is `GetObject`.
 *
 * @param operation S3's name for it, e.g. `HeadObject`
 */
export function s3Actions(
  operation: string,
  { ofVersion = false, headers = [] }: S3Use = {},
): readonly string[] {
  const action =
    (Object.hasOwn(ACTIONS, operation) ? ACTIONS[operation] : undefined) ?? `s3:${operation}`;
  const actions = action === "s3:GetObjectAttributes" ? ["s3:GetObject", action] : [action];
  return [
    ...actions.map((name) => (ofVersion ? ON_A_VERSION[name] : undefined) ?? name),
    ...headers.flatMap((header) =>
      Object.hasOwn(FOR_A_HEADER, header) ? FOR_A_HEADER[header]! : [],
    ),
  ];
}
