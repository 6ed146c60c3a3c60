/**
 * What a request says of its Signature Version 4: in the header Authorization or, as a presigned
 * URL does, in the query.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-signing-elements.html
 */
import { isRegionName } from "../../cloudtrail/regions";
import { headerOf, type HttpRequest, queryTextOf } from "./http-request";

/** The credential scope that a request is signed for, and its signature. */
export interface SignedScope {
  readonly accessKeyId: string;
  /** The day in the scope, `20260131`. */
  readonly date: string;
  readonly region: string;
  /** The service's signing name, e.g. `cloudtrail`. */
  readonly service: string;
  /** Where the signature stands. */
  readonly form: "header" | "query";
  /** In lower case, in the order that is signed. */
  readonly signedHeaders: readonly string[];
  /** Hexadecimal. */
  readonly signature: string;
  /** When it was signed, `20260131T000000Z`; empty where the request does not say. */
  readonly time: string;
  /** @default - long-term credentials have none */
  readonly sessionToken?: string;
}

/** The names of a presigned URL's parameters begin so. */
export const SIGNING_PARAMETER =
  /^X-Amz-(Algorithm|Credential|Date|Expires|Security-Token|Signature|SignedHeaders)$/i;

const ALGORITHM = "AWS4-HMAC-SHA256";

/** Undefined where the request has no such signature, or names what cannot be. */
export function signedScope(request: HttpRequest): SignedScope | undefined {
  return headerOf(request, "authorization") === undefined ? inQuery(request) : inHeader(request);
}

function inHeader(request: HttpRequest): SignedScope | undefined {
  const header = headerOf(request, "authorization") ?? "";
  if (!header.startsWith(`${ALGORITHM} `)) return undefined;
  const field = (name: string): string | undefined =>
    new RegExp(`[\\s,]${name}=([^,\\s]+)`).exec(header)?.[1];
  return scopeOf(field("Credential"), {
    form: "header",
    signedHeaders: names(field("SignedHeaders")),
    signature: field("Signature") ?? "",
    time: headerOf(request, "x-amz-date") ?? "",
    sessionToken: headerOf(request, "x-amz-security-token"),
  });
}

function inQuery({ target }: HttpRequest): SignedScope | undefined {
  const query = new URLSearchParams(queryTextOf(target));
  if (query.get("X-Amz-Algorithm") !== ALGORITHM) return undefined;
  return scopeOf(query.get("X-Amz-Credential"), {
    form: "query",
    signedHeaders: names(query.get("X-Amz-SignedHeaders")),
    signature: query.get("X-Amz-Signature") ?? "",
    time: query.get("X-Amz-Date") ?? "",
    sessionToken: query.get("X-Amz-Security-Token") ?? undefined,
  });
}

function names(text: string | null | undefined): readonly string[] {
  return (text ?? "").split(";").filter((name) => name !== "");
}

type Signed = Omit<SignedScope, "accessKeyId" | "date" | "region" | "service">;

/**
 * What is of no such form names nothing, and goes no further: regions become folders of log files.
 */
function scopeOf(credential: string | null | undefined, signed: Signed): SignedScope | undefined {
  const [accessKeyId = "", date = "", region = "", service = "", end] =
    credential?.split("/") ?? [];
  const isScope =
    /^[\w-]{1,128}$/.test(accessKeyId) &&
    /^\d{8}$/.test(date) &&
    isRegionName(region) &&
    /^[a-z][a-z0-9-]{0,63}$/.test(service) &&
    end === "aws4_request";
  return isScope ? { ...signed, accessKeyId, date, region, service } : undefined;
}
