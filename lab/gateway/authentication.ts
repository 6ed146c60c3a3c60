/**
 * Who makes a request: its access key is one that was handed out, its token belongs to it, and its
 * signature is the one that key and request make.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
 */
import type { IssuedCredentials } from "../access/issued-credentials";
import type { Caller, AccessKeys } from "../access/principals";
import {
  badSignature,
  headersNotSigned,
  unknownAccessKey,
  unsigned,
  wrongToken,
} from "./credential-errors";
import { headerOf, type HttpRequest, queryTextOf } from "./http-request";
import { type Protocol, ServiceError } from "./service-error";
import { signatureOf, sha256, UNSIGNED_PAYLOAD } from "./signature";
import type { SignedScope } from "./signed-scope";

/** A request whose signature is to be checked. */
export interface SignedRequest {
  readonly http: HttpRequest;
  readonly scope: SignedScope | undefined;
  readonly protocol: Protocol;
  /** Undefined of S3, whose requests say their body's hash in a header. */
  readonly body: Buffer | undefined;
}

/** Finds out who calls. */
export class Authentication {
  /** @param now milliseconds, by the clock that clients sign with */
  constructor(
    private readonly issued: IssuedCredentials,
    private readonly principals: AccessKeys,
    private readonly now: () => number,
  ) {}

  /**
   * Who signed, by the access key alone.
   *
   * @throws ServiceError where nobody has this key, under the protocol's own name for it
   */
  async caller(scope: SignedScope | undefined, protocol: Protocol): Promise<Caller> {
    if (scope === undefined) throw unsigned();
    const isIssued = this.issued.find(scope.accessKeyId) !== undefined;
    const caller = isIssued
      ? await this.principals.find(scope.accessKeyId, scope.region)
      : undefined;
    if (caller === undefined) throw unknownAccessKey(protocol);
    return caller;
  }

  /**
   * Checks token, time and signature.
   *
   * @returns the scope, which the signature vouches for
   * @throws ServiceError where one of them is wrong
   */
  check(request: SignedRequest): SignedScope {
    const { http, scope, protocol } = request;
    if (scope === undefined) throw unsigned();
    const issued = this.issued.find(scope.accessKeyId);
    if (issued === undefined) throw unknownAccessKey(protocol);
    const { secretAccessKey, sessionToken } = issued;
    if (scope.sessionToken !== sessionToken)
      throw wrongToken(protocol, scope.sessionToken === undefined);
    if (scope.form === "query") checkExpiry(http, scope, this.now());
    const hash = payloadHash(request, scope);
    const isSigned =
      scope.signedHeaders.includes("host") &&
      scope.time.startsWith(`${scope.date}T`) &&
      signatureOf(http, scope, secretAccessKey, hash) === scope.signature;
    if (!isSigned) throw badSignature(protocol);
    if (protocol === "rest-xml") checkSignedHeaders(http, scope);
    return scope;
  }
}

function payloadHash({ http, body }: SignedRequest, { form }: SignedScope): string {
  if (body !== undefined) return sha256(body);
  const given = headerOf(http, "x-amz-content-sha256");
  if (given !== undefined) return given;
  if (form === "query") return UNSIGNED_PAYLOAD;
  throw new ServiceError(
    "InvalidRequest",
    "Missing required header for this request: x-amz-content-sha256",
  );
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
function checkSignedHeaders({ headers }: HttpRequest, { form, signedHeaders }: SignedScope): void {
  const missing = Object.keys(headers).filter(
    (name) => name.startsWith("x-amz-") && !signedHeaders.includes(name),
  );
  // The query may say it in place of the header.
  const odd = missing.filter((name) => !(form === "query" && name === "x-amz-content-sha256"));
  if (odd.length > 0) throw headersNotSigned(odd);
}

/** Seconds: a week. */
const LONGEST_EXPIRY = 604_800;

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html */
function checkExpiry({ target }: HttpRequest, { time }: SignedScope, now: number): void {
  const text = new URLSearchParams(queryTextOf(target)).get("X-Amz-Expires") ?? "";
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (seconds < 1 || seconds > LONGEST_EXPIRY)
    throw new ServiceError(
      "AuthorizationQueryParametersError",
      `X-Amz-Expires must be a number of seconds from 1 to ${LONGEST_EXPIRY}`,
    );
  const signed = Date.parse(
    time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"),
  );
  if (Number.isNaN(signed))
    throw new ServiceError(
      "AuthorizationQueryParametersError",
      "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"",
    );
  if (now > signed + seconds * 1000)
    throw new ServiceError("AccessDenied", "Request has expired", 403);
}
