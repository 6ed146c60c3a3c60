import {
  Lexer,
  LineCounter,
  Parser,
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
  type YAMLMap,
  type YAMLError,
} from "yaml";
import type { TextPlace } from "../../iam/json-limits";
import { printable, type EntryProblem, type Path } from "./problems";

/** A parsed YAML text that still knows where each value stands. */
export interface Source {
  readonly value: unknown;
  /** The line of a path, or of the nearest entry above it that the file has. */
  line(path: Path): number;
  /**
   * The text of a path's value as it stands in the file, on one line; "nothing" where there is
   * none.
   */
  text(path: Path): string;
  /** A problem with its place. */
  locate(finding: EntryProblem): PlacedProblem;
}

/** A problem with its place. */
export type PlacedProblem = Omit<EntryProblem, "at"> & TextPlace;

/**
 * Reads a YAML text. Never throws: what is wrong with the text comes back as problems, and where
 * the rest can still be read, beside the source.
 */
export function readSource(text: string): { source?: Source; problems: readonly PlacedProblem[] } {
  const lines = new LineCounter();
  try {
    const deep = deepPlace(text);
    if (deep !== undefined) return { problems: [deep] };
    const document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      stringKeys: true,
      // The library compares each key with every other of its mapping.
      uniqueKeys: false,
      logLevel: "error",
    });
    const place = (offset: number) => placeAt(lines, offset);
    const errors = [...document.errors, ...document.warnings];
    const stumbles = new Map<number, PlacedProblem>();
    const twice = new Map<number, PlacedProblem>();
    // One mistake makes the parser stumble again and again: the first in each line says it all.
    const once = (
      into: Map<number, PlacedProblem>,
      line: number,
      problem: () => PlacedProblem,
    ): void => {
      if (!stumbles.has(line) && !into.has(line)) into.set(line, problem());
    };
    for (const error of errors) {
      once(stumbles, place(error.pos[0]).line, () => syntaxProblem(error, text, place));
    }
    for (const alias of unknownAliases(document, place)) once(stumbles, alias.line, () => alias);
    for (const offset of keysTwice(document)) {
      once(twice, place(offset).line, () => keyTwice(text, offset, place));
    }
    const problems = [...stumbles.values(), ...twice.values()];
    // A key given twice leaves the rest readable; after any other error the rest would be
    // guesswork.
    return stumbles.size === 0
      ? { source: sourceOf(document, text, place), problems }
      : { problems };
  } catch (error) {
    // The library throws where aliases expand without end.
    const found = `text that can't be read: ${printable((error as Error).message)}`;
    const fix = "write the values out, with fewer aliases";
    return { problems: [{ line: 1, column: 1, path: [], found, allowed: "plain YAML", fix }] };
  }
}

type PlaceAt = (offset: number) => TextPlace;

function placeAt(lines: LineCounter, offset: number): TextPlace {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** Far more than any environment needs, far less than a stack holds. */
const MAX_DEPTH = 100;

/**
 * Where the text is nested too deeply. The library composes values by recursion, and a stack that
 * overflows within a regular expression ends the process; tokens are read without recursion.
 */
function deepPlace(text: string): PlacedProblem | undefined {
  const lines = new LineCounter();
  const parser = new Parser(lines.addNewLine);
  for (const lexeme of new Lexer().lex(text)) {
    const { offset } = parser;
    Array.from(parser.next(lexeme));
    if (parser.stack.length > MAX_DEPTH) {
      return {
        ...placeAt(lines, offset),
        path: [],
        found: `more than ${MAX_DEPTH} levels of lists and mappings`,
        allowed: "the few levels that an environment has",
        fix: "look for brackets or hyphens that repeat",
      };
    }
  }
  return undefined;
}

const FIXES: Partial<Record<ErrorCode, string>> = {
  BAD_SCALAR_START: "put the value in quotes",
  BLOCK_AS_IMPLICIT_KEY: "put a value that holds a colon in quotes",
  MULTILINE_IMPLICIT_KEY: "put a colon and a space behind the key",
  MISSING_CHAR: "add the missing character",
  MULTIPLE_DOCS: "remove the line --- and what follows it",
  NON_STRING_KEY: "write the key as plain text",
  TAB_AS_INDENT: "indent with spaces",
  TAG_RESOLVE_FAILED: "remove the tag that starts with !",
};

function syntaxProblem(error: YAMLError, text: string, place: PlaceAt): PlacedProblem {
  const [start] = error.pos;
  const line = lineAt(text, start);
  return {
    ...place(start),
    path: [],
    found: line.trim() === "" ? "YAML that ends too early" : printable(line),
    allowed: `valid YAML (${printable(error.message)})`,
    fix: FIXES[error.code] ?? "correct this line, or the one above it",
  };
}

/** The line around an offset. */
function lineAt(text: string, offset: number): string {
  const end = text.indexOf("\n", offset);
  const begin = text.lastIndexOf("\n", offset - 1) + 1;
  return text.slice(begin, end === -1 ? undefined : Math.max(begin, end));
}

/** Where keys stand that their mapping has further up. */
function keysTwice(document: Document.Parsed): number[] {
  const offsets: number[] = [];
  visit(document, {
    Map(_, { items }) {
      const keys = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (keys.has(key.value)) offsets.push(key.range?.[0] ?? 0);
        keys.add(key.value);
      }
    },
  });
  return offsets;
}

