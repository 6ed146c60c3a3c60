/** What is wrong, or probably not meant, in the events that a trail is wanted to record. */
import { bucketArn, sessionArn } from "../../cloudtrail/arn";
import { selectionProblems } from "./event-selector-rules";
import { type EventSelection, selects } from "./event-selectors";
import {
  type EventContext,
  eventSelection,
  type EventSettings,
  type InsightType,
  type ExcludedBucket,
  objectsArn,
} from "./event-settings";
import { digestFileKey, logFileKey } from "../files/log-layout";
import type { CloudTrailRecord } from "../records/record";
import type { Partition } from "../regions";
import type { TrailIdentity } from "../trails/trail-identity";

/** All that is wrong with what a trail is wanted to record, as sentences; none where nothing is. */
export function eventProblems(
  settings: EventSettings | undefined,
  context: EventContext,
): string[] {
  if (settings === undefined) return [];
  const selection = eventSelection(settings, context);
  if (recordsDataEvents(selection) && context.logBuckets.length === 0)
    return [
      "The name of the log bucket is not known before Terraform runs, so nothing can keep its own events out. Give it in logBuckets.",
    ];
  return [
    ...togetherProblems(settings),
    ...selectionProblems(selection),
    ...(settings.preset?.startsWith("cis-") && !context.isMultiRegionTrail
      ? [
          `${settings.preset} asks for a multi-region trail, and that of account ${context.trail.accountId} is a single-region trail.`,
        ]
      : []),
    ...recursionProblems(selection, context),
  ];
}

/** Raw selectors replace everything else, so anything beside them would do nothing. */
function togetherProblems(settings: EventSettings): string[] {
  const given = (keys: readonly (keyof EventSettings)[]): string[] =>
    keys.filter((key) => settings[key] !== undefined);
  const raw = given(["basicSelectors", "advancedSelectors"]);
  const beside = [...raw.slice(1), ...given(["preset", "managementEvents", "s3Buckets"])];
  return raw.length === 0 || beside.length === 0
    ? []
    : [`${raw[0]} says all of it, so ${beside.join(", ")} would do nothing. Keep one of them.`];
}

function recordsDataEvents({ kind, selectors }: EventSelection): boolean {
  return kind === "basic"
    ? selectors.some(({ DataResources }) => DataResources.length > 0)
    : selectors.some(({ FieldSelectors }) =>
        FieldSelectors.some(
          ({ Field, Equals }) => Field === "eventCategory" && Equals?.includes("Data"),
        ),
      );
}

/** A log bucket's own events would make log files that make events, without end. */
function recursionProblems(selection: EventSelection, context: EventContext): string[] {
  const { logBuckets, trail } = context;
  const recorded = logBuckets.filter((bucket) =>
    eventsOf(bucket, trail).some((record) => selects(selection, record)),
  );
  return recorded.map(({ name }) => {
    const fix =
      selection.kind === "basic"
        ? "Basic selectors can't leave a bucket out: name other buckets, or take the preset s3-read, s3-write or s3-all"
        : `Leave it out of s3Buckets; in raw selectors, with resources.ARN NotStartsWith ${objectsArn(trail.partition, name)}`;
    return `The trail would record object-level events of the log bucket ${name}: each log file makes events, which make log files, without end. ${fix}.`;
  });
}

/** Events such as a log bucket has all the time: CloudTrail writes to it, and somebody reads. */
function eventsOf({ name, s3KeyPrefix }: ExcludedBucket, trail: TrailIdentity): CloudTrailRecord[] {
  const { accountId, homeRegion, name: trailName } = trail;
  const folder = { accountId, region: homeRegion, prefix: s3KeyPrefix };
  const keys = [
    logFileKey({ ...folder, deliveredAt: "2026-01-31T23:55Z", uniqueString: "Mu0KsOhtH1ar15ZZ" }),
    digestFileKey({
      ...folder,
      trailName,
      homeRegion,
      endTime: "2026-01-31T23:12:05Z",
      backfill: false,
    }),
    "any-other-object",
  ];
  return keys.flatMap((key) => {
    const event = (eventName: string, readOnly: boolean) => ({
      ...objectEvent(trail.partition, name, key, readOnly),
      eventName,
    });
    const reader = sessionArn(trail, "any-reader", "session");
    return [
      { ...event("PutObject", false), userIdentity: { type: "AWSService" } },
      { ...event("GetObject", true), userIdentity: { type: "AssumedRole", arn: reader } },
    ];
  });
}

/** An object-level event, as far as selectors look at it. */
function objectEvent(
  partition: Partition,
  bucket: string,
  key: string,
  readOnly: boolean,
): CloudTrailRecord {
  return {
    eventSource: "s3.amazonaws.com",
    eventType: "AwsApiCall",
    eventCategory: "Data",
    managementEvent: false,
    readOnly,
    eventName: readOnly ? "GetObject" : "PutObject",
    resources: [
      { type: "AWS::S3::Object", ARN: `${objectsArn(partition, bucket)}${key}` },
      { type: "AWS::S3::Bucket", ARN: bucketArn({ partition, bucketName: bucket }) },
    ],
  };
}

/** Whether a trail records reads or writes of a bucket's objects. */
export function recordsObjects(
  selection: EventSelection | undefined,
  partition: Partition,
  bucket: string,
  access: "read" | "write",
): boolean {
  const record = objectEvent(partition, bucket, "any-object", access === "read");
  return selection !== undefined && selects(selection, record);
}

/**
 * Whether a trail records management events that read, or that write. Without selectors it does.
 */
function recordsManagement(
  selection: EventSelection | undefined,
  access: "read" | "write",
): boolean {
  const record = {
    eventSource: "ec2.amazonaws.com",
    eventCategory: "Management",
    managementEvent: true,
    readOnly: access === "read",
  };
  return selection === undefined || selects(selection, record);
}

/**
 * All that is wrong with a trail's Insights, as sentences: each looks at management events, which
 * the trail has to record.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-insights-events-with-cloudtrail.html
 */
export function insightProblems(
  insights: readonly InsightType[],
  settings: EventSettings | undefined,
  context: EventContext,
): string[] {
  const selection = settings && eventSelection(settings, context);
  const writes = recordsManagement(selection, "write");
  return insights.flatMap((type, index) => [
    ...(insights.indexOf(type) < index ? [`${type} is there twice.`] : []),
    ...(type === "ApiCallRateInsight" && !writes
      ? [`${type} needs a trail that records management events that write.`]
      : []),
    ...(type === "ApiErrorRateInsight" && !writes && !recordsManagement(selection, "read")
      ? [`${type} needs a trail that records management events.`]
      : []),
  ]);
}

/** That a second copy of management events is billed, where that is so. */
export function secondCopyWarning(
  settings: EventSettings | undefined,
  context: EventContext,
): string | undefined {
  if (settings?.otherManagementTrail !== true) return undefined;
  const selection = eventSelection(settings, context);
  if (!recordsManagement(selection, "read") && !recordsManagement(selection, "write"))
    return undefined;
  const { accountId, name } = context.trail;
  return (
    `Account ${accountId}: another trail records management events already, so the copy of ${name} is billed. ` +
    "Only the first copy is free. To save it, record data events alone: managementEvents: none."
  );
}
