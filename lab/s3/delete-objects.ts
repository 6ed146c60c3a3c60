/**
 * The bodies of DeleteObjects: one call, and an answer for each object.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
 */
import type { ObjectToDelete } from "./s3-needs";
import { escapeXml, ServiceError, unescapeXml } from "../gateway/service-error";

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

/**
 * The request's objects.
 *
 * @throws ServiceError MalformedXML where there are more than S3 takes
 */
export function objectsToDelete(request: string): readonly ObjectToDelete[] {
  const objects: ObjectToDelete[] = [];
  for (let one = elementAt(request, "Object"); one; one = elementAt(request, "Object", one.end)) {
    if (objects.length === MOST_OBJECTS)
      throw new ServiceError(
        "MalformedXML",
        `The XML you provided names more than ${MOST_OBJECTS} objects.`,
      );
    objects.push({ key: field(one.text, "Key") ?? "", versionId: field(one.text, "VersionId") });
  }
  return objects;
}

/** The request without the objects that are not kept, which are told by their place in it. */
export function withoutObjects(request: string, keep: (index: number) => boolean): string {
  const kept: string[] = [];
  let from = 0;
  for (let index = 0; ; index++) {
    const one = elementAt(request, "Object", from);
    if (one === undefined) return kept.join("") + request.slice(from);
    kept.push(request.slice(from, keep(index) ? one.end : one.start));
    from = one.end;
  }
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
