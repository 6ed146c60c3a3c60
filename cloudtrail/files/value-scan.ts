/** The ends of JSON's values, found in bytes without parsing them. */

/** `"` */
export const QUOTE = 0x22;
/** `,` */
export const COMMA = 0x2c;
/** `:` */
export const COLON = 0x3a;
const BACKSLASH = 0x5c;
/** `[` */
export const OPEN_ARRAY = 0x5b;
/** `]` */
export const CLOSE_ARRAY = 0x5d;
/** `{` */
export const OPEN_OBJECT = 0x7b;
/** `}` */
export const CLOSE_OBJECT = 0x7d;

/** Whether a byte is white space in JSON. */
export function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** Bytes outside of strings: what may stand there, and the marks that make the structure. */
const Mark = { Nothing: 0, Quote: 1, Open: 2, Close: 3, Wrong: 4 } as const;
const MARKS = new Uint8Array(256).fill(Mark.Wrong);
for (const byte of Buffer.from(" \t\r\n,:+-.0123456789eEtrufalsn")) MARKS[byte] = Mark.Nothing;
MARKS[QUOTE] = Mark.Quote;
MARKS[OPEN_ARRAY] = MARKS[OPEN_OBJECT] = Mark.Open;
MARKS[CLOSE_ARRAY] = MARKS[CLOSE_OBJECT] = Mark.Close;

/** Whether a byte may be part of a number, true, false or null, or stand between values. */
export function mayStandAlone(byte: number): boolean {
  return MARKS[byte] === Mark.Nothing;
}

/** Objects and arrays in one another; CloudTrail's records have some ten. */
const MAX_DEPTH = 1024;

/** How far a scan came. */
export const enum Scan {
  /** To the value's end. */
  Done,
  /** To the end of the bytes. */
  More,
  /** To something that cannot be. */
  Broken,
}

/**
 * Goes to the end of an object, array or string, over as many chunks as it takes. It sees some
 * faults at once, so that a record without its end is noticed in the next one: what may not stand
 * outside of strings, brackets that do not match, and an object where a key must be. JSON.parse
 * sees the others.
 */
export class ValueScan {
  /**
   * Where it is: behind the value, or at what is wrong; one past the end in the midst of an escape.
   */
  at = 0;
  #inString = false;
  #depth = 0;
  readonly #isObject = new Uint8Array(MAX_DEPTH);

  /** Whether a value has begun and not ended. */
  get inside(): boolean {
    return this.#inString || this.#depth > 0;
  }

  /** What comes next is a new value. */
  begin(): void {
    this.#inString = false;
    this.#depth = 0;
  }

  /**
   * @param start of the value
   * @param at where to go on: {@link at}, or `start`
   * @param end of the bytes
   */
  run(buffer: Buffer, start: number, at: number, end: number): Scan {
    const isObject = this.#isObject;
    let depth = this.#depth;
    let inString = this.#inString;
    let result = Scan.More;
    for (;;) {
      if (inString) {
        let byte: number;
        while (at < end && (byte = buffer[at]!) !== QUOTE) at += byte === BACKSLASH ? 2 : 1;
        if (at >= end) break;
        at++;
        inString = false;
        if (depth === 0) {
          result = Scan.Done;
          break;
        }
      }
      let mark: number = Mark.Nothing;
      while (at < end && (mark = MARKS[buffer[at]!]!) === Mark.Nothing) at++;
      if (at >= end) break;
      if (mark === Mark.Quote) {
        inString = true;
        at++;
        continue;
      }
      const byte = buffer[at]!;
      if (mark === Mark.Open) {
        const noKey =
          depth > 0 && isObject[depth - 1] === 1 && lastBefore(buffer, start, at) === COMMA;
        if (depth === MAX_DEPTH || noKey) {
          result = Scan.Broken;
          break;
        }
        isObject[depth++] = byte === OPEN_OBJECT ? 1 : 0;
      } else if (
        mark === Mark.Wrong ||
        depth === 0 ||
        (isObject[depth - 1] === 1) !== (byte === CLOSE_OBJECT)
      ) {
        result = Scan.Broken;
        break;
      } else if (--depth === 0) {
        at++;
        result = Scan.Done;
        break;
      }
      at++;
    }
    this.at = at;
    this.#depth = depth;
    this.#inString = inString;
    return result;
  }
}

/** The last byte from `start` to before `at` that is not white space. */
function lastBefore(buffer: Buffer, start: number, at: number): number {
  let before = at - 1;
  while (before > start && isSpace(buffer[before]!)) before--;
  return before >= start ? buffer[before]! : 0;
}
