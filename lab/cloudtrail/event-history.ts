/**
 * CloudTrail's event history: the management events of each account and region, kept without any
 * trail.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
import { createHash } from "node:crypto";
import type { CloudTrailRecord } from "../../cloudtrail/records/record";
import { HOUR } from "../../cloudtrail/time";
import type { EventSink } from "../records/event-sink";
import * as errors from "./errors";
import type { LookupEventsRequest } from "./requests";
import type { CallOrigin } from "./trails";

/** How long events are kept, in milliseconds. */
const KEPT = 90 * 24 * HOUR;

/** How many events of one account and region are kept here; AWS has no such limit. */
const MOST_KEPT = 10_000;

const PAGE = 50;

/** One event that LookupEvents answers. */
interface LookedUpEvent {
  readonly EventId: string | undefined;
  readonly EventName: string | undefined;
  /** `true` or `false` */
  readonly ReadOnly: string;
  readonly AccessKeyId: string | undefined;
  /** Seconds since 1970. */
  readonly EventTime: number;
  readonly EventSource: string | undefined;
  readonly Username: string | undefined;
  readonly Resources: readonly { readonly ResourceType: string; readonly ResourceName: string }[];
  /** The record as JSON. */
  readonly CloudTrailEvent: string;
}

interface Entry {
  readonly record: CloudTrailRecord;
  /** Milliseconds. */
  readonly time: number;
  /** Grows with each event. */
  readonly number: number;
}

/** Holds the events of 90 days, and of them the newest 10,000 of each account and region. */
export class EventHistory implements EventSink {
  readonly #entries = new Map<string, Entry[]>();
  #count = 0;

  /** @param now milliseconds */
  constructor(private readonly now: () => number) {}

