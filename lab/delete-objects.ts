/**
 * The bodies of DeleteObjects: one call, and an answer for each object.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
 */
import type { ObjectToDelete } from "./s3-needs";
import { escapeXml, type ServiceError, unescapeXml } from "./service-error";

/** An object that may not be deleted. */
export interface RefusedDeletion extends ObjectToDelete {
  readonly error: ServiceError;
}

const OBJECT = /<Object>.*?<\/Object>/gs;

/** The request's objects. */
export function objectsToDelete(request: string): readonly ObjectToDelete[] {
  return (request.match(OBJECT) ?? []).map((xml) => ({
    key: field(xml, "Key") ?? "",
    versionId: field(xml, "VersionId"),
  }));
}

/** The request without the objects that are not kept, which are told by their place in it. */
export function withoutObjects(request: string, keep: (index: number) => boolean): string {
  let index = 0;
  return request.replace(OBJECT, (xml) => (keep(index++) ? xml : ""));
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
  const text = new RegExp(`<${name}>(.*?)</${name}>`, "s").exec(xml)?.[1];
  return text === undefined ? undefined : unescapeXml(text);
}
