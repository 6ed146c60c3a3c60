import { FOLDERS, type LogFolderName, type RecordShape } from "../files/log-folders";
import { parseTime } from "../time";
import type { CloudTrailRecord } from "./record";

/**
 * Where each kind of record has what all kinds have: its ID, its account, its time and so on.
 * Everything may be missing, and of any type: records are other people's data.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-insights-fields-trails.html
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aggregated-events.html
 */

/** The folder that CloudTrail writes a record to, by its own eventCategory. */
export function logFolderOf({ eventCategory }: CloudTrailRecord): LogFolderName {
  switch (eventCategory) {
    case "Insight":
      return "CloudTrail-Insight";
    case "NetworkActivity":
      return "CloudTrail-NetworkActivity";
    case "Aggregated":
      return "CloudTrail-Aggregated";
    default:
      return "CloudTrail";
  }
}

/** The shape of a record. */
export function shapeOf(record: CloudTrailRecord): RecordShape {
  return FOLDERS[logFolderOf(record)].shape;
}

/** `eventID`; of an aggregated record `eventId`. */
export function idOf(record: CloudTrailRecord): unknown {
  return shapeOf(record) === "aggregated" ? record.eventId : record.eventID;
}

/**
 * The account that the record is for: `recipientAccountId`; of an aggregated record `accountId`.
 */
export function accountOf(record: CloudTrailRecord): unknown {
  return shapeOf(record) === "aggregated" ? record.accountId : record.recipientAccountId;
}

/** `eventSource`; of Insights that of `insightDetails`. */
export function sourceOf(record: CloudTrailRecord): unknown {
  return shapeOf(record) === "insight" ? insightOf(record).eventSource : record.eventSource;
}

/**
 * `eventName`; of Insights that of `insightDetails`; of an aggregated record all that it counts by
 * name.
 */
export function eventNamesOf(record: CloudTrailRecord): readonly unknown[] {
  switch (shapeOf(record)) {
    case "event":
      return [record.eventName];
    case "insight":
      return [insightOf(record).eventName];
    case "aggregated":
      return countedBy(record, "eventName");
  }
}

/**
 * `errorCode`; of Insights that of `insightDetails`; of an aggregated record all that it counts.
 */
export function errorCodesOf(record: CloudTrailRecord): readonly unknown[] {
  switch (shapeOf(record)) {
    case "event":
      return [record.errorCode];
    case "insight":
      return [insightOf(record).errorCode];
    case "aggregated":
      return countedBy(record, "errorCode", "errorCodes");
  }
}

/**
 * All that a record calls its caller or callers. Of Insights they are those to whom
 * `insightContext` attributes the activity; of an aggregated record those that it counts.
 */
export function callersOf(record: CloudTrailRecord): readonly unknown[] {
  switch (shapeOf(record)) {
    case "event":
      return namesOf(record);
    case "insight":
      return attributedTo(record, "userIdentityArn");
    case "aggregated":
      return countedBy(record, "userIdentity");
  }
}

/**
 * The ARNs of resources that an aggregated record counts; of others none: they have `resources`.
 */
export function countedResources(record: CloudTrailRecord): readonly unknown[] {
  return shapeOf(record) === "aggregated" ? countedBy(record, "resourceARN") : [];
}

/** When something happened, in milliseconds since 1970; both ends are included. */
export interface Moments {
  /** The first. */
  readonly from: number;
  /** The last; the same of what happened at one moment. */
  readonly to: number;
}

/**
 * When it happened: at `eventTime`, or within an aggregated record's `timeWindow`. Undefined where
 * no time can be read.
 */
export function momentsOf(record: CloudTrailRecord): Moments | undefined {
  if (shapeOf(record) !== "aggregated") {
    const time = timeIn(record.eventTime);
    return time === undefined ? undefined : { from: time, to: time };
  }
  const { windowStart, windowEnd } = fieldsOf(record.timeWindow);
  const from = timeIn(windowStart);
  if (from === undefined) return undefined;
  // The window's end is not in it.
  return { from, to: Math.max(from, (timeIn(windowEnd) ?? from) - 1) };
}

/** The time as the record writes it: its `eventTime`, or its window's start. */
export function writtenTimeOf(record: CloudTrailRecord): unknown {
  return shapeOf(record) === "aggregated"
    ? fieldsOf(record.timeWindow).windowStart
    : record.eventTime;
}

type Fields = Readonly<Record<string, unknown>>;

/** An object's fields; of anything else none. */
function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

/** An array's items as fields; of anything else none. */
function itemsOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}

function timeIn(value: unknown): number | undefined {
  return typeof value === "string" ? parseTime(value) : undefined;
}

function insightOf(record: CloudTrailRecord): Fields {
  return fieldsOf(record.insightDetails);
}

/** What an aggregated record counts by one of some dimensions, the primary one first. */
function countedBy({ summary }: CloudTrailRecord, ...dimensions: readonly string[]): unknown[] {
  const { primaryDimension, details } = fieldsOf(summary);
  return [fieldsOf(primaryDimension), ...itemsOf(details)]
    .filter(({ dimension }) => dimensions.includes(dimension as string))
    .flatMap(({ statistics }) => itemsOf(statistics).map(({ name }) => name));
}

/** The values that an Insights event is attributed to while it lasts. */
function attributedTo(record: CloudTrailRecord, attribute: string): unknown[] {
  const { attributions } = fieldsOf(insightOf(record).insightContext);
  return itemsOf(attributions)
    .filter((one) => one.attribute === attribute)
    .flatMap(({ insight }) => itemsOf(insight).map(({ value }) => value));
}

function namesOf({ userIdentity }: CloudTrailRecord): readonly unknown[] {
  const { arn, principalId, accessKeyId, userName, accountId, invokedBy, sessionContext } =
    userIdentity ?? {};
  const issuer = fieldsOf(fieldsOf(sessionContext).sessionIssuer);
  return [
    arn,
    principalId,
    accessKeyId,
    userName,
    accountId,
    invokedBy,
    issuer.arn,
    issuer.principalId,
    issuer.userName,
  ];
}
