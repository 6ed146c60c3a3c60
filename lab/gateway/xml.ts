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

/** The texts of a document's elements of a name. */
export function textsOf(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, "g"))].map(([, text = ""]) =>
    unescapeXml(text),
  );
}

/** The text of the first element of a name. */
export function textOf(xml: string, name: string): string | undefined {
  return textsOf(xml, name)[0];
}