function keyTwice(text: string, offset: number, place: PlaceAt): PlacedProblem {
  return {
    ...place(offset),
    path: [],
    found: `a key that the same mapping already has: ${printable(lineAt(text, offset))}`,
    allowed: "each key once",
    fix: "remove one of the two",
  };
}

function unknownAliases(document: Document.Parsed, place: PlaceAt): PlacedProblem[] {
  const anchors = new Set<string>();
  const problems: PlacedProblem[] = [];
  visit(document, {
    Node(_, node) {
      if (!isAlias(node)) {
        if (node.anchor !== undefined) anchors.add(node.anchor);
      } else if (!anchors.has(node.source)) {
        problems.push({
          ...place(node.range?.[0] ?? 0),
          path: [],
          found: `*${printable(node.source)}`,
          allowed: "an alias for an anchor further up",
          fix: `write &${printable(node.source)} before the value that is meant, or the value itself`,
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

  /**
   * The pairs of a mapping by their keys; of a key that stands twice the last one, as for the
   * value.
   */
  const pairsOf = new WeakMap<object, Map<unknown, Pair<Node, Node | null>>>();
  const pairAt = (holder: YAMLMap<Node, Node | null>, step: PropertyKey) => {
    let pairs = pairsOf.get(holder);
    if (pairs === undefined) {
      pairs = new Map(
        holder.items.flatMap((pair) => (isScalar(pair.key) ? [[pair.key.value, pair]] : [])),
      );
      pairsOf.set(holder, pairs);
    }
    return pairs.get(step);
  };

  /** The entry at a path, or undefined where the file has none. */
  const find = (path: Path): Found | undefined => {
    let found: Found = { node: document.contents };
    for (const step of path) {
      const holder = isAlias(found.node) ? found.node.resolve(document) : found.node;
      if (isMap<Node, Node | null>(holder)) {
        const pair = pairAt(holder, step);
        if (!pair) return undefined;
        found = { pair, node: pair.value };
      } else if (isSeq<Node>(holder) && typeof step === "number" && step < holder.items.length) {
        found = { node: holder.items[step] };
      } else return undefined;
    }
    return found;
  };

  const position = (path: Path, at: "key" | "value"): TextPlace => {
    const found = find(path);
    // What is missing is missing in the entry above it, which its key names best.
    if (!found) return position(path.slice(0, -1), "key");
    const value = isEmpty(found.node) ? undefined : found.node;
    const key = found.pair?.key;
    const node = (at === "key" ? (key ?? value) : (value ?? key)) ?? found.node;
    return place(node?.range?.[0] ?? 0);
  };

  const textAt = (path: Path): string => {
    const node = find(path)?.node;
    if (isEmpty(node)) return "nothing";
    if (isMap(node)) return "a mapping";
    if (isSeq(node)) return "a list";
    const [start, end] = node?.range ?? [0, 0];
    return printable(text.slice(start, end)) || "nothing";
  };

  return {
    value,
    line: (path) => position(path, "key").line,
    text: textAt,
    locate: ({ at, ...finding }) => ({ ...position(finding.path, at ?? "value"), ...finding }),
  };
}

function isEmpty(node: Node | null | undefined): boolean {
  return (
    node === null ||
    node === undefined ||
    (isScalar(node) && node.value === null && node.source === "")
  );
}
