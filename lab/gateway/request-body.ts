import type { IncomingMessage } from "node:http";
import { LIMITS } from "../../cloudtrail/limits";
import { lookAtJson } from "../../iam/json-limits";
import { type Protocol, ServiceError } from "./service-error";

/** Bytes of a request that is read. S3's is its own; AWS gives none that holds for all others: more than any takes. */
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
export async function readBody(incoming: IncomingMessage, protocol: Protocol): Promise<Buffer> {
  const most = MOST_BYTES[protocol];
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
      chunks.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      if (size > most) break;
    }
  } catch {
    throw new ServiceError("IncompleteBody", "The request ended before its body did.");
  }
  if (size <= most) return decoded(Buffer.concat(chunks), incoming);
  throw protocol === "rest-xml"
    ? new ServiceError("MaxMessageLengthExceeded", "Your request was too big.")
    : new ServiceError(
        "RequestEntityTooLarge",
        `The request's body has more than ${most} bytes, which the local AWS takes.`,
        413,
      );
}

/**
 * Without the frame of S3's own chunks, whose signatures and trailers are not looked at.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 */
function decoded(body: Buffer, { headers }: IncomingMessage): Buffer {
  if (!headers["x-amz-content-sha256"]?.toString().startsWith("STREAMING-")) return body;
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
    throw notSerialized("The request is no JSON object.");
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

/** @throws ServiceError where names have too many levels */
export function queryParameters(target: string, body: string): Readonly<Record<string, unknown>> {
  const all = [...new URLSearchParams(target.split("?", 2)[1]), ...new URLSearchParams(body)];
  if (all.some(([name]) => name.split(".", MOST_DOTS + 2).length > MOST_DOTS + 1))
    throw new ServiceError(
      "MalformedQueryString",
      `The name of a parameter has more than ${MOST_DOTS} dots.`,
    );
  return Object.fromEntries(all);
}

/**
 * Checks of policies that go to moto, made before they get there: what moto keeps is evaluated here.
 *
 * @throws ServiceError as KMS and SNS answer it
 */
export function checkPolicyParameter(
  service: string,
  action: string,
  parameters: Readonly<Record<string, unknown>>,
): void {
  const text = policyIn(service, action, parameters);
  if (typeof text !== "string" || text === "") return;
  const [most, code] =
    service === "kms"
      ? [LIMITS.keyPolicyBytes, "MalformedPolicyDocumentException"]
      : [LIMITS.topicPolicyBytes, "InvalidParameter"];
  const problem =
    Buffer.byteLength(text) > most
      ? `The policy has more than ${most} bytes.`
      : lookAtJson(text, MOST_LEVELS).tooDeep !== undefined
        ? `Objects and lists stand more than ${MOST_LEVELS} deep in one another in the policy.`
        : undefined;
  if (problem !== undefined) throw new ServiceError(code, problem);
}

function policyIn(
  service: string,
  action: string,
  parameters: Readonly<Record<string, unknown>>,
): unknown {
  if (service === "kms") return parameters["Policy"];
  if (service !== "sns") return undefined;
  if (action === "SetTopicAttributes")
    return parameters["AttributeName"] === "Policy" ? parameters["AttributeValue"] : undefined;
  const entry = Object.entries(parameters).find(
    ([name, value]) => /^Attributes\.entry\.\d+\.key$/.test(name) && value === "Policy",
  );
  return entry && parameters[entry[0].replace(/key$/, "value")];
}
