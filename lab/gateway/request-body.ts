import { createHash } from "node:crypto";
import { type Readable, Transform } from "node:stream";
import { lookAtJson } from "../../iam/json-limits";
import { headerOf, type HttpRequest } from "./http-request";
import { type Protocol, ServiceError } from "./service-error";
import { SIGNING_PARAMETER } from "./signed-scope";

/**
 * Bytes of a request that is read. S3's is its own; AWS gives none that holds for all others: more
 * than any takes.
 */
const MOST_BYTES: Readonly<Record<Protocol, number>> = {
  "rest-xml": 2 * 1024 * 1024,
  json: 4 * 1024 * 1024,
  query: 4 * 1024 * 1024,
};

/** Levels of objects and lists in a request; AWS's have some ten. */
const MOST_LEVELS = 64;

/**
 * The whole body of a request.
 *
 * @throws ServiceError where it is too long, or ends before its end
 */
export async function readBody(incoming: Readable, protocol: Protocol): Promise<Buffer> {
  const most = MOST_BYTES[protocol];
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
      chunks.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      if (size > most) break;
    }
  } catch (error) {
    if (error instanceof ServiceError) throw error;
    throw new ServiceError("IncompleteBody", "The request ended before its body did.");
  }
  if (size <= most) return Buffer.concat(chunks);
  throw protocol === "rest-xml"
    ? new ServiceError("MaxMessageLengthExceeded", "Your request was too big.")
    : new ServiceError(
        "RequestEntityTooLarge",
        `The request's body has more than ${most} bytes, which the local AWS takes.`,
        413,
      );
}

/**
 * The body as it passes through, with an error in place of its end where it is not the one that was
 * signed. Its last piece is kept back until then, so that nobody has all of a wrong one.
 *
 * @param hash what the request says of its body: a SHA-256, or that it is not signed as a whole
 */
export function checkedBody(incoming: Readable, hash: string | undefined): Readable {
  if (hash === undefined || !/^[\da-f]{64}$/.test(hash)) return incoming;
  const sum = createHash("sha256");
  let last: Buffer | undefined;
  const check = new Transform({
    transform(chunk: Buffer, _, done) {
      sum.update(chunk);
      const before = last;
      last = chunk;
      done(null, before);
    },
    flush(done) {
      if (sum.digest("hex") === hash) done(null, last);
      else
        done(
          new ServiceError(
            "XAmzContentSHA256Mismatch",
            "The provided 'x-amz-content-sha256' header does not match what was computed.",
          ),
        );
    },
  });
  incoming.on("error", (error) => check.destroy(error));
  // Nobody may be reading it any more.
  check.on("error", () => undefined);
  return incoming.pipe(check);
}

/**
 * Without the frame of S3's own chunks, whose signatures and trailers are not looked at.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 */
export function withoutChunkFrames(body: Buffer, request: HttpRequest): Buffer {
  if (!headerOf(request, "x-amz-content-sha256")?.startsWith("STREAMING-")) return body;
  const chunks: Buffer[] = [];
  for (let at = 0; ;) {
    const end = body.indexOf("\r\n", at);
    const [, digits] = /^([\da-f]{1,8})(;|$)/i.exec(body.toString("latin1", at, end)) ?? [];
    if (end < 0 || digits === undefined)
      throw new ServiceError("IncompleteBody", "The request's body is not in chunks as it says.");
    const size = parseInt(digits, 16);
    if (size === 0) return Buffer.concat(chunks);
    chunks.push(body.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}

/**
 * The parameters of a request in JSON.
 *
 * @throws ServiceError SerializationException, as AWS's JSON protocols answer what they cannot read
 */
export function jsonParameters(body: string): Readonly<Record<string, unknown>> {
  if (lookAtJson(body, MOST_LEVELS).tooDeep !== undefined)
    throw notSerialized(`Objects and lists stand more than ${MOST_LEVELS} deep in one another.`);
  let value: unknown;
  try {
    value = JSON.parse(body === "" ? "{}" : body);
  } catch (error) {
    throw notSerialized((error as Error).message);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw notSerialized("The request is not a JSON object.");
  for (const [name, member] of Object.entries(value))
    if (!hasItsType(name, member)) throw notSerialized(`${name} has another type.`);
  return { ...value };
}

function hasItsType(name: string, member: unknown): boolean {
  if (member === null || member === undefined) return true;
  if (TEXTS.includes(name)) return typeof member === "string";
  if (!name.endsWith("EncryptionContext")) return true;
  if (typeof member !== "object" || Array.isArray(member)) return false;
  return Object.values(member).every((value) => typeof value === "string");
}

/** Members that are texts in every service which has them, and that are looked at here. */
const TEXTS = [
  "AliasName",
  "CiphertextBlob",
  "DestinationKeyId",
  "KeyId",
  "NamedQueryId",
  "Policy",
  "ResourceId",
  "SourceKeyId",
  "TargetKeyId",
];

function notSerialized(message: string): ServiceError {
  return new ServiceError("SerializationException", message);
}

/** A parameter of the query protocol has as many levels as dots in its name. */
const MOST_DOTS = MOST_LEVELS;

/**
 * The parameters of a request to a query API, in its query or its body.
 *
 * @throws ServiceError where names have too many levels, or a name stands twice
 */
export function queryParameters(query: string, body: string): ReadonlyMap<string, string> {
  const all = [...new URLSearchParams(query), ...new URLSearchParams(body)].filter(
    ([name]) => !SIGNING_PARAMETER.test(name),
  );
  const malformed = (what: string): ServiceError => new ServiceError("MalformedQueryString", what);
  if (all.some(([name]) => name.split(".", MOST_DOTS + 2).length > MOST_DOTS + 1))
    throw malformed(`The name of a parameter has more than ${MOST_DOTS} dots.`);
  const parameters = new Map(all);
  // Another reader might take the other one.
  if (parameters.size < all.length) throw malformed("A parameter stands twice in the request.");
  return parameters;
}
