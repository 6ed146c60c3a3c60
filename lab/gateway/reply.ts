import { randomBytes, randomUUID } from "node:crypto";
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { ObjectToDelete } from "../s3/s3-needs";
import {
  type DeniedBy,
  errorAnswer,
  JSON_TYPE,
  type Protocol,
  ServiceError,
} from "./service-error";

/** An answer that is ready to go out. */
export interface Reply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: OutgoingHttpHeaders;
  /** moto's answer where its body passes through unread. */
  readonly body: string | Buffer | IncomingMessage;
  /** AWS's name of the error, where it is one that says it. */
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly deniedBy?: DeniedBy;
  /** What a DeleteObjects call has deleted. */
  readonly deletedObjects?: readonly ObjectToDelete[];
}

/** An answer of a service whose protocol is JSON. */
export function jsonReply(answer: object): Reply {
  const headers = { "content-type": JSON_TYPE };
  return { status: 200, headers, body: JSON.stringify(answer) };
}

/** What is not meant for the caller becomes an internal failure that says so. */
export function errorReply(error: unknown, protocol: Protocol): Reply {
  const told =
    error instanceof ServiceError
      ? error
      : new ServiceError(
          "InternalFailure",
          `The local AWS failed: ${error instanceof Error ? error.message : String(error)}`,
          500,
        );
  const { code: errorCode, message: errorMessage, deniedBy } = told;
  return { ...errorAnswer(told, protocol, randomUUID()), errorCode, errorMessage, deniedBy };
}

/**
 * The reply under the names that the protocol gives request IDs, those that moto leaves out made
 * up.
 */
export function withRequestIds(reply: Reply, protocol: Protocol): Reply {
  const { "x-amzn-requestid": given = randomUUID(), ...headers } = reply.headers;
  const ids =
    protocol === "rest-xml"
      ? { "x-amz-request-id": given, "x-amz-id-2": randomBytes(56).toString("base64") }
      : { "x-amzn-requestid": given };
  return { ...reply, headers: { ...ids, ...headers } };
}

/** The reply with the local AWS's own time, milliseconds, which may be ahead of moto's. */
export function withDate(reply: Reply, now: number): Reply {
  return { ...reply, headers: { ...reply.headers, date: new Date(now).toUTCString() } };
}

/** The bytes of its body; undefined where moto's answer does not say. */
export function bodySize({ headers, body }: Reply, method: string): number | undefined {
  if (method === "HEAD") return 0;
  if (typeof body === "string" || Buffer.isBuffer(body)) return Buffer.byteLength(body);
  const length = headers["content-length"];
  return length === undefined ? undefined : Number(length);
}

export async function sendReply(
  { status, headers, body }: Reply,
  response: ServerResponse,
): Promise<void> {
  response.writeHead(status, headers);
  if (typeof body === "string" || Buffer.isBuffer(body)) response.end(body);
  else await pipeline(body, response);
}
