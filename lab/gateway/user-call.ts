import type { Permission } from "../access/access";
import type { Caller } from "../access/principals";
import type { HttpRequest } from "./http-request";
import type { ServiceRequest } from "./service-request";
import type { SignedScope } from "./signed-scope";

/** A user's call before it is answered. */
export interface UserCall {
  readonly scope: SignedScope;
  readonly caller: Caller;
  readonly request: ServiceRequest;
  readonly http: HttpRequest;
}

/** What a call needs, and where it is answered. */
export interface Needs {
  /** All of them have to be allowed. */
  readonly permissions: readonly Permission[];
  /** The account that has the bucket or key. */
  readonly accountId: string;
}

/**
 * The condition keys of every user's call. The local AWS speaks HTTP and stands for endpoints that
 * speak HTTPS, so calls count as encrypted on their way; `X-Forwarded-Proto: http`, by which a
 * proxy says that its client was not, makes a call of plain HTTP.
 *
 * @param now milliseconds
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function commonKeys({ scope, http }: UserCall, now: number): Permission["context"] {
  const userAgent = http.headers["user-agent"];
  return {
    "aws:SecureTransport": String(http.headers["x-forwarded-proto"] !== "http"),
    "aws:SourceIp": "127.0.0.1",
    "aws:CurrentTime": new Date(now).toISOString().replace(/\.\d+Z$/, "Z"),
    "aws:EpochTime": String(Math.floor(now / 1000)),
    "aws:RequestedRegion": scope.region,
    "aws:ViaAWSService": "false",
    ...(userAgent === undefined ? {} : { "aws:UserAgent": String(userAgent) }),
  };
}
