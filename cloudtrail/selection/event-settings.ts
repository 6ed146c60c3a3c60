/**
 * Which events a trail is wanted to record, in few words: presets and named buckets, or raw
 * selectors. What may be wrong with that is in event-problems.ts.
 */
import { bucketArn } from "../../cloudtrail/arn";
import type {
  AdvancedEventSelector,
  AdvancedFieldSelector,
  EventSelection,
  EventSelector,
} from "./event-selectors";
import type { Partition } from "../regions";
import type { TrailIdentity } from "../trails/trail-identity";

/** Events that read, events that change something, or both. */
export const ACCESSES = ["all", "read", "write"] as const;
/** One of {@link ACCESSES}. */
export type Access = (typeof ACCESSES)[number];

/**
 * `s3-…`: object-level events of all S3 buckets but the log buckets. `cis-…`: the same in the words
 * of the CIS AWS Foundations Benchmark (numbers of versions 3.0 to 5.0): 3.8 write events, 3.9 read
 * events, of a multi-region trail.
 */
export type EventPreset =
  "management-only" | "s3-read" | "s3-write" | "s3-all" | "cis-3.8" | "cis-3.9" | "cis-3.8-and-3.9";

/** Which object-level events of S3 a preset records, of all buckets but the log buckets. */
const S3_ACCESS = {
  "management-only": undefined,
  "s3-read": "read",
  "s3-write": "write",
  "s3-all": "all",
  "cis-3.8": "write",
  "cis-3.9": "read",
  "cis-3.8-and-3.9": "all",
} as const satisfies Readonly<Record<EventPreset, Access | undefined>>;

/** All presets. */
export const EVENT_PRESETS = Object.keys(S3_ACCESS) as [EventPreset, ...EventPreset[]];

/** A bucket whose object-level events are recorded. */
export interface RecordedBucket {
  /** The bucket's name. */
  readonly name: string;
  /**
   * Which calls are recorded: those that read, those that write, or all.
   * @default "all"
   */
  readonly events?: Access;
  /**
   * The account that owns the bucket: twelve digits. Of a denied call into another account's bucket
   * the caller's copy is redacted, so the owner's trail should record the bucket too.
   * @default - unknown, which gives a warning
   */
  readonly owner?: string;
}

/** A basic selector as people write it: whatever they leave out has the API's default. */
export type EventSelectorInput = Partial<EventSelector>;

/** Which events a trail records. */
export interface EventSettings {
  /**
   * A selection that has a name.
   * @default "management-only"
   */
  readonly preset?: EventPreset;
  /** Which management events are recorded. @default "all" */
  readonly managementEvents?: Access | "none";
  /**
   * Single buckets whose object-level events are recorded, beside the preset's.
   * @default - none
   */
  readonly s3Buckets?: readonly RecordedBucket[];
  /**
   * Basic selectors in place of all of the above, in the API's own words.
   * @default - none
   */
  readonly basicSelectors?: readonly EventSelectorInput[];
  /**
   * Advanced selectors in place of all of the above, in the API's own words.
   * @default - none
   */
  readonly advancedSelectors?: readonly AdvancedEventSelector[];
  /**
   * Whether another trail, such as an organization's, records the account's management events
   * already. The first copy is free; this trail's would be billed, which gives a warning.
   * @default false
   */
  readonly otherManagementTrail?: boolean;
}

/** What Insights looks for. */
export const INSIGHT_TYPES = ["ApiCallRateInsight", "ApiErrorRateInsight"] as const;
/** One of {@link INSIGHT_TYPES}. */
export type InsightType = (typeof INSIGHT_TYPES)[number];

/** A bucket whose own object-level events a trail must not record. */
export interface ExcludedBucket {
  /** The bucket's name. */
  readonly name: string;
  /**
   * The part of each key before `AWSLogs/`.
   * @default - none
   */
  readonly s3KeyPrefix?: string;
}

