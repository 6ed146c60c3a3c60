/**
 * S3's operations by method, path and query, named as S3's API reference names them. S3 is the one
 * service here whose requests do not carry the operation's name.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html
 */
import type { S3Address } from "./s3-address";
import { BUCKET_SUB_RESOURCES, isSubResource, OBJECT_SUB_RESOURCES } from "./s3-sub-resources";

/** Configurations of which a bucket has several: with `id`, GET reads one. */
const ONE_OF_SEVERAL: Readonly<Record<string, string>> = {
  ListBucketAnalyticsConfigurations: "GetBucketAnalyticsConfiguration",
  ListBucketIntelligentTieringConfigurations: "GetBucketIntelligentTieringConfiguration",
  ListBucketInventoryConfigurations: "GetBucketInventoryConfiguration",
  ListBucketMetricsConfigurations: "GetBucketMetricsConfiguration",
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
    const operation = ownValue(ownValue(BUCKET_SUB_RESOURCES, subResource) ?? {}, method);
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
    : ownValue(ownValue(OBJECT_SUB_RESOURCES, subResource) ?? {}, method);
}

/** Names that every object has, such as `constructor`, are none of a table's. */
function ownValue<Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
