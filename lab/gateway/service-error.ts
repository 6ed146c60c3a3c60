import type { CrossAccountCall } from "../../cloudtrail/records/redaction";
import { escapeXml, textOf } from "./xml";

/** How a service's API writes requests and errors. */
export type Protocol = "json" | "query" | "rest-xml";

/** The media type of AWS's JSON protocol. */
export const JSON_TYPE = "application/x-amz-json-1.1";

/** The side whose policy refused a call. */
export type DeniedBy = NonNullable<CrossAccountCall["deniedBy"]>;

/** An error that a caller of the local AWS gets, under AWS's own name for it. */
export class ServiceError extends Error {
  /**
   * @param code AWS's name of the error, e.g. `TrailNotFoundException`
   * @param status the HTTP status
   * @param deniedBy where a policy refused the call
   */
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
    readonly deniedBy?: DeniedBy,
  ) {
    super(message);
  }
}

/** An answer, ready to send. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The error as the protocol writes it, so that any SDK reads code and message from it. */
export function errorAnswer(error: ServiceError, protocol: Protocol, requestId: string): Answer {
  const { code, message, status } = error;
  const headers = { "x-amzn-requestid": requestId };
  if (protocol === "json")
    return {
      status,
      headers: { ...headers, "content-type": JSON_TYPE },
      body: JSON.stringify({ __type: code, message }),
    };
  const fields = `<Code>${escapeXml(code)}</Code><Message>${escapeXml(message)}</Message>`;
  const id = `<RequestId>${requestId}</RequestId>`;
  return {
    status,
    headers: { ...headers, "content-type": "text/xml" },
    body:
      protocol === "rest-xml"
        ? `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${fields}${id}</Error>`
        : `<ErrorResponse><Error><Type>Sender</Type>${fields}</Error>${id}</ErrorResponse>`,
  };
}

/** The error code in a service's answer, whichever protocol wrote it. */
export function errorCodeOf(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  body: string,
): string | undefined {
  const header = headers["x-amzn-errortype"];
  const found =
    (typeof header === "string" ? header : undefined) ??
    /<Code>([^<]+)<\/Code>/.exec(body)?.[1] ??
    /"__type"\s*:\s*"([^"]+)"/.exec(body)?.[1];
  return found?.replace(/^.*#/, "").replace(/:.*$/, "");
}

/** The error's text in a service's answer, whichever protocol wrote it. */
export function errorMessageOf(body: string): string | undefined {
  const xml = textOf(body, "Message");
  if (xml !== undefined) return xml;
  const json = /"message"\s*:\s*("(?:[^"\\]|\\.)*")/i.exec(body)?.[1];
  return json === undefined ? undefined : (JSON.parse(json) as string);
}
