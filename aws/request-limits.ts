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
}

/** Those of every client: AWS answers within a second, and a slow line within some. */
export const REQUEST_LIMITS: RequestLimits = { connect: 5_000, answer: 20_000, silence: 20_000 };

/** Looks at an answer within its time of silence, so that it ends at the latest 5/4 of it later. */
const LOOKS = 4;

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
    try {
      const handled = await super.handle(request, options);
      endInSilence(handled.response.body as IncomingMessage, this.limits.silence, host);
      return handled;
    } catch (error) {
      throw inWords(error, host, this.limits);
    }
  }
}

/** Ends a body of which nothing more comes, though it is taken as it comes. */
function endInSilence(body: IncomingMessage, silence: number, host: string): void {
  let bytes = -1;
  let quiet = 0;
  const timer = setInterval(() => {
    if (body.complete || body.destroyed) return clearInterval(timer);
    const waits = body.readableLength < body.readableHighWaterMark;
    quiet = waits && body.socket.bytesRead === bytes ? quiet + 1 : 0;
    bytes = body.socket.bytesRead;
    if (quiet < LOOKS) return;
    clearInterval(timer);
    const error = new Error(
      `${host} sent the beginning of an answer, and then nothing for ${seconds(silence)}`,
    );
    body.destroy(Object.assign(error, { name: "TimeoutError" }));
  }, silence / LOOKS);
  timer.unref();
  body.once("close", () => clearInterval(timer));
}

/** The SDK's errors say which of its settings they are about, and not which host. */
function inWords(thrown: unknown, host: string, { connect, answer }: RequestLimits): unknown {
  const { name, code, message } = thrown as NodeJS.ErrnoException;
  const say = (words: string): Error =>
    Object.assign(new Error(words, { cause: thrown }), { name: "TimeoutError", code });
  if (code === "ECONNREFUSED") return say(`${host} takes no connections (${code})`);
  if (code === "ECONNRESET" || code === "EPIPE")
    return say(`${host} closed the connection before it had answered`);
  if (name !== "TimeoutError") return thrown;
  return message.includes("did not establish a connection")
    ? say(`no connection to ${host} within ${seconds(connect)}`)
    : say(`no answer from ${host} within ${seconds(answer)}`);
}

/** Whether an error says that a host did not answer, or not to the end; a refusal is an answer. */
export function isUnanswered(error: unknown): boolean {
  const { name, code } = (error ?? {}) as NodeJS.ErrnoException;
  return name === "TimeoutError" || (typeof code === "string" && /^E[A-Z]+$/.test(code));
}

function seconds(milliseconds: number): string {
  return `${milliseconds / 1000} s`;
}
