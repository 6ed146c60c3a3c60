import { once } from "node:events";
import { bucketOfRecord, type ResolvedOwner } from "../cloudtrail/bucket-owner";
import type { CloudTrailRecord } from "../cloudtrail/record";
import type { SearchProblem } from "./event-search";

/** A record that was asked for. */
export interface FoundEvent {
  readonly record: CloudTrailRecord;
  /**
   * Who owns its bucket.
   * @default - that was not asked, or it is about no bucket
   */
  readonly owner?: ResolvedOwner;
}

/** How records are printed. */
export type EventFormat = "table" | "json" | "ndjson";

/** Prints records as they come; nothing is kept. */
export class EventOutput {
  #count = 0;

  /**
   * @param resolved whether each event's owner was asked for
   */
  constructor(
    private readonly format: EventFormat,
    private readonly resolved: boolean,
    private readonly stream: NodeJS.WriteStream = process.stdout,
  ) {}

  async print(events: readonly FoundEvent[]): Promise<void> {
    if (events.length === 0) return;
    const before = this.#count;
    this.#count += events.length;
    switch (this.format) {
      case "ndjson":
        return this.#write(
          events.map((event) => `${JSON.stringify(forPrograms(event))}\n`).join(""),
        );
      case "json": {
        const list = events.map((event) => `    ${JSON.stringify(forPrograms(event))}`).join(",\n");
        return this.#write(`${before === 0 ? '{\n  "records": [\n' : ",\n"}${list}`);
      }
      case "table":
        return this.#write(
          `${before === 0 ? this.#header() : ""}${events.map((event) => this.#row(event)).join("")}`,
        );
    }
  }

  /** What comes after the last record. */
  async end(summary: EventSummary): Promise<void> {
    if (this.format !== "json") return;
    const start = this.#count === 0 ? '{\n  "records": [' : "\n  ";
    const rest = JSON.stringify(summary, null, 2).slice(1);
    await this.#write(`${start}],${rest}\n`);
  }

  #header(): string {
    return line([
      ...COLUMNS.map(([name]) => name),
      "PRINCIPAL",
      ...(this.resolved ? ["OWNER"] : []),
    ]);
  }

  #row({ record, owner }: FoundEvent): string {
    const { eventTime, recipientAccountId, awsRegion, eventSource, eventName, errorCode } = record;
    const { userIdentity } = record;
    const source = String(eventSource ?? "-").replace(/\.amazonaws\.com$/, "");
    const principal = userIdentity?.arn ?? userIdentity?.invokedBy ?? userIdentity?.principalId;
    return line([
      ...[eventTime, recipientAccountId, awsRegion, `${source}:${eventName ?? "-"}`, errorCode],
      bucketOfRecord(record)?.bucket,
      principal,
      ...(this.resolved ? [ownerText(owner)] : []),
    ]);
  }

  /** Waits until who reads has taken it, so that it does not pile up. */
  async #write(text: string): Promise<void> {
    if (!this.stream.write(text)) await once(this.stream, "drain");
  }
}

/** What is said in the end. */
export interface EventSummary {
  readonly files: number;
  readonly problems: readonly SearchProblem[];
}

/** The record as it is; its owner in a field that CloudTrail has not. */
function forPrograms({ record, owner }: FoundEvent): object {
  return owner === undefined ? record : { ...record, bucketOwner: owner };
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

/** Cells may be anything, since records are other people's: control characters must not reach a terminal. */
function line(cells: readonly unknown[]): string {
  const text = cells.map((cell, index) => {
    const shown = typeof cell === "string" && cell !== "" ? cell : "-";
    return shown.replace(/\p{Cc}/gu, "?").padEnd(COLUMNS[index]?.[1] ?? 0);
  });
  return `${text.join("  ").trimEnd()}\n`;
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
