import {
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  isSpace,
  mayStandAlone,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
  Scan,
  ValueScan,
} from "./value-scan";

/**
 * Splits the bytes of log files, `{"Records":[{…},{…}]}`, into the bytes of their records, so that
 * a file is never held or parsed whole: it is one line of up to 50 MB. Where the bytes are not such
 * a file, it says so and looks for the next record.
 */

/** Where something is in a file. */
export interface Position {
  /** Bytes before it, in the uncompressed file. */
  readonly offset: number;
  /**
   * Its place among the file's records, from 0. Behind broken bytes it is a count of what could be
   * distinguished.
   * @default - not in a record
   */
  readonly index?: number;
}

/** What is wrong with a file. */
export type ProblemKind =
  "empty" | "truncated" | "damaged-gzip" | "bad-record" | "not-a-log-file" | "no-records";

/** Who gets what the splitter finds. */
export interface SplitterHandlers {
  /**
   * @param buffer holds the bytes from `start` to `end`, during the call alone
   * @param searching whether they are found behind broken bytes, and could be some other object
   * @returns whether they are a record; if not, the splitter searches behind the first of them
   */
  record(buffer: Buffer, start: number, end: number, searching: boolean): boolean;
  /** Something that is wrong, where it is, and what was found, in words. */
  problem(kind: ProblemKind, position: Position, detail: string): void;
}

/** Bytes of a record; more is taken for a record whose end is missing. AWS's limit is 1 MB. */
export const MAX_RECORD_BYTES = 4 * 1024 * 1024;

/**
 * How often a byte may be looked at in searching for records, on average; so broken bytes take no
 * ages.
 */
const LOOKS = 16;

const enum State {
  /** Before a file's first brace, or behind its last. */
  Outside,
  /** In the file's object, before a key, a comma or the last brace. */
  Key,
  /** Behind a key. */
  Colon,
  /** Before the value of a key. */
  Value,
  /** In the value of a key that is not `Records`. */
  OtherValue,
  /** In `Records`, between records. */
  Between,
  /** In an object that should be a record or, in searching, may be one. */
  Record,
  /** Behind such an object. */
  Whole,
  /** Searching for a record, between objects that may be one. */
  Lost,
}

/**
 * Finds the records of a log file in its bytes, also of a file that is broken, without parsing
 * them.
 */
export class RecordSplitter {
  #buffer: Buffer<ArrayBufferLike> = Buffer.allocUnsafe(256 * 1024);
  /**
   * The bytes not yet done with are those from `#start` to `#end`; all before `#at` were looked at.
   */
  #start = 0;
  #at = 0;
  #end = 0;
  /** Bytes of the file that are no longer in the buffer. */
  #dropped = 0;

  #state = State.Outside;
  #files = 0;
  #isRecords = false;
  #hasRecords = false;
  #index = 0;
  /** No more bytes will come. */
  #ended = false;

  /** Of an object, array or string that may go on in the next chunk. */
  readonly #value = new ValueScan();

  /** Something of this file was broken. */
  #broken = false;
  #searching = false;
  /** In searching: the last byte that is not white space. */
  #before = 0;
  /** How many bytes may still be looked at in vain. */
  #credit = LOOKS * MAX_RECORD_BYTES;
  /** The record that has no end, where the file ends. */
  #cut?: Required<Position>;

  /** @param handlers who gets what is found */
  constructor(private readonly handlers: SplitterHandlers) {}

  /** The next bytes of the file, in pieces of any size. */
  push(chunk: Uint8Array): void {
    this.#append(chunk);
    this.#credit += LOOKS * chunk.length;
    this.#run();
  }

