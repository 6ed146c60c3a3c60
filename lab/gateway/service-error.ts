import type { CrossAccountCall } from "../../cloudtrail/records/redaction";

/** How a service's API writes requests and errors. */
export type Protocol = "json" | "query" | "rest-xml";

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
      headers: { ...headers, "content-type": "application/x-amz-json-1.1" },
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
  const xml = /<Message>([^<]*)<\/Message>/.exec(body)?.[1];
  if (xml !== undefined) return unescapeXml(xml);
  const json = /"message"\s*:\s*("(?:[^"\\]|\\.)*")/i.exec(body)?.[1];
  return json === undefined ? undefined : (JSON.parse(json) as string);
}

/** Text for an element of XML. */
export function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  apos: "'",
  gt: ">",
  lt: "<",
  quot: '"',
};

/** The text that an element of XML stands for. */
export function unescapeXml(xml: string): string {
  return xml.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    const code = hex === undefined ? Number(decimal) : parseInt(String(hex), 16);
    if (name !== undefined)
      return Object.hasOwn(ENTITIES, String(name)) ? ENTITIES[String(name)]! : String(whole);
    return code <= 0x10ffff ? String.fromCodePoint(code) : String(whole);
  });
}
