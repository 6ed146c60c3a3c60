import { request as httpRequest } from "node:http";
import type { HttpRequest } from "../../lab/gateway/http-request";
import { sha256, signatureOf } from "../../lab/gateway/signature";
import type { AwsCredentials } from "./boto3";

/** A request that no client would send, to be signed. */
export interface Unsigned {
  readonly credentials: AwsCredentials;
  readonly service: string;
  /** @default "us-east-1" */
  readonly region?: string;
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** Names in lower case; `host` is a must. */
  readonly headers: Readonly<Record<string, string>>;
  /** @default "" */
  readonly body?: string;
}

/** The headers of a request with its Signature Version 4, as of now. */
export function signed(request: Unsigned): Record<string, string> {
  const { credentials, service, region = "us-east-1", method, target, body = "" } = request;
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const date = time.slice(0, 8);
  const hash = request.headers["x-amz-content-sha256"] ?? sha256(body);
  const headers = {
    ...request.headers,
    "x-amz-date": time,
    ...(service === "s3" ? { "x-amz-content-sha256": hash } : {}),
    ...(credentials.sessionToken === undefined
      ? {}
      : { "x-amz-security-token": credentials.sessionToken }),
  };
  const http: HttpRequest = { method, target, headers };
  const signedHeaders = Object.keys(headers)
    .filter((name) => name === "host" || name.startsWith("x-amz-"))
    .sort();
  const scope = { date, region, service, signedHeaders, time };
  const signature = signatureOf(http, scope, credentials.secretAccessKey, hash);
  const credential = `${credentials.accessKeyId}/${date}/${region}/${service}/aws4_request`;
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${signedHeaders.join(";")}, Signature=${signature}`,
  };
}

/**
 * Sends a request to an endpoint, signed. Path and headers go out as they are: `fetch` would tidy
 * them.
 *
 * @param request its host is the endpoint's unless it names one
 */
export async function fetchSigned(
  endpoint: string,
  request: Omit<Unsigned, "headers"> & { readonly headers?: Readonly<Record<string, string>> },
): Promise<Response> {
  const { method, target, body = "" } = request;
  const headers = signed({
    ...request,
    headers: { host: new URL(endpoint).host, ...request.headers },
  });
  return send(endpoint, { method, target, headers, body });
}

/** Sends a request as it is. */
export async function send(
  endpoint: string,
  request: HttpRequest & { readonly body?: string },
): Promise<Response> {
  const { method, target, headers, body = "" } = request;
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      endpoint,
      { method, path: target, headers: { ...headers, "content-length": Buffer.byteLength(body) } },
      (answer) => {
        answer
          .toArray()
          .then((chunks: Buffer[]) => {
            const status = answer.statusCode ?? 0;
            const isEmpty = [204, 304].includes(status);
            resolve(new Response(isEmpty ? null : Buffer.concat(chunks), { status }));
          })
          .catch(reject);
      },
    );
    outgoing.once("error", reject).end(body);
  });
}
