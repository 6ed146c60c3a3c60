/**
 * S3's operations by method, path and query, named as S3's API reference names them. S3 is the one
 * service here whose requests do not carry the operation's name.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html
 */

/** A request to S3, read. */
export interface S3Request {
  /** The operation, or `Unknown(...)` with what made it so. */
  readonly operation: string;
  readonly bucket?: string;
  readonly key?: string;
}

/** Sub-resources of a bucket: query parameter → method → operation. */
const BUCKET: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  abac: { GET: "GetBucketAbac", PUT: "PutBucketAbac" },
  accelerate: {
    GET: "GetBucketAccelerateConfiguration",
    PUT: "PutBucketAccelerateConfiguration",
  },
  acl: { GET: "GetBucketAcl", PUT: "PutBucketAcl" },
  analytics: {
    GET: "ListBucketAnalyticsConfigurations",
    PUT: "PutBucketAnalyticsConfiguration",
    DELETE: "DeleteBucketAnalyticsConfiguration",
  },
  cors: { GET: "GetBucketCors", PUT: "PutBucketCors", DELETE: "DeleteBucketCors" },
  delete: { POST: "DeleteObjects" },
  encryption: {
    GET: "GetBucketEncryption",
    PUT: "PutBucketEncryption",
    DELETE: "DeleteBucketEncryption",
  },
  "intelligent-tiering": {
    GET: "ListBucketIntelligentTieringConfigurations",
    PUT: "PutBucketIntelligentTieringConfiguration",
    DELETE: "DeleteBucketIntelligentTieringConfiguration",
  },
  inventory: {
    GET: "ListBucketInventoryConfigurations",
    PUT: "PutBucketInventoryConfiguration",
    DELETE: "DeleteBucketInventoryConfiguration",
  },
  lifecycle: {
    GET: "GetBucketLifecycleConfiguration",
    PUT: "PutBucketLifecycleConfiguration",
    DELETE: "DeleteBucketLifecycle",
  },
  location: { GET: "GetBucketLocation" },
  logging: { GET: "GetBucketLogging", PUT: "PutBucketLogging" },
  metadataConfiguration: {
    GET: "GetBucketMetadataConfiguration",
    POST: "CreateBucketMetadataConfiguration",
    DELETE: "DeleteBucketMetadataConfiguration",
  },
  metadataInventoryTable: { PUT: "UpdateBucketMetadataInventoryTableConfiguration" },
  metadataJournalTable: { PUT: "UpdateBucketMetadataJournalTableConfiguration" },
  metadataTable: {
    GET: "GetBucketMetadataTableConfiguration",
    POST: "CreateBucketMetadataTableConfiguration",
    DELETE: "DeleteBucketMetadataTableConfiguration",
  },
  metrics: {
    GET: "ListBucketMetricsConfigurations",
    PUT: "PutBucketMetricsConfiguration",
    DELETE: "DeleteBucketMetricsConfiguration",
  },
  notification: {
    GET: "GetBucketNotificationConfiguration",
    PUT: "PutBucketNotificationConfiguration",
  },
  "object-lock": { GET: "GetObjectLockConfiguration", PUT: "PutObjectLockConfiguration" },
  ownershipControls: {
    GET: "GetBucketOwnershipControls",
    PUT: "PutBucketOwnershipControls",
    DELETE: "DeleteBucketOwnershipControls",
  },
  policy: { GET: "GetBucketPolicy", PUT: "PutBucketPolicy", DELETE: "DeleteBucketPolicy" },
  policyStatus: { GET: "GetBucketPolicyStatus" },
  publicAccessBlock: {
    GET: "GetPublicAccessBlock",
    PUT: "PutPublicAccessBlock",
    DELETE: "DeletePublicAccessBlock",
  },
  replication: {
    GET: "GetBucketReplication",
    PUT: "PutBucketReplication",
    DELETE: "DeleteBucketReplication",
  },
  requestPayment: { GET: "GetBucketRequestPayment", PUT: "PutBucketRequestPayment" },
  session: { GET: "CreateSession" },
  tagging: { GET: "GetBucketTagging", PUT: "PutBucketTagging", DELETE: "DeleteBucketTagging" },
  uploads: { GET: "ListMultipartUploads" },
  versioning: { GET: "GetBucketVersioning", PUT: "PutBucketVersioning" },
  versions: { GET: "ListObjectVersions" },
  website: { GET: "GetBucketWebsite", PUT: "PutBucketWebsite", DELETE: "DeleteBucketWebsite" },
};

