import {
  LineCounter,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  visit,
  type Document,
  type ErrorCode,
  type Node,
  type Pair,
  type YAMLError,
} from "yaml";
import type { Finding, Path, Problem } from "./problems";

/** A parsed YAML text that still knows where each value stands. */
export interface Source {
  readonly value: unknown;
  /** The line of a path, or of the nearest entry above it that the file has. */
  line(path: Path): number;
  /** The text of a path's value as it stands in the file, on one line; "nothing" where there is none. */
  text(path: Path): string;
  /** A finding with its place. */
  locate(finding: Finding): Located;
}

/** A finding with its place, and without the file that the caller knows. */
export type Located = Omit<Problem, "file" | "path"> & Pick<Finding, "path">;

/**
 * Reads a YAML text. Never throws: what is wrong with the text comes back as problems, and where
 * the rest can still be read, beside the source.
 */
export function readSource(text: string): { source?: Source; problems: readonly Located[] } {
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      stringKeys: true,
      logLevel: "error",
    });
    const place = (offset: number) => placeAt(lines, offset);
    const problems = [
      ...[...document.errors, ...document.warnings].map((error) =>
        syntaxProblem(error, text, place),
      ),
      ...unknownAliases(document, place),
    ];
    // A key given twice leaves the rest readable; after any other error the rest would be guesswork.
    const readable =
      document.errors.every((error) => error.code === "DUPLICATE_KEY") &&
      problems.length === document.errors.length;
    return readable ? { source: sourceOf(document, text, place), problems } : { problems };
  } catch (error) {
    // The library throws for aliases that expand without end and for nesting without end.
    const found = `text that can't be read: ${(error as Error).message}`;
    const mend = "write the values out, with fewer levels and aliases";
    return { problems: [{ line: 1, column: 1, path: [], found, allowed: "plain YAML", mend }] };
  }
}

type Place = { readonly line: number; readonly column: number };
type PlaceAt = (offset: number) => Place;

function placeAt(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

const MENDS: Partial<Record<ErrorCode, string>> = {
  BAD_SCALAR_START: "put the value in quotes",
  BLOCK_AS_IMPLICIT_KEY: "put a value that holds a colon in quotes",
  MULTILINE_IMPLICIT_KEY: "put a colon and a space behind the key",
  MISSING_CHAR: "add the missing character",
  MULTIPLE_DOCS: "remove the line --- and what follows it",
  NON_STRING_KEY: "write the key as plain text",
  TAB_AS_INDENT: "indent with spaces",
  TAG_RESOLVE_FAILED: "remove the tag that starts with !",
};

function syntaxProblem(error: YAMLError, text: string, place: PlaceAt): Located {
  const [start] = error.pos;
  const line = text.slice(text.lastIndexOf("\n", start - 1) + 1).split("\n", 1)[0] ?? "";
  const rest = { ...place(start), path: [] };
  return error.code === "DUPLICATE_KEY"
    ? {
        ...rest,
        found: `a key that the same mapping already has: ${oneLine(line)}`,
        allowed: "each key once",
        mend: "remove one of the two",
      }
    : {
        ...rest,
        found: line.trim() === "" ? "YAML that ends too early" : oneLine(line),
        allowed: `YAML; here: ${oneLine(error.message)}`,
        mend: MENDS[error.code] ?? "correct this line, or the one above it",
      };
}

function unknownAliases(document: Document.Parsed, place: PlaceAt): Located[] {
  const anchors: string[] = [];
  const problems: Located[] = [];
  visit(document, {
    Node(_, node) {
      if (!isAlias(node)) {
        if (node.anchor !== undefined) anchors.push(node.anchor);
      } else if (!anchors.includes(node.source)) {
        problems.push({
          ...place(node.range?.[0] ?? 0),
          path: [],
          found: `*${oneLine(node.source)}`,
          allowed: "an alias for an anchor further up",
          mend: `write &${oneLine(node.source)} before the value that is meant, or the value itself`,
        });
      }
    },
  });
  return problems;
}

/** A node of the document, with the pair that holds it where a mapping does. */
interface Found {
  readonly pair?: Pair<Node, Node | null>;
  readonly node: Node | null | undefined;
}

function sourceOf(document: Document.Parsed, text: string, place: PlaceAt): Source {
  const value: unknown = document.toJS();

  /** The entry at a path, or undefined where the file has none. */
  const find = (path: Path): Found | undefined => {
    let found: Found = { node: document.contents };
    for (const step of path) {
      const holder = isAlias(found.node) ? found.node.resolve(document) : found.node;
      if (isMap<Node, Node | null>(holder)) {
        // The last one, as for the value: where a key stands twice, it is the one that counts.
        const pair = holder.items.filter(({ key }) => isScalar(key) && key.value === step).at(-1);
        if (!pair) return undefined;
        found = { pair, node: pair.value };
      } else if (isSeq<Node>(holder) && typeof step === "number" && step < holder.items.length) {
        found = { node: holder.items[step] };
      } else return undefined;
    }
    return found;
  };

  const position = (path: Path, at: "key" | "value"): Place => {
    const found = find(path);
    // What is missing is missing in the entry above it, which its key names best.
    if (!found) return position(path.slice(0, -1), "key");
    const value = isEmpty(found.node) ? undefined : found.node;
    const node = at === "key" ? (found.pair?.key ?? value) : (value ?? found.pair?.key);
    return place(node?.range?.[0] ?? 0);
  };

  const textAt = (path: Path): string => {
    const node = find(path)?.node;
    if (isEmpty(node)) return "nothing";
    if (isMap(node)) return "a mapping";
    if (isSeq(node)) return "a list";
    const [start, end] = node?.range ?? [0, 0];
    return oneLine(text.slice(start, end));
  };

  return {
    value,
    line: (path) => position(path, "key").line,
    text: textAt,
    locate: ({ at, ...finding }) => ({ ...position(finding.path, at ?? "value"), ...finding }),
  };
}

function isEmpty(node: Node | null | undefined): boolean {
  return node === null || node === undefined || (isScalar(node) && node.source === "");
}

/** Text for a message: one line, no control characters that a terminal would obey, not too long. */
function oneLine(text: string): string {
  const line = text
    .trim()
    .replace(/\s+/g, " ")
    .replace(/\p{C}/gu, "?");
  return line.length > 80 ? `${line.slice(0, 77)}...` : line;
}
