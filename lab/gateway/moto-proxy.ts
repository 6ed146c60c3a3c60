import {
  Agent,
  request as httpRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
} from "node:http";
import { pipeline } from "node:stream/promises";
import { MOTO_ACCOUNT_HEADER } from "../account-clients";
import type { HttpRequest } from "./service-request";

/** A request on its way to moto. */
export interface ForwardedRequest {
  readonly http: HttpRequest;
  /** The body where it was read; otherwise it passes through unread. */
  readonly body?: Buffer;
}

/** Passes requests on to moto, as they came but for the account. */
export class MotoProxy {
  readonly #agent = new Agent({ keepAlive: true });

  /** @param endpoint moto's */
  constructor(private readonly endpoint: string) {}

  /**
   * @param incoming the request with its body, where that was not read
   * @param account in which moto is asked
   * @returns moto's answer, its body unread
   */
  ask(
    { http, body }: ForwardedRequest,
    incoming: IncomingMessage,
    account: string,
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest(
        this.endpoint,
        {
          // As it came: a URL object would take dots and slashes out of S3 keys.
          path: http.target,
          method: http.method,
          headers: {
            ...forwarded(incoming),
            ...(body === undefined ? {} : { "content-length": body.length }),
            [MOTO_ACCOUNT_HEADER]: account,
          },
          agent: this.#agent,
        },
        resolve,
      );
      outgoing.on("error", reject);
      if (body === undefined) pipeline(incoming, outgoing).catch(reject);
      else outgoing.end(body);
    });
  }

  /** Closes the connections. */
  destroy(): void {
    this.#agent.destroy();
  }
}

const HOP_BY_HOP = [
  "connection",
  "expect",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/** The headers that belong to the message, not to the connection it came by. */
export function forwarded({ headers }: IncomingMessage): OutgoingHttpHeaders {
  const kept = Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name));
  return Object.fromEntries(kept);
}

/** The whole body of moto's answer. */
export async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