  add(record: CloudTrailRecord): void {
    if (record.eventCategory !== "Management") return;
    const place = `${record.recipientAccountId} ${record.awsRegion}`;
    const entries = this.#entries.get(place) ?? [];
    this.#entries.set(place, entries);
    entries.push({ record, time: Date.parse(record.eventTime!), number: ++this.#count });
    // Not one by one: taking from the front moves all the others.
    if (entries.length > MOST_KEPT * 1.1) entries.splice(0, entries.length - MOST_KEPT);
  }

  /**
   * The newest events first, a page at a time.
   *
   * @throws ServiceError InvalidLookupAttributesException, InvalidTimeRangeException,
   *   InvalidMaxResultsException, InvalidNextTokenException, InvalidEventCategoryException
   */
  lookup(
    request: LookupEventsRequest,
    { accountId, region }: CallOrigin,
  ): { readonly Events: readonly LookedUpEvent[]; readonly NextToken?: string } {
    const { StartTime, EndTime, MaxResults = PAGE, NextToken } = request;
    if (StartTime !== undefined && EndTime !== undefined && EndTime < StartTime)
      throw errors.invalidTimeRange("The end time is before the start time.");
    if (!Number.isInteger(MaxResults) || MaxResults < 1 || MaxResults > PAGE)
      throw errors.invalidMaxResults(MaxResults, PAGE);
    const matches = attributeFilter(request);
    const query = fingerprint(request, accountId, region);
    const last = NextToken === undefined ? undefined : readToken(NextToken, query);
    // The local AWS finds no insights.
    if (isInsight(request)) return { Events: [] };

    const oldest = Math.max(this.now() - KEPT, (StartTime ?? 0) * 1000);
    const newest = (EndTime ?? Infinity) * 1000;
    const found = (this.#entries.get(`${accountId} ${region}`) ?? [])
      .filter(({ time }) => time >= oldest && time <= newest)
      .filter((entry) => last === undefined || newestFirst(last, entry) < 0)
      .filter(({ record }) => matches(record))
      .sort(newestFirst);
    const page = found.slice(0, MaxResults);
    return {
      Events: page.map(({ record }) => lookedUp(record)),
      ...(found.length > page.length ? { NextToken: writeToken(page.at(-1)!, query) } : {}),
    };
  }
}

type Position = Pick<Entry, "time" | "number">;

function newestFirst(one: Position, other: Position): number {
  return other.time - one.time || other.number - one.number;
}

function isInsight({ EventCategory }: LookupEventsRequest): boolean {
  if (EventCategory === undefined) return false;
  if (EventCategory !== "insight") throw errors.invalidEventCategory(EventCategory);
  return true;
}

/** Attribute → its values in an event. */
const ATTRIBUTES: Readonly<Record<string, (event: LookedUpEvent) => readonly unknown[]>> = {
  EventId: ({ EventId }) => [EventId],
  EventName: ({ EventName }) => [EventName],
  ReadOnly: ({ ReadOnly }) => [ReadOnly],
  Username: ({ Username }) => [Username],
  ResourceType: ({ Resources }) => Resources.map(({ ResourceType }) => ResourceType),
  ResourceName: ({ Resources }) => Resources.map(({ ResourceName }) => ResourceName),
  EventSource: ({ EventSource }) => [EventSource],
  AccessKeyId: ({ AccessKeyId }) => [AccessKeyId],
};

function attributeFilter({
  LookupAttributes,
}: LookupEventsRequest): (record: CloudTrailRecord) => boolean {
  const [attribute, ...others] = LookupAttributes;
  if (attribute === undefined) return () => true;
  const { AttributeKey: key, AttributeValue: value } = attribute;
  if (others.length > 0)
    throw errors.invalidLookupAttributes(
      `${LookupAttributes.length} lookup attributes were given; only one is allowed.`,
    );
  const values = Object.hasOwn(ATTRIBUTES, key) ? ATTRIBUTES[key] : undefined;
  if (values === undefined)
    throw errors.invalidLookupAttributes(
      `Lookup attribute ${key} is none of ${Object.keys(ATTRIBUTES).join(", ")}.`,
    );
  if (value.length < 1 || value.length > 2000)
    throw errors.invalidLookupAttributes(
      `The value of lookup attribute ${key} has ${value.length} characters; 1 to 2000 are allowed.`,
    );
  if (key === "ReadOnly" && !["true", "false"].includes(value))
    throw errors.invalidLookupAttributes(`ReadOnly is true or false, not ${value}.`);
  return (record) => values(lookedUp(record)).includes(value);
}

function lookedUp(record: CloudTrailRecord): LookedUpEvent {
  return {
    EventId: record.eventID,
    EventName: record.eventName,
    ReadOnly: String(record.readOnly),
    AccessKeyId: record.userIdentity?.accessKeyId,
    EventTime: Date.parse(record.eventTime!) / 1000,
    EventSource: record.eventSource,
    Username: userName(record),
    Resources: resources(record),
    CloudTrailEvent: JSON.stringify(record),
  };
}

/** For a role, the name of its session, as in the AWS CLI's own example. */
function userName({ userIdentity }: CloudTrailRecord): string | undefined {
  if (userIdentity?.type === "Root") return "root";
  return userIdentity?.userName ?? userIdentity?.arn?.split("/").at(-1);
}

/** Request parameter → the type of resource that it names, whichever service's. */
const NAMED: Readonly<Record<string, string>> = {
  bucketName: "AWS::S3::Bucket",
  s3BucketName: "AWS::S3::Bucket",
  roleArn: "AWS::IAM::Role",
};

/**
 * AWS does not say how it names an event's resources. Our reading: what the record lists, a bucket
 * by its name and all others by ARN; and what well-known parameters name.
 */
function resources({
  eventSource,
  resources: listed,
  requestParameters,
}: CloudTrailRecord): LookedUpEvent["Resources"] {
  const parameters = Object.entries(requestParameters ?? {});
  const named = parameters.flatMap(([name, value]) => {
    const isTrail =
      eventSource === "cloudtrail.amazonaws.com" && ["name", "trailName"].includes(name);
    const named = Object.hasOwn(NAMED, name) ? NAMED[name] : undefined;
    const type = isTrail ? "AWS::CloudTrail::Trail" : named;
    return type === undefined || typeof value !== "string" ? [] : [[type, value] as const];
  });
  const inRecord = (listed ?? []).flatMap(({ type, ARN }) =>
    type === undefined || ARN === undefined
      ? []
      : [[type, type === "AWS::S3::Bucket" ? ARN.split(":::")[1]! : ARN] as const],
  );
  const unique = new Map([...inRecord, ...named].map((pair) => [pair.join(" "), pair]));
  return [...unique.values()].map(([ResourceType, ResourceName]) => ({
    ResourceType,
    ResourceName,
  }));
}

/** What a token's later call must have in common with the one that it came from. */
function fingerprint(request: LookupEventsRequest, accountId: string, region: string): string {
  const { LookupAttributes, StartTime, EndTime, EventCategory } = request;
  const same = [LookupAttributes, StartTime, EndTime, EventCategory, accountId, region];
  return createHash("sha256").update(JSON.stringify(same)).digest("base64");
}

function writeToken({ time, number }: Position, query: string): string {
  return Buffer.from(JSON.stringify({ time, number, query })).toString("base64");
}

function readToken(token: string, query: string): Position {
  try {
    const read = JSON.parse(Buffer.from(token, "base64").toString()) as Position & {
      query: unknown;
    };
    if (read.query === query) return read;
  } catch {
    // Said below.
  }
  throw errors.invalidNextToken();
}
