/**
 * Which events a trail records: event selectors as CloudTrail's API writes them, and their
 * evaluation. The rules for them are in event-selector-rules.ts.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutEventSelectors.html
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/filtering-data-events.html
 */
import { serviceOfAll } from "../../cloudtrail/arn";
import type { CloudTrailRecord } from "../records/record";

/**
 * A basic event selector, with the API's defaults filled in.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventSelector.html
 */
export interface EventSelector {
  /** Whether calls that read, calls that write, or both are recorded. */
  readonly ReadWriteType: "All" | "ReadOnly" | "WriteOnly";
  /** Whether management events are recorded. */
  readonly IncludeManagementEvents: boolean;
  /** The resources whose data events are recorded; empty for none. */
  readonly DataResources: readonly DataResource[];
  /** `kms.amazonaws.com` and `rdsdata.amazonaws.com`, or one of them. */
  readonly ExcludeManagementEventSources: readonly string[];
}

/**
 * The resources of one type whose data events a basic selector records.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DataResource.html
 */
export interface DataResource {
  /** `AWS::S3::Object`, `AWS::Lambda::Function` or `AWS::DynamoDB::Table` */
  readonly Type: string;
  /**
   * S3: the beginnings of object ARNs. Lambda and DynamoDB: whole ARNs. `arn:aws:s3` and the like:
   * all.
   */
  readonly Values: readonly string[];
}

/**
 * An advanced event selector: an event matches where all of its fields do.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedEventSelector.html
 */
export interface AdvancedEventSelector {
  /**
   * For people.
   * @default - none
   */
  readonly Name?: string;
  /** The conditions; one of them is for `eventCategory`. */
  readonly FieldSelectors: readonly AdvancedFieldSelector[];
}

/**
 * A condition on one field of an event: of the first three operators, those given, one has to hold;
 * of the `Not…` ones all.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html
 */
export interface AdvancedFieldSelector {
  /** `eventCategory`, `eventName`, `resources.ARN` and so on. */
  readonly Field: string;
  /**
   * The field is one of these.
   * @default - anything
   */
  readonly Equals?: readonly string[];
  /**
   * The field starts with one of these.
   * @default - anything
   */
  readonly StartsWith?: readonly string[];
  /**
   * The field ends with one of these.
   * @default - anything
   */
  readonly EndsWith?: readonly string[];
  /**
   * The field is none of these.
   * @default - nothing is excluded
   */
  readonly NotEquals?: readonly string[];
  /**
   * The field starts with none of these.
   * @default - nothing is excluded
   */
  readonly NotStartsWith?: readonly string[];
  /**
   * The field ends with none of these.
   * @default - nothing is excluded
   */
  readonly NotEndsWith?: readonly string[];
}

/** Which events a trail records: one kind of selectors or the other. */
export type EventSelection =
  | {
      /** Selectors of the older kind. */
      readonly kind: "basic";
      /** An event is recorded where one of them selects it. */
      readonly selectors: readonly EventSelector[];
    }
  | {
      /** Selectors of the newer kind. */
      readonly kind: "advanced";
      /** An event is recorded where one of them selects it. */
      readonly selectors: readonly AdvancedEventSelector[];
    };

/** What a trail records until something else is chosen: all management events, no data events. */
export const DEFAULT_EVENT_SELECTORS: readonly EventSelector[] = [
  {
    ReadWriteType: "All",
    IncludeManagementEvents: true,
    DataResources: [],
    ExcludeManagementEventSources: [],
  },
];

/** What compares a field with values. */
export type SelectorOperator = Exclude<keyof AdvancedFieldSelector, "Field">;
type Matches = (actual: string, value: string) => boolean;

/** Operators that let an event in: one value of one of them is enough. */
const SELECT: Readonly<Partial<Record<SelectorOperator, Matches>>> = {
  Equals: (actual, value) => actual === value,
  StartsWith: (actual, value) => actual.startsWith(value),
  EndsWith: (actual, value) => actual.endsWith(value),
};

