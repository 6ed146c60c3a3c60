/**
 * Operations of S3 that moto does not know. It takes the requests for others: what is to read a
 * setting lists objects, what is to delete one deletes the bucket.
 */
import { ServiceError } from "../gateway/service-error";

const OPERATIONS: ReadonlySet<string> = new Set([
  "CreateBucketMetadataConfiguration",
  "CreateBucketMetadataTableConfiguration",
  "CreateSession",
  "DeleteBucketAnalyticsConfiguration",
  "DeleteBucketIntelligentTieringConfiguration",
  "DeleteBucketInventoryConfiguration",
  "DeleteBucketMetadataConfiguration",
  "DeleteBucketMetadataTableConfiguration",
  "DeleteBucketMetricsConfiguration",
  "GetBucketAbac",
  "GetBucketAnalyticsConfiguration",
  "GetBucketIntelligentTieringConfiguration",
  "GetBucketMetadataConfiguration",
  "GetBucketMetadataTableConfiguration",
  "GetBucketMetricsConfiguration",
  "GetBucketPolicyStatus",
  "GetObjectRetention",
  "GetObjectTorrent",
  "PutBucketAbac",
  "PutBucketAnalyticsConfiguration",
  "PutBucketIntelligentTieringConfiguration",
  "PutBucketMetricsConfiguration",
  "PutBucketRequestPayment",
  "RenameObject",
  "UpdateBucketMetadataInventoryTableConfiguration",
  "UpdateBucketMetadataJournalTableConfiguration",
  "UpdateObjectEncryption",
]);

/** Settings that no bucket of the local AWS can have, and what S3 answers where there is none. */
const EMPTY: ReadonlyMap<string, string> = new Map([
  ["GetBucketRequestPayment", element("RequestPaymentConfiguration", "<Payer>BucketOwner</Payer>")],
  ["ListBucketAnalyticsConfigurations", emptyList("ListBucketAnalyticsConfigurationsResult")],
  [
    "ListBucketIntelligentTieringConfigurations",
    emptyList("ListBucketIntelligentTieringConfigurationsOutput"),
  ],
  ["ListBucketMetricsConfigurations", emptyList("ListMetricsConfigurationsResult")],
]);

function emptyList(name: string): string {
  return element(name, "<IsTruncated>false</IsTruncated>");
}

function element(name: string, content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${content}</${name}>`;
}

/**
 * The answer to a call that moto does not know; undefined where it knows it.
 *
 * @throws ServiceError NotImplemented where there is no answer
 */
export function answerBeyondMoto(operation: string): string | undefined {
  if (OPERATIONS.has(operation))
    throw new ServiceError("NotImplemented", `The local AWS does not have ${operation}.`, 501);
  return EMPTY.get(operation);
}
