import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { EventSink } from "../records/event-sink";
import { Recorder } from "../records/recorder";
import type { Redaction } from "../records/records-of";
import type { Authentication } from "./authentication";
import { type AnswerParts, CallAnswers, type Outcome } from "./call-answers";
import type { CallLog } from "./calls";
import { headerOf } from "./http-request";
import { type LabAnswer, answerLabRequest, LAB_PATH, type LabState } from "./lab-requests";
import { MotoProxy } from "./moto-proxy";
import { errorReply, type Reply, sendReply, withDate, withRequestIds } from "./reply";
import { checkedBody, readBody } from "./request-body";
import { ServiceError } from "./service-error";
import { protocolOf, readServiceRequest } from "./service-request";
import { signedScope } from "./signed-scope";
import type { UserCall } from "./user-call";

/** What the gateway is made of. */
export interface GatewayParts extends Omit<AnswerParts, "moto"> {
  /** moto's endpoint. */
  readonly moto: string;
  readonly authentication: Authentication;
  /** Takes the records of all calls. */
  readonly events: EventSink;
  /**
   * Whether callers from other accounts learn whose bucket denied them.
   *
   * @default "current": they are not
   */
  readonly redaction?: Redaction;
  /** For requests about the local AWS itself. */
  readonly lab: LabState;
  readonly log: CallLog;
  /** Milliseconds. */
  readonly now: () => number;
  /** Told of what is a fault of the local AWS; the request that met it gets an internal failure. */
  readonly onFault: (error: unknown) => void;
}

/**
 * The HTTP server that AWS clients talk to. It finds out who calls and what is asked, has the call
 * answered, and records each once in the log and once as CloudTrail does.
 */
export class Gateway {
  readonly #moto: MotoProxy;
  readonly #answers: CallAnswers;
  readonly #recorder: Recorder;
  readonly #server: Server;

  constructor(private readonly parts: GatewayParts) {
    this.#moto = new MotoProxy(parts.moto);
    this.#answers = new CallAnswers({ ...parts, moto: this.#moto });
    this.#recorder = new Recorder(parts.events, parts.redaction);
    this.#server = createServer((incoming, response) => {
      this.#serve(incoming, response).catch((error: unknown) => {
        parts.onFault(error);
        response.destroy();
      });
    });
  }

  /**
   * @param port 0 for a free one
   * @returns the port
   */
  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, "127.0.0.1", resolve);
    });
    // Too many open files, for instance: the connections that are there go on.
    this.#server.removeAllListeners("error").on("error", this.parts.onFault);
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    this.#moto.destroy();
    await closed;
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url = "/", headers } = incoming;
    if (url.startsWith(LAB_PATH)) {
      const answer = await this.#answerLab(method, url);
      response.writeHead(answer.status, { "content-type": answer.contentType });
      response.end(answer.body);
      return;
    }
    const http = { method, target: url, headers };
    const scope = signedScope(http);
    const protocol = protocolOf(http, scope?.service ?? "s3");
    const { authentication } = this.parts;
    try {
      const caller = await authentication.caller(scope, protocol);
      const body = protocol === "rest-xml" ? undefined : await readBody(incoming, protocol);
      const signed = authentication.check({ http, scope, protocol, body });
      const request = readServiceRequest(http, signed.service, body?.toString() ?? "");
      const call: UserCall = { scope: signed, caller, request, http };
      const arrived = this.parts.now();
      const bucket = this.#answers.bucketOf(call);
      const content =
        body === undefined
          ? checkedBody(incoming, headerOf(http, "x-amz-content-sha256"))
          : incoming;
      const outcome = await this.#answers.answer(call, content).catch((error: unknown): Outcome => {
        this.#tell(error);
        return { reply: errorReply(error, protocol) };
      });
      const reply = withDate(withRequestIds(outcome.reply, protocol), this.parts.now());
      // Recorded first: whoever has the answer finds the call in the log.
      this.#log(call, arrived, reply);
      this.#recorder.record({
        ...call,
        ...outcome,
        reply,
        time: arrived,
        sourceIp: incoming.socket.remoteAddress ?? "127.0.0.1",
        // CreateBucket makes it, DeleteBucket takes it away.
        bucket: this.#answers.bucketOf(call) ?? bucket,
      });
      await sendReply(reply, response);
    } catch (error) {
      // Whoever has gone away gets no answer, and that is not a fault.
      if (response.headersSent || response.destroyed) {
        response.destroy();
        return;
      }
      this.#tell(error);
      await sendReply(withRequestIds(errorReply(error, protocol), protocol), response);
    }
  }

  async #answerLab(method: string, url: string): Promise<LabAnswer> {
    try {
      return await answerLabRequest(method, url, this.parts.lab);
    } catch (error) {
      this.#tell(error);
      const body = JSON.stringify({ error: `The local AWS failed: ${String(error)}` });
      return { status: 500, contentType: "application/json", body: `${body}\n` };
    }
  }

  /** What is not meant for the caller is a fault of the local AWS. */
  #tell(error: unknown): void {
    if (!(error instanceof ServiceError)) this.parts.onFault(error);
  }

  #log({ scope, caller, request }: UserCall, arrived: number, reply: Reply): void {
    this.parts.log.record({
      time: new Date(arrived).toISOString(),
      endTime: new Date(this.parts.now()).toISOString(),
      accountId: caller.accountId,
      principalArn: caller.arn,
      service: scope.service,
      region: scope.region,
      action: request.action,
      resource: request.resource,
      request: request.parameters,
      status: reply.status,
      errorCode: reply.errorCode,
    });
  }
}
