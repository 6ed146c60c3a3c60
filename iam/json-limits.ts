/**
 * Limits of JSON that others wrote, looked at without recursion: whatever walks a value of JSON
 * calls itself for each level, and a document of thousands of levels ends it.
 */

/** Where something is in a text, from 1. */
export interface TextPlace {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
}

/** What a look at a text of JSON gave. */
export interface JsonLook {
  /** The first bracket that is deeper than allowed. @default - none is */
  readonly tooDeep?: TextPlace;
  /** The keys that stand twice in one object, which JSON.parse would say nothing of. */
  readonly duplicates: readonly TextPlace[];
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Looks at a text, which should be JSON, in one pass. Of what is not JSON it says nothing;
 * JSON.parse does.
 *
 * @param most levels of objects and arrays in one another
 */
export function lookAtJson(text: string, most: number): JsonLook {
  const placeOf = placer(text);
  const duplicates: TextPlace[] = [];
  /** For each open bracket the keys so far; of an array none. */
  const open: (Set<string> | undefined)[] = [];
  let beforeKey = false;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE: {
        const start = at;
        at = endOfString(text, at);
        const keys = open.at(-1);
        if (beforeKey && keys !== undefined) {
          const key = keyOf(text.slice(start, at + 1));
          if (keys.has(key)) duplicates.push(placeOf(start));
          keys.add(key);
        }
        beforeKey = false;
        break;
      }
      case OPEN_OBJECT:
      case OPEN_ARRAY:
        if (open.length === most) return { tooDeep: placeOf(at), duplicates };
        beforeKey = text.charCodeAt(at) === OPEN_OBJECT;
        open.push(beforeKey ? new Set() : undefined);
        break;
      case CLOSE_OBJECT:
      case CLOSE_ARRAY:
        open.pop();
        beforeKey = false;
        break;
      case COMMA:
        beforeKey = true;
        break;
    }
  }
  return { duplicates };
}

/**
 * The path of the first value that is deeper than allowed, such as `Statement[0].Condition`;
 * undefined where none is.
 *
 * @param most levels of objects and arrays in one another
 */
export function tooDeepAt(value: unknown, most: number): string | undefined {
  const left: { readonly value: unknown; readonly path: string; readonly depth: number }[] = [
    { value, path: "", depth: 0 },
  ];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { path, depth } = next;
    if (typeof next.value !== "object" || next.value === null) continue;
    if (depth === most) return path;
    const isList = Array.isArray(next.value);
    for (const [name, part] of Object.entries(next.value)) {
      if (typeof part !== "object" || part === null) continue;
      const step = isList ? `[${name}]` : path === "" ? name : `.${name}`;
      left.push({ value: part, path: path + step, depth: depth + 1 });
    }
  }
  return undefined;
}

/** The place of the last quote; the text's end where there is none. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at;
    if (code === BACKSLASH) at++;
  }
  return text.length;
}

function keyOf(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted;
  }
}

/** Places, asked for in their order. */
function placer(text: string): (at: number) => TextPlace {
  let line = 1;
  let start = 0;
  return (at) => {
    for (
      let end = text.indexOf("\n", start);
      end >= 0 && end < at;
      end = text.indexOf("\n", start)
    ) {
      line++;
      start = end + 1;
    }
    return { line, column: at - start + 1 };
  };
}
