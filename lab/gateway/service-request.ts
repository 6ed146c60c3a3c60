/**
 * What a request to an AWS endpoint asks for, read from the request alone, and the same request as
 * it goes on to moto: written anew, so that moto cannot read another one in it.
 */
import { bucketArn } from "../../cloudtrail/arn";
import { addressForMoto, copySource, copySourceForMoto, s3Address } from "../s3/s3-address";
import { s3Operation } from "../s3/s3-operations";
import { headerOf, type HttpRequest, pathOf, queryTextOf } from "./http-request";
import { knownOperation } from "./operations";
import { jsonParameters, queryParameters } from "./request-body";
import { JSON_TYPE, type Protocol, ServiceError } from "./service-error";

/** A request in AWS's terms. */
export interface ServiceRequest {
  readonly protocol: Protocol;
  /** The API operation's name, or `Unknown(...)`. */
  readonly action: string;
  /** What the resource is called in the request: an ARN, a name or an ID. */
  readonly resource?: string;
  /** The request's parameters, without the body of an S3 object. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The query of an S3 request, as far as S3 has a meaning for it. */
  readonly query: URLSearchParams;
  readonly forMoto: MotoRequest;
}

/** A request on its way to moto, without account and signature. */
export interface MotoRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: HttpRequest["headers"];
  /** @default - as it came: S3's passes through unread */
  readonly body?: Buffer;
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
  // A URL in place of a path is for proxies: its host would be another than the header's.
  if (!request.target.startsWith("/"))
    throw new ServiceError("InvalidURI", "Couldn't parse the specified URI.");
  switch (protocolOf(request, service)) {
    case "rest-xml":
      return s3Request(request);
    case "json":
      return jsonRequest(request, service, body);
    case "query":
      return queryRequest(request, service, body);
  }
}

/** What S3 has a meaning for: moto also takes its parameters from headers. */
const S3_HEADERS =
  /^(x-amz-(?!security-token$|date$).*|content-.*|cache-control|expires|range|if-.*|accept|user-agent)$/;

/** Bodies that moto takes parameters from. */
const FORM = /^\s*(application\/x-www-form-urlencoded|multipart\/)/i;

function s3Request(request: HttpRequest): ServiceRequest {
  const address = s3Address(request);
  const { bucket, key, query } = address;
  const source = copySource(request);
  const headers = Object.fromEntries(
    Object.entries(request.headers).filter(([name]) => S3_HEADERS.test(name)),
  );
  if (FORM.test(headerOf(request, "content-type") ?? ""))
    throw new ServiceError("NotImplemented", "The local AWS's S3 takes no forms.", 501);
  return {
    protocol: "rest-xml",
    action: s3Operation(request.method, address, source !== undefined),
    resource: bucket && namedInS3(bucket, key),
    parameters: {
      ...(bucket === undefined ? {} : { bucketName: bucket }),
      ...(key === undefined ? {} : { key }),
    },
    query,
    forMoto: {
      method: request.method,
      target: addressForMoto(address),
      headers:
        source === undefined
          ? headers
          : { ...headers, "x-amz-copy-source": copySourceForMoto(source) },
    },
  };
}

function jsonRequest(request: HttpRequest, service: string, body: string): ServiceRequest {
  const target = headerOf(request, "x-amz-target") ?? "";
  const action = knownOperation(service, "json", target.replace(/^.*\./, ""));
  const parameters = jsonParameters(body);
  return {
    protocol: "json",
    action,
    resource: resourceIn(parameters),
    parameters,
    query: new URLSearchParams(),
    forMoto: {
      method: "POST",
      // moto would look for another Action in the body.
      target: `/?Action=${action}`,
      headers: {
        "content-type": JSON_TYPE,
        "x-amz-target": target,
        ...userAgentOf(request),
      },
      body: Buffer.from(JSON.stringify(parameters)),
    },
  };
}

/** The query API's own path; a queue's URL has a path of its own. */
const QUERY_PATH = /^\/(\d{12}\/[\w.-]{1,80})?$/;

function queryRequest(request: HttpRequest, service: string, body: string): ServiceRequest {
  const path = pathOf(request.target);
  if (!QUERY_PATH.test(path))
    throw new ServiceError("InvalidAction", `${service} has no path ${path}; its calls go to /.`);
  const parameters = queryParameters(queryTextOf(request.target), body);
  const action = knownOperation(service, "query", parameters.get("Action"));
  const text = Object.fromEntries(parameters);
  return {
    protocol: "query",
    action,
    resource: resourceIn(text),
    parameters: text,
    query: new URLSearchParams(),
    forMoto: {
      method: "POST",
      target: path,
      headers: {
        "content-type": "application/x-www-form-urlencoded; charset=utf-8",
        ...userAgentOf(request),
      },
      body: Buffer.from(new URLSearchParams([...parameters]).toString()),
    },
  };
}

function userAgentOf(request: HttpRequest): HttpRequest["headers"] {
  const userAgent = headerOf(request, "user-agent");
  return userAgent === undefined ? {} : { "user-agent": userAgent };
}

function resourceIn(parameters: Readonly<Record<string, unknown>>): string | undefined {
  return RESOURCE_PARAMETERS.map((name) => parameters[name]).find(
    (value): value is string => typeof value === "string",
  );
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

function namedInS3(bucketName: string, key: string | undefined): string {
  const arn = bucketArn({ partition: "aws", bucketName });
  return key === undefined ? arn : `${arn}/${key}`;
}
