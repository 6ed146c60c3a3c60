import { NodeHttpHandler } from "@smithy/node-http-handler";
import type { IncomingMessage } from "node:http";

/** How long a request may wait for what. All in milliseconds. */
export interface RequestLimits {
  /** For a connection. */
  readonly connect: number;
  /** For the beginning of an answer. */
  readonly answer: number;
  /** For more of an answer that has begun, while somebody is ready to take it. */
  readonly silence: number;
  /**
   * For any answer of a host, over all requests of the process. A host that has given none for so
   * long is asked again once in such a time, and else not.
   */
  readonly patience: number;
}

/** Those of every client: AWS answers within a second, and a slow line within some. */
export const REQUEST_LIMITS: RequestLimits = {
  connect: 5_000,
  answer: 20_000,
  silence: 20_000,
  patience: 120_000,
};

/** Looks at an answer within its time of silence, so that it ends at the latest 5/4 of it later. */
const LOOKS = 4;

/** A host that has not answered since a time; in milliseconds, as is when it was asked last. */
interface SilentHost {
  readonly since: number;
  asked: number;
}

/** Hosts that did not answer, and have not answered since. */
const silent = new Map<string, SilentHost>();

type Handled = ReturnType<NodeHttpHandler["handle"]>;

/**
 * Sends a client's requests, and lets none wait for ever. The SDK's own socket timeout is not used:
 * it also ends answers that nobody reads at the moment, such as files that are asked for ahead.
 */
export class LimitedRequests extends NodeHttpHandler {
  constructor(private readonly limits: RequestLimits) {
    super({
      connectionTimeout: limits.connect,
      requestTimeout: limits.answer,
      throwOnRequestTimeout: true,
      // Who asks bounds how many it asks at once. In a queue here a request's time would run out.
      httpAgent: { keepAlive: true, maxSockets: Infinity },
      httpsAgent: { keepAlive: true, maxSockets: Infinity },
    });
  }

  override async handle(...[request, options]: Parameters<NodeHttpHandler["handle"]>): Handled {
    const { hostname, port } = request;
    const host = port === undefined ? hostname : `${hostname}:${port}`;
    const began = Date.now();
    const known = silent.get(host);
    if (known && began - known.since > this.limits.patience) {
      if (began - known.asked < this.limits.patience) throw gaveUp(host, began - known.since);
      known.asked = began;
    }
    try {
      const handled = await super.handle(request, options);
      this.#follow(handled.response.body as IncomingMessage, host, began);
      return handled;
    } catch (error) {
      if (isUnanswered(error)) note(host, began);
      throw inWords(error, host, this.limits);
    }
  }

  /** Ends a body of which nothing more comes, though it is taken as it comes. */
  #follow(body: IncomingMessage, host: string, began: number): void {
    const { silence } = this.limits;
    let bytes = -1;
    let quiet = 0;
    const timer = setInterval(() => {
      // It has come, and waits to be read.
      if (body.complete) return clearInterval(timer);
      const waits = body.readableLength < body.readableHighWaterMark;
      quiet = waits && body.socket.bytesRead === bytes ? quiet + 1 : 0;
      bytes = body.socket.bytesRead;
      if (quiet < LOOKS) return;
      note(host, began);
      body.destroy(
        timeout(
          `${host} sent the beginning of an answer, and then nothing for ${seconds(silence)}`,
        ),
      );
    }, silence / LOOKS);
    timer.unref();
    body.once("end", () => silent.delete(host));
    body.once("close", () => clearInterval(timer));
  }
}

/** Whether an error says that a host did not answer, or not to the end; a refusal is an answer. */
export function isUnanswered(error: unknown): boolean {
  const { name, code } = (error ?? {}) as NodeJS.ErrnoException;
  return (
    name === "TimeoutError" ||
    name === GAVE_UP ||
    (typeof code === "string" && /^E[A-Z]+$/.test(code))
  );
}

/** The SDK tries no request again that ended with it. */
const GAVE_UP = "HostGivenUp";

function gaveUp(host: string, time: number): Error {
  const words = `${host} has answered nothing for ${seconds(Math.floor(time / 1000) * 1000)}, and is not asked again`;
  return Object.assign(new Error(words), { name: GAVE_UP });
}

function note(host: string, began: number): void {
  if (!silent.has(host)) silent.set(host, { since: began, asked: began });
}

/** The SDK's errors say which of its settings they are about, and not which host. */
function inWords(thrown: unknown, host: string, { connect, answer }: RequestLimits): unknown {
  const { name, code, message } = thrown as NodeJS.ErrnoException;
  if (code === "ECONNREFUSED") return timeout(`${host} takes no connections (${code})`, thrown);
  if (code === "ECONNRESET" || code === "EPIPE")
    return timeout(`${host} closed the connection before it had answered`, thrown);
  if (name !== "TimeoutError") return thrown;
  return message.includes("did not establish a connection")
    ? timeout(`no connection to ${host} within ${seconds(connect)}`, thrown)
    : timeout(`no answer from ${host} within ${seconds(answer)}`, thrown);
}

/** By its name the SDK knows that it may try again. */
function timeout(words: string, cause?: unknown): Error {
  return Object.assign(new Error(words, { cause }), { name: "TimeoutError" });
}

function seconds(milliseconds: number): string {
  return `${milliseconds / 1000} s`;
}
