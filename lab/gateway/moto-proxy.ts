import {
  Agent,
  request as httpRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
} from "node:http";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { MOTO_ACCOUNT_HEADER } from "../account-clients";
import type { MotoRequest } from "./service-request";

/** For whom moto answers. */
export interface MotoScope {
  readonly service: string;
  readonly region: string;
  readonly accessKeyId: string;
  /** In which moto is asked. */
  readonly accountId: string;
}

/** Passes requests on to moto. */
export class MotoProxy {
  readonly #agent = new Agent({ keepAlive: true });

  /** @param endpoint moto's */
  constructor(private readonly endpoint: string) {}

  /**
   * @param body a stream where it is not read here: it passes through
   * @returns moto's answer, its body unread
   */
  ask(
    { method, target, headers }: MotoRequest,
    body: Buffer | Readable,
    scope: MotoScope,
  ): Promise<IncomingMessage> {
    const sent = forwardable(headers);
    const length = Buffer.isBuffer(body) ? { "content-length": String(body.length) } : {};
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest(
        this.endpoint,
        {
          // As text: a URL object would take dots and slashes out of S3 keys.
          path: target,
          method,
          headers: {
            ...sent,
            ...length,
            ...motoHeaders(scope),
          },
          agent: this.#agent,
        },
        resolve,
      );
      outgoing.on("error", reject);
      if (Buffer.isBuffer(body)) outgoing.end(body);
      else pipeline(body, outgoing).catch(reject);
    });
  }

  /** Closes the connections. */
  destroy(): void {
    this.#agent.destroy();
  }
}

/** By these moto knows account, service, region and caller; it looks at no signature. */
export function motoHeaders(scope: MotoScope): Readonly<Record<string, string>> {
  const { service, region, accessKeyId, accountId } = scope;
  const credential = `${accessKeyId}/20240101/${region}/${service}/aws4_request`;
  return {
    [MOTO_ACCOUNT_HEADER]: accountId,
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0`,
  };
}

const HOP_BY_HOP: ReadonlySet<string> = new Set([
  "connection",
  "expect",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** The headers of moto's answer that belong to the message, not to the connection it came by. */
export function forwarded({ headers }: IncomingMessage): OutgoingHttpHeaders {
  return forwardable(headers);
}

function forwardable(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string | string[] | undefined> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)));
}

/** The whole body of moto's answer. */
export async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
