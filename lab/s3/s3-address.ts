/**
 * Which bucket and key a request means, however they are spelled: in the path or as a host of its
 * own, percent-encoded or not. What is understood here is written anew for moto, so that both mean
 * the same.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
import { decodedPath } from "../gateway/decoded-path";
import { headerOf, type HttpRequest, pathOf, queryTextOf } from "../gateway/http-request";
import { ServiceError } from "../gateway/service-error";
import { SIGNING_PARAMETER } from "../gateway/signed-scope";
import { isSubResource } from "./s3-sub-resources";

/** A request to S3, taken apart. */
export interface S3Address {
  /** @default - the request names none */
  readonly bucket?: string;
  /** @default - the request names none, and is about the bucket */
  readonly key?: string;
  /**
   * A path of S3 Control, an API of its own for requests that are signed for S3.
   * @default - it is S3's
   */
  readonly control?: string;
  /** The query without what it is signed with and what S3 has no use for. */
  readonly query: URLSearchParams;
}

/** Paths of S3 Control begin so. */
const CONTROL = "/v20180820/";

/** Names that moto keeps for itself, whatever a request is signed for. */
const MOTO_NAMES = ["moto-api", "latest"];

const BUCKET_NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/**
 * Takes a request apart.
 *
 * @throws ServiceError InvalidURI, InvalidBucketName, InvalidRequest or InvalidArgument for what S3
 *   or the local AWS does not understand
 */
export function s3Address(request: HttpRequest): S3Address {
  const path = pathOf(request.target);
  const query = understoodQuery(queryTextOf(request.target));
  const hostBucket = bucketOfHost(headerOf(request, "host") ?? "");
  if (hostBucket === undefined && path.startsWith(CONTROL))
    return { control: decodedPath(path.slice(CONTROL.length)), query };
  if (hostBucket !== undefined) return { ...place(hostBucket, decodedPath(path.slice(1))), query };
  if (path === "/") return { query };
  const [, encodedBucket = "", encodedKey = ""] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
  return { ...place(decodedPath(encodedBucket), decodedPath(encodedKey)), query };
}

function place(bucket: string, key: string): { readonly bucket: string; readonly key?: string } {
  if (!BUCKET_NAME.test(bucket) || bucket.includes("..") || MOTO_NAMES.includes(bucket))
    throw new ServiceError(
      "InvalidBucketName",
      `The specified bucket is not valid: ${JSON.stringify(bucket)}`,
    );
  return key === "" ? { bucket } : { bucket, key };
}

/** The path and query by which moto finds the same bucket and key. */
export function addressForMoto({ bucket, key, control, query }: S3Address): string {
  const rest = query.size === 0 ? "" : `?${query.toString()}`;
  if (control !== undefined) return `${CONTROL}${encodedKey(control)}${rest}`;
  if (bucket === undefined) return `/${rest}`;
  return key === undefined ? `/${bucket}${rest}` : `/${bucket}/${encodedKey(key)}${rest}`;
}

/** A key as part of a path. */
export function encodedKey(key: string): string {
  return key.split("/").map(encodeURIComponent).join("/");
}

const REGIONAL = String.raw`(?:[.-](?:dualstack\.|fips\.)?[a-z0-9-]+)?`;
const AWS_HOST = new RegExp(String.raw`^(?:(.+)\.)?s3${REGIONAL}\.amazonaws\.com(?:\.cn)?$`);
const LOCAL_HOST = new RegExp(String.raw`^(?:(.+)\.)?s3${REGIONAL}\.localhost$`);

/** The bucket that a host stands for; undefined for hosts whose paths begin with the bucket. */
function bucketOfHost(host: string): string | undefined {
  const name = host.toLowerCase().replace(/:\d*$/, "").replace(/\.$/, "");
  if (/^[a-z0-9-]+$/.test(name) || /^(\d+\.){3}\d+$/.test(name) || /^\[[\da-f:]+\]$/.test(name))
    return undefined;
  const known = AWS_HOST.exec(name) ?? LOCAL_HOST.exec(name);
  if (known !== null) return known[1];
  const local = /^(.+)\.localhost$/.exec(name)?.[1];
  if (local !== undefined) return local;
  throw new ServiceError(
    "InvalidRequest",
    `The local AWS does not know the host ${JSON.stringify(host)}. It knows localhost, 127.0.0.1, bucket.localhost, and S3's own: s3.us-east-1.amazonaws.com, bucket.s3.us-east-1.amazonaws.com.`,
  );
}

/** Parameters beside sub-resources that S3 has a meaning for. */
const PARAMETERS: ReadonlySet<string> = new Set([
  "continuation-token",
  "delimiter",
  "encoding-type",
  "fetch-owner",
  "list-type",
  "marker",
  "max-keys",
  "prefix",
  "start-after",
  "key-marker",
  "version-id-marker",
  "upload-id-marker",
  "max-uploads",
  "max-parts",
  "part-number-marker",
  "partNumber",
  "versionId",
  "id",
  "x-id",
  "max-buckets",
  "bucket-region",
  "select-type",
  "accountId",
  "bucket",
  "maxResults",
  "nextToken",
]);

function isUnderstood(name: string): boolean {
  return isSubResource(name) || PARAMETERS.has(name) || /^response-[a-z-]+$/.test(name);
}

/**
 * S3 takes no notice of parameters that it does not know; moto might.
 *
 * @throws ServiceError InvalidArgument where a parameter stands twice, or two sub-resources are
 *   named
 */
function understoodQuery(text: string): URLSearchParams {
  const all = [...new URLSearchParams(text)].filter(
    ([name]) => isUnderstood(name) && !SIGNING_PARAMETER.test(name),
  );
  const names = all.map(([name]) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new ServiceError("InvalidArgument", `The query has ${twice} more than once.`);
  const subResources = names.filter(isSubResource);
  if (subResources.length > 1)
    throw new ServiceError(
      "InvalidArgument",
      `Conflicting query string parameters: ${subResources.join(", ")}`,
    );
  return new URLSearchParams(all);
}

/** Where a copy is from. */
export interface CopySource {
  readonly bucket: string;
  readonly key: string;
  /** @default - the newest version */
  readonly versionId?: string;
}

/**
 * The source of a copy; undefined where the request is none.
 *
 * @throws ServiceError InvalidURI, InvalidBucketName or InvalidArgument
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 */
export function copySource(request: HttpRequest): CopySource | undefined {
  const header = headerOf(request, "x-amz-copy-source");
  if (header === undefined) return undefined;
  const [, encodedBucket = "", rest = ""] = /^\/?([^/]*)\/?(.*)$/s.exec(pathOf(header)) ?? [];
  const { bucket, key } = place(decodedPath(encodedBucket), decodedPath(rest));
  if (key === undefined)
    throw new ServiceError(
      "InvalidArgument",
      "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
    );
  const versionId = new URLSearchParams(queryTextOf(header)).get("versionId") ?? undefined;
  return { bucket, key, versionId };
}

/** The header by which moto finds the same source. */
export function copySourceForMoto({ bucket, key, versionId }: CopySource): string {
  const version = versionId === undefined ? "" : `?versionId=${encodeURIComponent(versionId)}`;
  return `/${bucket}/${encodedKey(key)}${version}`;
}