  /** The file ends here. */
  end(): void {
    this.#ended = true;
    this.#run();
    if (this.#cut) {
      // If records came behind it, it was broken; else the file was cut in it.
      const kind = this.#index > this.#cut.index + 1 ? "bad-record" : "truncated";
      this.handlers.problem(kind, this.#cut, "the record has no end");
    }
    const here = { offset: this.#dropped + this.#end };
    if (this.#state === State.Outside) {
      if (this.#files === 0) this.handlers.problem("empty", here, "it has no content");
    } else if (this.#state !== State.Lost) {
      this.handlers.problem("truncated", here, "its last brackets are missing");
    }
  }

  #append(chunk: Uint8Array): void {
    if (this.#end + chunk.length > this.#buffer.length) {
      const kept = this.#end - this.#start;
      const room = Math.max(this.#buffer.length, 2 * (kept + chunk.length));
      const from = this.#buffer;
      if (room > from.length) this.#buffer = Buffer.allocUnsafe(room);
      from.copy(this.#buffer, 0, this.#start, this.#end);
      this.#dropped += this.#start;
      this.#at -= this.#start;
      this.#end = kept;
      this.#start = 0;
    }
    this.#buffer.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** Takes steps until one needs bytes that are not there. */
  #run(): void {
    while (this.#step()) {
      // Each step did its work.
    }
  }

  #step(): boolean {
    switch (this.#state) {
      case State.Record:
        return this.#record();
      case State.Between:
        return this.#between();
      case State.Outside:
        return this.#outside();
      case State.Key:
        return this.#key();
      case State.Colon:
        return this.#colon();
      case State.Value:
        return this.#anyValue();
      case State.OtherValue:
        return this.#otherValue();
      case State.Whole:
        return this.#whole();
      case State.Lost:
        return this.#lost();
    }
  }

  /** The next byte that is not white space, or -1; all before it is done with. */
  #next(): number {
    const buffer = this.#buffer;
    let at = this.#at;
    while (at < this.#end && isSpace(buffer[at]!)) at++;
    this.#start = this.#at = at;
    return at < this.#end ? buffer[at]! : -1;
  }

  #outside(): boolean {
    if (this.#dropped + this.#at === 0) {
      // A byte order mark, as editors write it.
      if (this.#buffer[0] === 0xef && this.#end > 0) {
        if (this.#end < 3) return this.#ended && this.#loseFile();
        if (this.#buffer[1] === 0xbb && this.#buffer[2] === 0xbf) this.#at = 3;
      }
    }
    const byte = this.#next();
    if (byte === -1) return false;
    if (byte !== OPEN_OBJECT) return this.#loseFile();
    this.#files++;
    this.#hasRecords = false;
    this.#broken = false;
    this.#at++;
    return this.#to(State.Key);
  }

  #key(): boolean {
    const byte = this.#next();
    if (byte === -1) return false;
    if (byte === COMMA) {
      this.#at++;
      return true;
    }
    if (byte === CLOSE_OBJECT) {
      if (!this.#hasRecords)
        this.handlers.problem("no-records", this.#here(), "its object has no Records");
      this.#at++;
      return this.#to(State.Outside);
    }
    if (byte !== QUOTE) return this.#loseFile();
    // From its first byte again for each chunk: keys are short.
    this.#value.begin();
    const scan = this.#scan();
    if (scan === Scan.More) {
      if (this.#at - this.#start > MAX_RECORD_BYTES) return this.#loseFile();
      this.#at = this.#start;
      return false;
    }
    this.#isRecords = parsed(this.#buffer, this.#start, this.#at) === "Records";
    return this.#to(State.Colon);
  }

  #colon(): boolean {
    // The key stays in the buffer: without its last quote it may have swallowed what comes behind.
    while (this.#at < this.#end && isSpace(this.#buffer[this.#at]!)) this.#at++;
    if (this.#at === this.#end)
      return this.#end - this.#start > MAX_RECORD_BYTES && this.#loseFile();
    if (this.#buffer[this.#at] !== COLON) return this.#loseFile();
    this.#at++;
    return this.#to(State.Value);
  }

  #anyValue(): boolean {
    const byte = this.#next();
    if (byte === -1) return false;
    if (this.#isRecords && byte === OPEN_ARRAY) {
      this.#hasRecords = true;
      this.#at++;
      return this.#to(State.Between);
    }
    // Behind broken bytes what looks like a key of the file may be one of a record.
    if (this.#broken) return this.#search(this.#at, COLON);
    this.#value.begin();
    return this.#to(State.OtherValue);
  }

  #otherValue(): boolean {
    if (!this.#value.inside) {
      const byte = this.#next();
      if (byte === -1) return false;
      // A number, true, false or null ends where the next thing begins.
      if (byte === COMMA || byte === CLOSE_OBJECT) return this.#to(State.Key);
      if (mayStandAlone(byte)) {
        this.#at++;
        return true;
      }
    }
    const scan = this.#scan();
    if (scan === Scan.Broken) return this.#loseFile();
    if (scan === Scan.Done) return this.#to(State.Key);
    // Kept as far as it is not too long, to be searched if it turns out to be broken.
    if (this.#end - this.#start > MAX_RECORD_BYTES) this.#start = Math.min(this.#at, this.#end);
    return false;
  }

  #between(): boolean {
    const byte = this.#next();
    if (byte === OPEN_OBJECT) {
      this.#value.begin();
      return this.#to(State.Record);
    }
    if (byte === -1) return false;
    if (byte === COMMA || byte === CLOSE_ARRAY) {
      this.#at++;
      return this.#to(byte === COMMA ? State.Between : State.Key);
    }
    return this.#loseRecord("it is not an object");
  }

  #record(): boolean {
    const scan = this.#scan();
    if (scan === Scan.Done) return this.#to(State.Whole);
    if (scan === Scan.Broken) return this.#loseRecord("it is not JSON");
    if (this.#end - this.#start > MAX_RECORD_BYTES) {
      return this.#loseRecord(`it has no end within ${MAX_RECORD_BYTES} bytes`);
    }
    if (!this.#ended) return false;
    if (this.#searching) return this.#loseRecord();
    this.#cut = { ...this.#here(), index: this.#index++ };
    return this.#search(this.#start + 1, OPEN_OBJECT);
  }

  #whole(): boolean {
    let next = this.#at;
    while (next < this.#end && isSpace(this.#buffer[next]!)) next++;
    if (next === this.#end && !this.#ended) return false;
    const byte = next < this.#end ? this.#buffer[next] : undefined;
    if (byte !== COMMA && byte !== CLOSE_ARRAY && this.#holdsAnother()) {
      return this.#loseRecord("it is not JSON");
    }
    if (!this.handlers.record(this.#buffer, this.#start, this.#at, this.#searching)) {
      return this.#loseRecord("it is not a JSON object with a record's fields");
    }
    this.#index++;
    this.#searching = false;
    this.#start = this.#at;
    return this.#to(State.Between);
  }

  /**
   * Whether the object has another in it that begins with the same key. A record that is cut in an
   * array takes the records behind it, and the file's last brackets, for its own. Asked only where
   * those brackets are missing, since a whole record may hold anything, by its caller's will.
   */
  #holdsAnother(): boolean {
    const first = this.#buffer.indexOf('"', this.#start);
    const key = this.#buffer.subarray(this.#start, this.#buffer.indexOf('"', first + 1) + 1);
    const another = this.#buffer.indexOf(key, this.#start + 1);
    return first !== -1 && another !== -1 && another < this.#at;
  }

  #loseRecord(detail = ""): boolean {
    if (this.#searching) {
      this.#credit -= Math.min(this.#at, this.#end) - this.#start;
      // Too much was looked at in vain: none of these bytes again.
      if (this.#credit < 0) return this.#search(this.#end, 0);
    } else {
      this.handlers.problem("bad-record", { ...this.#here(), index: this.#index++ }, detail);
    }
    return this.#search(this.#start + 1, this.#buffer[this.#start]!);
  }

  #loseFile(): boolean {
    this.handlers.problem("not-a-log-file", this.#here(), "it is not JSON of the documented form");
    this.#hasRecords = true;
    this.#files++;
    // The record whose place this should be is one, too.
    return this.#search(this.#start, COMMA);
  }

  #search(from: number, before: number): boolean {
    this.#broken = true;
    this.#searching = true;
    this.#before = before;
    this.#at = from;
    return this.#to(State.Lost);
  }

  /** To the next brace that stands where a record's may: behind a comma or a bracket. */
  #lost(): boolean {
    const buffer = this.#buffer;
    let before = this.#before;
    let at = Math.min(this.#at, this.#end);
    for (; at < this.#end; at++) {
      const byte = buffer[at]!;
      if (byte === OPEN_OBJECT && (before === COMMA || before === OPEN_ARRAY)) break;
      if (!isSpace(byte)) before = byte;
    }
    this.#before = before;
    this.#start = this.#at = at;
    if (at === this.#end) return false;
    this.#value.begin();
    return this.#to(State.Record);
  }

  #scan(): Scan {
    const result = this.#value.run(this.#buffer, this.#start, this.#at, this.#end);
    this.#at = this.#value.at;
    return result;
  }

  #here(): Position {
    return { offset: this.#dropped + this.#start };
  }

  #to(state: State): true {
    this.#state = state;
    return true;
  }
}

function parsed(buffer: Buffer, start: number, end: number): unknown {
  try {
    return JSON.parse(buffer.toString("utf8", start, end));
  } catch {
    return undefined;
  }
}
