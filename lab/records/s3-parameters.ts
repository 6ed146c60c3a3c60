/**
 * The requestParameters of S3's records: bucket, key and host, the query as sent, and the headers
 * that say what the call does.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-understanding-s3-entries.html
 */
import { MAX_POLICY_DEPTH } from "../../iam/compile";
import { lookAtJson } from "../../iam/json-limits";
import type { ObservedCall } from "./observed-call";

type Parameters = Readonly<Record<string, unknown>>;

/** Customers' own encryption keys, checksums and the like are not among them. */
const HEADERS =
  /^x-amz-(acl|bucket-object-lock-enabled|bypass-governance-retention|copy-source|copy-source-range|expected-bucket-owner|grant-[a-z-]+|metadata-directive|mfa-serial|object-lock-[a-z-]+|object-ownership|rename-source|server-side-encryption|server-side-encryption-(aws-kms-key-id|bucket-key-enabled|context|customer-algorithm)|storage-class|tagging|tagging-directive|website-redirect-location)$/;

/** What a presigned URL is signed with. */
const SIGNATURE = /^X-Amz-(Credential|Security-Token|Signature)$/i;

export function s3Parameters(call: ObservedCall): Parameters {
  const { request, http, document } = call;
  const query = new URLSearchParams(http.target.split("?", 2)[1]);
  const { bucketName, key } = request.parameters;
  return {
    ...Object.fromEntries([...query].filter(([name]) => !SIGNATURE.test(name))),
    ...Object.fromEntries(Object.entries(http.headers).filter(([name]) => HEADERS.test(name))),
    ...(bucketName === undefined ? {} : { bucketName }),
    ...(key === undefined ? {} : { key }),
    ...(http.headers["host"] === undefined ? {} : { Host: http.headers["host"] }),
    ...(document === undefined ? {} : { bucketPolicy: parsed(document) }),
  };
}

/**
 * For the bucket's owner: without grants by e-mail.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html#cloudtrail-crossaccount-example2
 */
export function withoutGrantees(parameters: Parameters): Parameters {
  const entries = Object.entries(parameters).filter(
    ([name, value]) => !(name.startsWith("x-amz-grant-") && /emailAddress/i.test(String(value))),
  );
  return Object.fromEntries(entries);
}

function parsed(document: string): unknown {
  // A refused one may hold anything.
  if (lookAtJson(document, MAX_POLICY_DEPTH).tooDeep !== undefined) return document;
  try {
    return JSON.parse(document);
  } catch {
    return document;
  }
}
