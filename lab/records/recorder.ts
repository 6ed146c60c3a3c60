import { randomUUID } from "node:crypto";
import { bodySize, type Reply } from "../gateway/reply";
import type { EventSink } from "./event-sink";
import type { ObservedAnswer, ObservedCall, RoleSession } from "./observed-call";
import { type Redaction, recordsOf } from "./records-of";
import { textOf } from "../gateway/xml";

/** A call as the gateway has it once it is answered. */
export interface AnsweredCall extends Omit<
  ObservedCall,
  "session" | "keys" | "deletedObjects" | "answer"
> {
  /** With the request IDs that the caller gets. */
  readonly reply: Reply;
  /** @default - none */
  readonly keys?: readonly string[];
}

/** Makes the records of each call, and knows the sessions that AssumeRole has made. */
export class Recorder {
  readonly #sessions = new Map<string, RoleSession>();

  constructor(
    private readonly events: EventSink,
    private readonly redaction: Redaction = "current",
  ) {}

  record(call: AnsweredCall): void {
    const { reply, keys = [], bucket, ...others } = call;
    // Whoever cannot have a bucket's name is not told who has it.
    const isTaken = call.request.action === "CreateBucket" && reply.errorCode !== undefined;
    const observed: ObservedCall = {
      ...others,
      keys,
      bucket: isTaken ? undefined : bucket,
      deletedObjects: reply.deletedObjects ?? [],
      session: this.#sessions.get(call.caller.accessKeyId),
      answer: observedAnswer(call),
    };
    const options = { redaction: this.redaction, newId: randomUUID };
    for (const record of recordsOf(observed, options)) this.events.add(record);
    this.#noteSession(observed);
  }

  #noteSession({ scope, request, time, answer }: ObservedCall): void {
    if (scope.service !== "sts" || request.action !== "AssumeRole") return;
    const accessKeyId = textOf(answer.body ?? "", "AccessKeyId");
    if (accessKeyId === undefined) return;
    const roleArn = String(request.parameters["RoleArn"]);
    this.#sessions.set(accessKeyId, { roleArn, created: time });
  }
}

function observedAnswer({ request, http, bucket, reply }: AnsweredCall): ObservedAnswer {
  const { status, headers, body, errorCode, errorMessage, deniedBy } = reply;
  const text = typeof body === "string" || Buffer.isBuffer(body) ? body.toString() : undefined;
  const hostId = headers["x-amz-id-2"]?.toString();
  const requestId = headers["x-amz-request-id"] ?? headers["x-amzn-requestid"];
  return {
    requestId: String(requestId),
    hostId,
    headers,
    errorCode: errorCode ?? (status < 400 ? undefined : unsaidError()),
    errorMessage,
    deniedBy,
    body: text,
    size: bodySize(reply, http.method),
  };

  /** The answer to HEAD has no body that could name the error. */
  function unsaidError(): string {
    if (status === 404)
      return request.parameters["key"] !== undefined && bucket ? "NoSuchKey" : "NoSuchBucket";
    return (
      { 403: "AccessDenied", 405: "MethodNotAllowed", 412: "PreconditionFailed" }[status] ??
      "InternalError"
    );
  }
}
