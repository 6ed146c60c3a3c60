/**
 * What a request to an AWS endpoint asks for, read from the request alone: by the scope of its
 * Signature Version 4, and by its service's protocol.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-signing-elements.html
 */
import { bucketArn } from "../../cloudtrail/arn";
import { isRegionName } from "../../cloudtrail/regions";
import { jsonParameters, queryParameters } from "./request-body";
import { s3Request } from "../s3/s3-operations";
import { type Protocol, ServiceError } from "./service-error";

/** An HTTP request; header names in lower case. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** The credential scope that a request is signed for. */
export interface SignedScope {
  readonly accessKeyId: string;
  readonly region: string;
  /** The service's signing name, e.g. `cloudtrail`. */
  readonly service: string;
}

/** A request in AWS's terms. */
export interface ServiceRequest {
  readonly protocol: Protocol;
  /** The API operation's name, or `Unknown(...)`. */
  readonly action: string;
  /** What the resource is called in the request: an ARN, a name or an ID. */
  readonly resource?: string;
  /** The request's parameters, without the body of an S3 object. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** The scope in the Authorization header or, for a presigned URL, in the query. */
export function signedScope(request: HttpRequest): SignedScope | undefined {
  const header = request.headers["authorization"];
  const credential =
    typeof header === "string"
      ? /^AWS4-HMAC-SHA256 .*?Credential=([^,\s]+)/.exec(header)?.[1]
      : new URLSearchParams(request.target.split("?", 2)[1]).get("X-Amz-Credential");
  const [accessKeyId, , region, service] = credential?.split("/") ?? [];
  // What is of no such form names nothing, and goes no further: regions become folders of log files.
  return accessKeyId &&
    /^[\w-]{1,128}$/.test(accessKeyId) &&
    region &&
    isRegionName(region) &&
    service &&
    /^[a-z][a-z0-9-]{0,63}$/.test(service)
    ? { accessKeyId, region, service }
    : undefined;
}

/** The protocol that answers this request: errors have to be written in it. */
export function protocolOf(request: HttpRequest, service: string): Protocol {
  if (service === "s3") return "rest-xml";
  return request.headers["x-amz-target"] === undefined ? "query" : "json";
}

/**
 * @param service the signing name
 * @param body the whole body; of S3 requests nothing is needed
 * @throws ServiceError where it cannot be read
 */
export function readServiceRequest(
  request: HttpRequest,
  service: string,
  body: string,
): ServiceRequest {
  const protocol = protocolOf(request, service);
  if (protocol === "rest-xml") {
    decodedPath(request.target.split("?", 1)[0]!);
    const isCopy = request.headers["x-amz-copy-source"] !== undefined;
    const { operation, bucket, key } = s3Request(request.method, request.target, isCopy);
    return {
      protocol,
      action: operation,
      resource: bucket && namedInS3(bucket, key),
      parameters: {
        ...(bucket === undefined ? {} : { bucketName: bucket }),
        ...(key === undefined ? {} : { key }),
      },
    };
  }
  const parameters =
    protocol === "json" ? jsonParameters(body) : queryParameters(request.target, body);
  const action =
    protocol === "json"
      ? String(request.headers["x-amz-target"]).replace(/^.*\./, "")
      : parameters["Action"];
  return {
    protocol,
    action:
      typeof action === "string" && action !== ""
        ? action
        : `Unknown(${request.method} ${request.target.split("?", 1)[0]})`,
    resource: RESOURCE_PARAMETERS.map((name) => parameters[name]).find(
      (value): value is string => typeof value === "string",
    ),
    parameters,
  };
}

/** Where the services that this project uses name their resource. */
const RESOURCE_PARAMETERS = [
  "TrailName",
  "ResourceId",
  "KeyId",
  "TargetKeyId",
  "AliasName",
  "TopicArn",
  "RoleArn",
  "RoleName",
  "Name",
];

/**
 * A path's text.
 *
 * @throws ServiceError InvalidURI where it is no percent-encoding of any
 */
export function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new ServiceError("InvalidURI", "Couldn't parse the specified URI.");
  }
}

function namedInS3(bucketName: string, key: string | undefined): string {
  const arn = bucketArn({ partition: "aws", bucketName });
  return key === undefined ? arn : `${arn}/${key}`;
}
