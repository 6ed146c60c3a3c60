import { once } from "node:events";
import { bucketsOf, type ResolvedOwner } from "../../cloudtrail/records/bucket-owner";
import type { CloudTrailRecord } from "../../cloudtrail/records/record";
import {
  accountOf,
  callersOf,
  errorCodesOf,
  eventNamesOf,
  shapeOf,
  sourceOf,
  writtenTimeOf,
} from "../../cloudtrail/records/record-fields";
import type { LeftOut } from "./left-out";
import type { SearchProblem } from "./event-search";
import { written } from "../terminal/terminal";
import { visible } from "../../text/visible-text";
import type { FoundEvent } from "./found-event";

/** How records are printed. */
export type EventFormat = "table" | "json" | "ndjson";

/** Prints records as they come; nothing is kept. */
export class EventOutput {
  #count = 0;
  #readerIsGone = false;

  /**
   * @param resolved whether each event's owner was asked for
   */
  constructor(
    private readonly format: EventFormat,
    private readonly resolved: boolean,
    private readonly stream: NodeJS.WriteStream = process.stdout,
  ) {
    stream.on("error", () => (this.#readerIsGone = true));
  }

  /** Whether nobody takes any more of it. */
  get readerIsGone(): boolean {
    return this.#readerIsGone;
  }

  async print(events: readonly FoundEvent[]): Promise<void> {
    if (events.length === 0) return;
    const before = this.#count;
    this.#count += events.length;
    const [first, between, behind] = PUNCTUATION[this.format];
    const start = before > 0 ? between : this.format === "table" ? this.#header() : first;
    const texts = events.map((event) =>
      this.format === "table" ? Buffer.from(this.#row(event)) : this.#forPrograms(event),
    );
    const pieces = texts.flatMap((text, index) => [
      Buffer.from(index === 0 ? start : between),
      text,
      Buffer.from(behind),
    ]);
    await this.#write(Buffer.concat(pieces));
  }

  /** What comes after the last record. */
  async end(summary: EventSummary): Promise<void> {
    if (this.format !== "json") return;
    const start = this.#count === 0 ? '{\n  "records": [' : "\n  ";
    const [, ...rest] = JSON.stringify(summary, null, 2).split("\n").map(written);
    await this.#write(`${start}],\n${rest.join("\n")}\n`);
  }

  #header(): string {
    return line([
      ...COLUMNS.map(([name]) => name),
      "PRINCIPAL",
      ...(this.resolved ? ["OWNER"] : []),
    ]);
  }

  #row({ record, owner }: FoundEvent): string {
    const source = shown(sourceOf(record)).replace(/\.amazonaws\.com$/, "");
    return line([
      writtenTimeOf(record),
      accountOf(record),
      record.awsRegion,
      `${source}:${whatHappened(record)}`,
      listed(errorCodesOf(record)),
      listed(bucketsOf(record)),
      principalOf(record),
      ...(this.resolved ? [ownerText(owner)] : []),
    ]);
  }

  /** The record's own bytes; its owner in a field behind them that CloudTrail has not. */
  #forPrograms({ bytes, owner }: FoundEvent): Buffer {
    const record = onOneLine(bytes);
    const whole =
      owner === undefined
        ? record
        : Buffer.concat([
            record.subarray(0, record.lastIndexOf("}")),
            Buffer.from(`,"bucketOwner":${written(JSON.stringify(owner))}}`),
          ]);
    // A pipe gets the record's own bytes; for a terminal the JSON is written otherwise, and equal.
    return this.stream.isTTY ? Buffer.from(written(whole.toString())) : whole;
  }

  /** Waits until who reads has taken it, so that it does not pile up, or goes away. */
  async #write(text: string | Buffer): Promise<void> {
    if (this.#readerIsGone || this.stream.write(text)) return;
    await once(this.stream, "drain").catch(() => undefined);
  }
}

/** What stands before the first record, between two, and behind each. */
const PUNCTUATION: Readonly<Record<EventFormat, readonly [string, string, string]>> = {
  table: ["", "", ""],
  ndjson: ["", "", "\n"],
  json: ['{\n  "records": [\n    ', ",\n    ", ""],
};

/** A record's line ends stand between its parts: in JSON's strings there are none. */
function onOneLine(bytes: Buffer): Buffer {
  if (!bytes.includes("\n") && !bytes.includes("\r")) return bytes;
  return Buffer.from(bytes.map((byte) => (byte === 0x0a || byte === 0x0d ? 0x20 : byte)));
}

/** What is said in the end. */
export interface EventSummary {
  readonly files: number;
  readonly problems: readonly SearchProblem[];
  /** What was not looked into, and is not a problem. */
  readonly leftOut: readonly LeftOut[];
}

/** Most cells fit; rows are not known beforehand, so a longer one moves the rest of its line. */
const COLUMNS = [
  ["TIME", 20],
  ["ACCOUNT", 12],
  ["REGION", 12],
  ["EVENT", 24],
  ["ERROR", 12],
  ["BUCKET", 24],
] as const;

/** Cells may be anything, since records are other people's. */
function line(cells: readonly unknown[]): string {
  const text = cells.map((cell, index) => shown(cell).padEnd(COLUMNS[index]?.[1] ?? 0));
  return `${written(text.join("  ").trimEnd())}\n`;
}

/** The event's name; of Insights with their type, of aggregated events all that are counted. */
function whatHappened(record: CloudTrailRecord): string {
  const names = shown(listed(eventNamesOf(record)));
  const { insightType, state } = record.insightDetails ?? {};
  return shapeOf(record) === "insight" ? `${names} ${shown(insightType)} ${shown(state)}` : names;
}

function principalOf(record: CloudTrailRecord): unknown {
  if (shapeOf(record) !== "event") return listed(callersOf(record));
  const { userIdentity } = record;
  const { arn, invokedBy, principalId } = userIdentity ?? {};
  const odd = isObject(userIdentity) ? undefined : userIdentity;
  return arn ?? invokedBy ?? principalId ?? odd;
}

/** One value as it is, several separated by commas, none as undefined. */
function listed(values: readonly unknown[]): unknown {
  return values.length > 1 ? values.map(shown).join(",") : values[0];
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A text as it is, what is missing as a dash, and anything else as JSON. */
function shown(value: unknown): string {
  if (value === undefined || value === null || value === "") return "-";
  return visible(typeof value === "string" ? value : JSON.stringify(value));
}

function ownerText(owner: ResolvedOwner | undefined): string {
  if (owner === undefined) return "-";
  const others = owner.others.map(
    ({ ownerAccountId, eventID }) => `${ownerAccountId} by ${eventID}`,
  );
  const conflict = others.length === 0 ? "" : `; in conflict: ${others.join(", ")}`;
  if (owner.how === "unknown") return `unknown${conflict}`;
  if (owner.how === "the record") return `${owner.ownerAccountId}${conflict}`;
  return `${owner.ownerAccountId} by ${owner.how} ${owner.eventID}${conflict}`;
}
