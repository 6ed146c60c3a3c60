/**
 * S3's operations by method, path and query, named as S3's API reference names them. S3 is the one
 * service here whose requests do not carry the operation's name.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html
 */
import type { S3Address } from "./s3-address";

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

/** What of S3 Control is known here: path → method → operation. */
const CONTROL_PATHS: readonly [RegExp, Readonly<Record<string, string>>][] = [
  [/^accesspoint$/, { GET: "ListAccessPoints" }],
  [
    /^accesspoint\/[^/]+$/,
    { GET: "GetAccessPoint", PUT: "CreateAccessPoint", DELETE: "DeleteAccessPoint" },
  ],
];

/** Whether a query parameter of the name says what the request is about. */
export function isSubResource(name: string): boolean {
  return Object.hasOwn(BUCKET, name) || Object.hasOwn(OBJECT, name);
}

/**
 * The operation that a request asks for, or `Unknown(...)` with what made it so.
 *
 * @param isCopy whether it has the header `x-amz-copy-source`
 */
export function s3Operation(
  method: string,
  { bucket, key, control, query }: S3Address,
  isCopy: boolean,
): string {
  const on = (what: string): string => `Unknown(${[method, what, ...query.keys()].join(" ")})`;
  if (control !== undefined) {
    const [, operations = {}] = CONTROL_PATHS.find(([form]) => form.test(control)) ?? [];
    return ownValue(operations, method) ?? on("control");
  }
  if (bucket === undefined) return method === "GET" ? "ListBuckets" : on("service");
  const operation =
    key === undefined ? bucketOperation(method, query) : objectOperation(method, query);
  if (operation === undefined) return on(key === undefined ? "bucket" : "object");
  return (isCopy ? ownValue(COPIES, operation) : undefined) ?? operation;
}

function bucketOperation(method: string, query: URLSearchParams): string | undefined {
  const subResource = [...query.keys()].find(isSubResource);
  if (subResource !== undefined) {
    const operation = ownValue(ownValue(BUCKET, subResource) ?? {}, method);
    const one = operation === undefined ? undefined : ownValue(ONE_OF_SEVERAL, operation);
    return query.has("id") ? (one ?? operation) : operation;
  }
  if (method === "GET" && query.get("list-type") === "2") return "ListObjectsV2";
  return ownValue(PLAIN_BUCKET, method);
}

function objectOperation(method: string, query: URLSearchParams): string | undefined {
  const subResource = [...query.keys()].find(isSubResource);
  return subResource === undefined
    ? ownValue(PLAIN_OBJECT, method)
    : ownValue(ownValue(OBJECT, subResource) ?? {}, method);
}

/** Names that every object has, such as `constructor`, are none of a table's. */
function ownValue<Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