/** The trail that events are selected for. */
export interface EventContext {
  /** The trail. */
  readonly trail: TrailIdentity;
  /** Whether it logs every region. */
  readonly isMultiRegionTrail: boolean;
  /** The bucket that the trail delivers to, and the one that takes that one's access logs. */
  readonly logBuckets: readonly ExcludedBucket[];
}

/**
 * The selectors of a trail. All but raw basic ones are advanced selectors, "management-only" too,
 * so that a trail can go from any of them to any other: from advanced to basic selectors, or to
 * none, the AWS provider sends an empty list, which CloudTrail refuses.
 */
export function eventSelection(settings: EventSettings, context: EventContext): EventSelection {
  const { basicSelectors, advancedSelectors } = settings;
  if (basicSelectors !== undefined)
    return { kind: "basic", selectors: basicSelectors.map(withDefaults) };
  return {
    kind: "advanced",
    selectors: advancedSelectors ?? [
      ...managementSelectors(settings.managementEvents ?? "all"),
      ...allBucketsSelectors(S3_ACCESS[settings.preset ?? "management-only"], context),
      ...namedBucketsSelectors(settings.s3Buckets ?? [], context.trail.partition),
    ],
  };
}

function withDefaults(selector: EventSelectorInput): EventSelector {
  return {
    ReadWriteType: selector.ReadWriteType ?? "All",
    IncludeManagementEvents: selector.IncludeManagementEvents ?? true,
    DataResources: selector.DataResources ?? [],
    ExcludeManagementEventSources: selector.ExcludeManagementEventSources ?? [],
  };
}

const READ_ONLY: Readonly<Record<Access, readonly AdvancedFieldSelector[]>> = {
  all: [],
  read: [{ Field: "readOnly", Equals: ["true"] }],
  write: [{ Field: "readOnly", Equals: ["false"] }],
};

const OF_ACCESS: Readonly<Record<Access, string>> = { all: "All", read: "Read", write: "Write" };

function managementSelectors(wanted: Access | "none"): AdvancedEventSelector[] {
  if (wanted === "none") return [];
  return [
    {
      Name: `${OF_ACCESS[wanted]} management events`,
      FieldSelectors: [{ Field: "eventCategory", Equals: ["Management"] }, ...READ_ONLY[wanted]],
    },
  ];
}

function s3Selector(
  what: string,
  access: Access,
  arn: Omit<AdvancedFieldSelector, "Field">,
): AdvancedEventSelector {
  return {
    Name: `${OF_ACCESS[access]} object-level events of ${what}`,
    FieldSelectors: [
      { Field: "eventCategory", Equals: ["Data"] },
      { Field: "resources.type", Equals: ["AWS::S3::Object"] },
      ...READ_ONLY[access],
      { Field: "resources.ARN", ...arn },
    ],
  };
}

function allBucketsSelectors(
  access: Access | undefined,
  { trail, logBuckets }: EventContext,
): AdvancedEventSelector[] {
  if (access === undefined) return [];
  const NotStartsWith = logBuckets.map(({ name }) => objectsArn(trail.partition, name));
  return [s3Selector("all S3 buckets but the log buckets", access, { NotStartsWith })];
}

/** One selector for all buckets with the same access, since values are few. */
function namedBucketsSelectors(
  buckets: readonly RecordedBucket[],
  partition: Partition,
): AdvancedEventSelector[] {
  return ACCESSES.flatMap((access) => {
    const named = buckets.filter(({ events = "all" }) => events === access);
    if (named.length === 0) return [];
    const StartsWith = named.map(({ name }) => objectsArn(partition, name));
    return [s3Selector("named S3 buckets", access, { StartsWith })];
  });
}

/**
 * What the ARN of each object of a bucket starts with. Without the slash it would be other buckets'
 * too.
 */
export function objectsArn(partition: Partition, bucket: string): string {
  return `${bucketArn({ partition, bucketName: bucket })}/`;
}
