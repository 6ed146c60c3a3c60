import { ServiceError } from "../gateway/service-error";

const PROLOG = /^\s*(<\?xml[^?]*\?>)?\s*/;
const ROOT = /^<[A-Za-z][A-Za-z0-9]*(\s+xmlns(:[a-z]+)?="[^"<>]*")*\s*\/?>/;
const TAG = /^<\/?[A-Za-z][A-Za-z0-9]{0,99}\/?>/;

/**
 * Makes sure that a document has only what is looked for in it by name: no comments, no sections,
 * no prefixes, and attributes at its root alone. Another reader of XML then finds the same tags in
 * it.
 *
 * @throws ServiceError MalformedXML
 */
export function checkPlainXml(text: string): void {
  const start = (PROLOG.exec(text) as RegExpExecArray)[0].length;
  const root = ROOT.exec(text.slice(start, start + 1000));
  if (root === null) throw malformedXml();
  for (let at = text.indexOf("<", start + 1); at >= 0; at = text.indexOf("<", at + 1))
    if (!TAG.test(text.slice(at, at + 104))) throw malformedXml();
}

export function malformedXml(): ServiceError {
  return new ServiceError(
    "MalformedXML",
    "The XML you provided was not well-formed or did not validate against our published schema",
  );
}