/** Operators that keep an event out: one value of one of them is enough. */
const DESELECT: Readonly<Partial<Record<SelectorOperator, Matches>>> = {
  NotEquals: SELECT.Equals!,
  NotStartsWith: SELECT.StartsWith!,
  NotEndsWith: SELECT.EndsWith!,
};

/** All operators, in the API's order. */
export const OPERATORS = [
  ...Object.keys(SELECT),
  ...Object.keys(DESELECT),
] as readonly SelectorOperator[];

/**
 * Whether a trail records an event. The selection has to be one that {@link selectionProblems}
 * finds nothing wrong with.
 *
 * Not documented, so our reading: of several resources, one that fulfils all is enough; a list
 * operation, whose record has the `ARNPrefix` of what is listed, counts as if that were an object's
 * ARN; a field that a record lacks fulfils no operator, so it is neither let in nor kept out by
 * one.
 */
export function selects(selection: EventSelection, record: CloudTrailRecord): boolean {
  return selection.kind === "basic"
    ? selection.selectors.some((selector) => basicSelects(selector, record))
    : selection.selectors.some((selector) => advancedSelects(selector, record));
}

/** Records of before version 1.07 have no category. */
function category({ eventCategory, managementEvent }: CloudTrailRecord): string {
  return eventCategory ?? (managementEvent === false ? "Data" : "Management");
}

function basicSelects(selector: EventSelector, record: CloudTrailRecord): boolean {
  const { ReadWriteType } = selector;
  if (ReadWriteType !== "All" && record.readOnly !== (ReadWriteType === "ReadOnly")) return false;
  switch (category(record)) {
    case "Management":
      return (
        selector.IncludeManagementEvents &&
        !selector.ExcludeManagementEventSources.includes(record.eventSource ?? "")
      );
    case "Data":
      return selector.DataResources.some((wanted) =>
        (record.resources ?? []).some(
          ({ type, ARN, ARNPrefix }) => type === wanted.Type && covers(wanted, ARN ?? ARNPrefix),
        ),
      );
    default:
      return false;
  }
}

/** S3's values are beginnings of ARNs; the others are whole ones, unless they mean all. */
function covers({ Type, Values }: DataResource, arn = ""): boolean {
  return Values.some((value) =>
    Type === "AWS::S3::Object" || serviceOfAll(value) !== undefined
      ? arn.startsWith(value)
      : arn === value,
  );
}

function advancedSelects(
  { FieldSelectors }: AdvancedEventSelector,
  record: CloudTrailRecord,
): boolean {
  const ofResource = FieldSelectors.filter(({ Field }) => Field.startsWith("resources."));
  const ofEvent = FieldSelectors.filter((selector) => !ofResource.includes(selector));
  return (
    ofEvent.every((selector) => fieldSelects(selector, eventField(record, selector.Field))) &&
    (ofResource.length === 0 ||
      (record.resources ?? []).some(({ type, ARN, ARNPrefix }) =>
        ofResource.every((selector) =>
          fieldSelects(selector, selector.Field === "resources.type" ? type : (ARN ?? ARNPrefix)),
        ),
      ))
  );
}

/** The value of a field as selectors compare it: as text. */
function eventField(record: CloudTrailRecord, field: string): string | undefined {
  if (field === "eventCategory") return category(record);
  const value = field === "userIdentity.arn" ? record.userIdentity?.arn : record[field];
  return typeof value === "string" || typeof value === "boolean" ? String(value) : undefined;
}

/** SELECT operators are ORed, DESELECT operators are ANDed, and both groups are ANDed. */
function fieldSelects(selector: AdvancedFieldSelector, actual: string | undefined): boolean {
  const anyOf = (operators: Readonly<Partial<Record<SelectorOperator, Matches>>>): boolean =>
    actual !== undefined &&
    Object.entries(operators).some(([operator, matches]) =>
      selector[operator as SelectorOperator]?.some((value) => matches(actual, value)),
    );
  const asksForOne = Object.keys(SELECT).some(
    (operator) => selector[operator as SelectorOperator] !== undefined,
  );
  return (!asksForOne || anyOf(SELECT)) && !anyOf(DESELECT);
}