/** Configurations of which a bucket has several: with `id`, GET reads one. */
const ONE_OF_SEVERAL: Readonly<Record<string, string>> = {
  ListBucketAnalyticsConfigurations: "GetBucketAnalyticsConfiguration",
  ListBucketIntelligentTieringConfigurations: "GetBucketIntelligentTieringConfiguration",
  ListBucketInventoryConfigurations: "GetBucketInventoryConfiguration",
  ListBucketMetricsConfigurations: "GetBucketMetricsConfiguration",
};

/** Sub-resources of an object. */
const OBJECT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  acl: { GET: "GetObjectAcl", PUT: "PutObjectAcl" },
  attributes: { GET: "GetObjectAttributes" },
  encryption: { PUT: "UpdateObjectEncryption" },
  "legal-hold": { GET: "GetObjectLegalHold", PUT: "PutObjectLegalHold" },
  renameObject: { PUT: "RenameObject" },
  restore: { POST: "RestoreObject" },
  retention: { GET: "GetObjectRetention", PUT: "PutObjectRetention" },
  select: { POST: "SelectObjectContent" },
  tagging: { GET: "GetObjectTagging", PUT: "PutObjectTagging", DELETE: "DeleteObjectTagging" },
  torrent: { GET: "GetObjectTorrent" },
  uploadId: {
    GET: "ListParts",
    PUT: "UploadPart",
    POST: "CompleteMultipartUpload",
    DELETE: "AbortMultipartUpload",
  },
  uploads: { POST: "CreateMultipartUpload" },
};

const PLAIN_BUCKET: Readonly<Record<string, string>> = {
  GET: "ListObjects",
  HEAD: "HeadBucket",
  PUT: "CreateBucket",
  DELETE: "DeleteBucket",
  POST: "PostObject",
};

const PLAIN_OBJECT: Readonly<Record<string, string>> = {
  GET: "GetObject",
  HEAD: "HeadObject",
  PUT: "PutObject",
  DELETE: "DeleteObject",
};

/** `x-amz-copy-source` turns a write into a copy. */
const COPIES: Readonly<Record<string, string>> = {
  PutObject: "CopyObject",
  UploadPart: "UploadPartCopy",
};

/** S3 Control has an API of its own, with paths below this one, for requests that are signed for S3. */
const CONTROL = "/v20180820/";

/** What of it is known here: path → method → operation. */
const CONTROL_PATHS: readonly [RegExp, Readonly<Record<string, string>>][] = [
  [/^accesspoint$/, { GET: "ListAccessPoints" }],
  [
    /^accesspoint\/[^/]+$/,
    { GET: "GetAccessPoint", PUT: "CreateAccessPoint", DELETE: "DeleteAccessPoint" },
  ],
];

/**
 * Reads a path-style request.
 *
 * @param target the request's path and query as sent
 * @param isCopy whether it has the header `x-amz-copy-source`
 */
export function s3Request(method: string, target: string, isCopy: boolean): S3Request {
  const [path = "/", queryText = ""] = target.split("?", 2);
  const query = new URLSearchParams(queryText);
  if (path.startsWith(CONTROL))
    return { operation: controlOperation(method, path.slice(CONTROL.length), query) };
  const [, bucket, key] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
  if (!bucket)
    return { operation: method === "GET" ? "ListBuckets" : unknown(method, query, "service") };
  if (!key) return { operation: bucketOperation(method, query), bucket };
  return { operation: objectOperation(method, query, isCopy), bucket, key: decodeKey(key) };
}

function controlOperation(method: string, path: string, query: URLSearchParams): string {
  const [, operations] = CONTROL_PATHS.find(([form]) => form.test(path)) ?? [];
  return operations?.[method] ?? unknown(method, query, "control");
}

function bucketOperation(method: string, query: URLSearchParams): string {
  const subResource = [...query.keys()].find((name) => Object.hasOwn(BUCKET, name));
  if (subResource !== undefined) {
    const operation = BUCKET[subResource]?.[method];
    if (operation === undefined) return unknown(method, query, "bucket");
    return (query.has("id") ? ONE_OF_SEVERAL[operation] : undefined) ?? operation;
  }
  if (method === "GET" && query.get("list-type") === "2") return "ListObjectsV2";
  return PLAIN_BUCKET[method] ?? unknown(method, query, "bucket");
}

function objectOperation(method: string, query: URLSearchParams, isCopy: boolean): string {
  const subResource = [...query.keys()].find((name) => Object.hasOwn(OBJECT, name));
  const operation =
    (subResource === undefined ? PLAIN_OBJECT[method] : OBJECT[subResource]?.[method]) ??
    unknown(method, query, "object");
  return (isCopy ? COPIES[operation] : undefined) ?? operation;
}

function unknown(method: string, query: URLSearchParams, on: string): string {
  return `Unknown(${[method, on, ...query.keys()].join(" ")})`;
}

/** A key that is no valid URL encoding stays as sent. */
function decodeKey(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}
