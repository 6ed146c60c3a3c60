/**
 * Which events a trail records, by its event selectors.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
 */
import { serviceOfAll } from "../../cloudtrail/arn";
import { at, describeValue, items, type PlanValue, scalar, textOf } from "../plans/plan-value";

/** Events of one kind that a trail records. */
export interface Recorded {
  readonly category: "management" | "data" | "insight" | "network-activity";
  /** Which of the category: `read`, `write`, `global services`, `AWS::S3::Object read`. */
  readonly what: string;
  /** What limits them; empty where nothing does. */
  readonly only: string;
}

const READ_WRITE: Readonly<Record<string, readonly string[]>> = {
  All: ["read", "write"],
  ReadOnly: ["read"],
  WriteOnly: ["write"],
};

/**
 * What a trail records while it is logging. What is not known yet counts as not recorded.
 *
 * @param trail the attributes of an `aws_cloudtrail`
 */
export function recordedEvents(trail: PlanValue): Recorded[] {
  const basic = items(at(trail, "event_selector"));
  const advanced = items(at(trail, "advanced_event_selector"));
  const selected =
    advanced.length > 0
      ? advanced.flatMap(advancedSelector)
      : basic.length > 0
        ? basic.flatMap(basicSelector)
        : isUnread(at(trail, "event_selector")) || isUnread(at(trail, "advanced_event_selector"))
          ? []
          : management(["read", "write"], "");
  const global = scalar(at(trail, "include_global_service_events")) === true;
  const records = selected.some(({ category }) => category === "management");
  return [
    ...selected,
    ...(global && records
      ? [{ category: "management", what: "global services", only: "" } as const]
      : []),
    ...items(at(trail, "insight_selector")).map((selector): Recorded => ({
      category: "insight",
      what: textOf(at(selector, "insight_type")) ?? describeValue(at(selector, "insight_type")),
      only: "",
    })),
  ];
}

function isUnread({ kind }: PlanValue): boolean {
  return kind === "unknown" || kind === "sensitive";
}

function management(kinds: readonly string[], only: string): Recorded[] {
  return kinds.map((what) => ({ category: "management", what, only }));
}

function basicSelector(selector: PlanValue): Recorded[] {
  const kinds = READ_WRITE[textOf(at(selector, "read_write_type")) ?? "All"] ?? [];
  const without = textsOf(at(selector, "exclude_management_event_sources"));
  const resources = items(at(selector, "data_resource")).flatMap((resource) =>
    textsOf(at(resource, "values")).flatMap((value) => {
      const type = textOf(at(resource, "type")) ?? "any type";
      // An ARN that ends before the resource's name stands for all of the type: `arn:aws:s3`.
      const all = serviceOfAll(value) !== undefined;
      return kinds.map((kind): Recorded => ({
        category: "data",
        what: `${type} ${kind}`,
        only: all ? "" : `resources ${value}`,
      }));
    }),
  );
  return [
    ...(scalar(at(selector, "include_management_events")) === false
      ? []
      : management(kinds, without.length === 0 ? "" : `not from ${without.sort().join(", ")}`)),
    ...resources,
  ];
}

const CATEGORIES: Readonly<Record<string, Recorded["category"]>> = {
  Management: "management",
  Data: "data",
  NetworkActivity: "network-activity",
};

const OPERATORS = [
  "equals",
  "not_equals",
  "starts_with",
  "not_starts_with",
  "ends_with",
  "not_ends_with",
];

function advancedSelector(selector: PlanValue): Recorded[] {
  const fields = items(at(selector, "field_selector")).map((one) => ({
    field: textOf(at(one, "field")) ?? "",
    tests: OPERATORS.flatMap((operator) => {
      const values = textsOf(at(one, operator)).sort();
      return values.length === 0 ? [] : [{ operator, values }];
    }),
  }));
  const equal = (field: string): string[] =>
    fields
      .filter((one) => one.field === field)
      .flatMap(({ tests }) => tests.filter(({ operator }) => operator === "equals"))
      .flatMap(({ values }) => values);
  const readOnly = equal("readOnly");
  const kinds =
    readOnly.length !== 1 ? ["read", "write"] : readOnly[0] === "true" ? ["read"] : ["write"];
  const only = fields
    .filter(({ field }) => !["eventCategory", "readOnly", "resources.type"].includes(field))
    .flatMap(({ field, tests }) =>
      tests.map(({ operator, values }) => `${field} ${operator} ${values.join(", ")}`),
    )
    .sort()
    .join("; ");
  return equal("eventCategory").flatMap((name): Recorded[] => {
    const category = CATEGORIES[name];
    if (category === undefined) return [];
    if (category === "management") return management(kinds, only);
    if (category === "network-activity")
      return [{ category, what: equal("eventSource").join(", "), only }];
    return equal("resources.type").flatMap((type) =>
      kinds.map((kind): Recorded => ({ category, what: `${type} ${kind}`, only })),
    );
  });
}

function textsOf(list: PlanValue): string[] {
  return items(list).flatMap((one) => textOf(one) ?? []);
}

/** Those of the former that the latter do not record, or record with other limits. */
export function lacking(
  wanted: readonly Recorded[],
  recorded: readonly Recorded[],
): readonly Recorded[] {
  return wanted.filter(
    ({ category, what, only }) =>
      !recorded.some(
        (one) =>
          one.category === category && one.what === what && (one.only === "" || one.only === only),
      ),
  );
}

/** `management: read (not from kms.amazonaws.com)` */
export function describeRecorded({ category, what, only }: Recorded): string {
  return `${category}: ${what}${only === "" ? "" : ` (${only})`}`;
}
