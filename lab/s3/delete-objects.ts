/**
 * The bodies of DeleteObjects: one call, and an answer for each object.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
 */
import { checkPlainXml, malformedXml } from "./plain-xml";
import type { ObjectToDelete } from "./s3-needs";
import { ServiceError } from "../gateway/service-error";
import { escapeXml, unescapeXml } from "../gateway/xml";

/** An object that may not be deleted. */
export interface RefusedDeletion extends ObjectToDelete {
  readonly error: ServiceError;
}

/** What stands between the first start tag of the name, from a place on, and its end tag. */
function elementAt(
  xml: string,
  name: string,
  from = 0,
): { readonly start: number; readonly end: number; readonly text: string } | undefined {
  const [open, close] = [`<${name}>`, `</${name}>`];
  const start = xml.indexOf(open, from);
  const last = start < 0 ? -1 : xml.indexOf(close, start);
  if (last < 0) return undefined;
  return { start, end: last + close.length, text: xml.slice(start + open.length, last) };
}

/** S3 takes no more objects in one request. */
const MOST_OBJECTS = 1000;

/** A request, read. */
export interface DeleteRequest {
  readonly objects: readonly ObjectToDelete[];
  /** Whether the answer is to have errors alone. */
  readonly quiet: boolean;
}

/**
 * Reads a request.
 *
 * @throws ServiceError MalformedXML where there are no objects, or more than S3 takes
 */
export function readDeleteRequest(request: string): DeleteRequest {
  checkPlainXml(request);
  const objects: ObjectToDelete[] = [];
  for (let one = elementAt(request, "Object"); one; one = elementAt(request, "Object", one.end)) {
    if (objects.length === MOST_OBJECTS)
      throw new ServiceError(
        "MalformedXML",
        `The XML you provided names more than ${MOST_OBJECTS} objects.`,
      );
    const key = field(one.text, "Key");
    if (key === undefined || key === "") throw malformedXml();
    objects.push({ key, versionId: field(one.text, "VersionId") });
  }
  if (objects.length === 0) throw malformedXml();
  return { objects, quiet: field(request, "Quiet") === "true" };
}

/** A request for some objects, written anew: moto finds no others in it. */
export function deleteRequest({ objects, quiet }: DeleteRequest): string {
  const elements = objects.map(({ key, versionId }) => {
    const version = versionId === undefined ? "" : element("VersionId", versionId);
    return `<Object>${element("Key", key)}${version}</Object>`;
  });
  return `<Delete>${elements.join("")}${element("Quiet", String(quiet))}</Delete>`;
}

/** The answer with the errors of the objects that were refused. */
export function withErrors(answer: string, refused: readonly RefusedDeletion[]): string {
  const errors = refused.map(({ key, versionId, error }) => {
    const version = versionId === undefined ? "" : element("VersionId", versionId);
    const told = element("Code", error.code) + element("Message", error.message);
    return `<Error>${element("Key", key)}${version}${told}</Error>`;
  });
  return answer.replace("</DeleteResult>", () => `${errors.join("")}</DeleteResult>`);
}

/** The answer where nothing was deleted. */
export const NOTHING_DELETED =
  '<?xml version="1.0" encoding="UTF-8"?>\n<DeleteResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"></DeleteResult>';

function element(name: string, text: string): string {
  return `<${name}>${escapeXml(text)}</${name}>`;
}

function field(xml: string, name: string): string | undefined {
  const found = elementAt(xml, name);
  return found && unescapeXml(found.text);
}
