import { selectionProblems } from "../../../cloudtrail/selection/event-selector-rules";
import { type EventSelection, selects } from "../../../cloudtrail/selection/event-selectors";
import {
  eventProblems,
  insightProblems,
  recordsObjects,
  secondCopyWarning,
} from "../../../cloudtrail/selection/event-problems";
import {
  ACCESSES,
  EVENT_PRESETS,
  type EventContext,
  eventSelection,
  type EventSettings,
} from "../../../cloudtrail/selection/event-settings";
import { trailOf } from "../../support/trails";

const context: EventContext = {
  trail: trailOf("222222222222"),
  isMultiRegionTrail: true,
  logBuckets: [{ name: "the-logs", s3KeyPrefix: "org" }, { name: "the-access-logs" }],
};
const of = (settings: EventSettings): EventSelection => eventSelection(settings, context);
const management = (readOnly: boolean) => ({
  eventCategory: "Management",
  managementEvent: true,
  eventSource: "ec2.amazonaws.com",
  readOnly,
});

/** Which of a bucket's objects' events are recorded: r, w. */
function records(selection: EventSelection, bucket: string): string {
  return (["read", "write"] as const)
    .filter((access) => recordsObjects(selection, "aws", bucket, access))
    .map(([letter]) => letter)
    .join("");
}

test("there is a preset for each thing that the table below has", () => {
  expect(EVENT_PRESETS).toEqual([
    "management-only",
    "s3-read",
    "s3-write",
    "s3-all",
    "cis-3.8",
    "cis-3.9",
    "cis-3.8-and-3.9",
  ]);
});

test.each([
  ["management-only", ""],
  ["s3-read", "r"],
  ["s3-write", "w"],
  ["s3-all", "rw"],
  ["cis-3.8", "w"],
  ["cis-3.9", "r"],
  ["cis-3.8-and-3.9", "rw"],
] as const)("preset %s records %p of every bucket, none of the log buckets", (preset, letters) => {
  const selection = of({ preset });
  expect(records(selection, "any")).toBe(letters);
  expect(records(selection, "the-logs")).toBe("");
  expect(records(selection, "the-access-logs")).toBe("");
  expect(records(selection, "the-logs-of-others")).toBe(letters);
  expect(selects(selection, management(true)) && selects(selection, management(false))).toBe(true);
  expect(eventProblems({ preset }, context)).toEqual([]);
});

test.each(ACCESSES)("named buckets, %s events, beside a preset", (events) => {
  const letters = { all: "rw", read: "r", write: "w" }[events];
  const selection = of({ s3Buckets: [{ name: "payroll", events }] });
  expect(records(selection, "payroll")).toBe(letters);
  expect(records(selection, "payroll2")).toBe("");
  const both = of({ preset: "s3-write", s3Buckets: [{ name: "payroll", events: "read" }] });
  expect([records(both, "payroll"), records(both, "any")]).toEqual(["rw", "w"]);
});

test.each([
  ["all", [true, true]],
  ["read", [true, false]],
  ["write", [false, true]],
  ["none", [false, false]],
] as const)("management events: %s", (managementEvents, expected) => {
  const selection = of({ managementEvents, preset: "s3-write" });
  expect([true, false].map((read) => selects(selection, management(read)))).toEqual(expected);
});

test("all but raw basic selectors are advanced, so that each can follow each", () => {
  expect(EVENT_PRESETS.map((preset) => of({ preset }).kind)).toEqual(Array(7).fill("advanced"));
  expect(of({ basicSelectors: [{}] }).kind).toBe("basic");
});

test("ARNs are those of the trail's partition", () => {
  const selection = eventSelection(
    { preset: "s3-write", s3Buckets: [{ name: "payroll" }] },
    { ...context, trail: trailOf("222222222222", { partition: "aws-us-gov" }) },
  );
  expect(JSON.stringify(selection)).toContain("arn:aws-us-gov:s3:::the-logs/");
  expect(JSON.stringify(selection)).toContain("arn:aws-us-gov:s3:::payroll/");
  expect(JSON.stringify(selection)).not.toContain("arn:aws:");
});

const field = (Field: string, operator: string, ...values: string[]) => ({
  Field,
  [operator]: values,
});
const objects = (...more: { Field: string }[]): EventSettings => ({
  advancedSelectors: [
    {
      FieldSelectors: [
        field("eventCategory", "Equals", "Data"),
        field("resources.type", "Equals", "AWS::S3::Object"),
        ...more,
      ],
    },
  ],
});
const s3 = (...Values: string[]): EventSettings => ({
  basicSelectors: [{ DataResources: [{ Type: "AWS::S3::Object", Values }] }],
});
const LOGS = "arn:aws:s3:::the-logs/";

test.each<[string, EventSettings, ...string[]]>([
  ["all buckets, basic", s3("arn:aws:s3"), "the-logs", "the-access-logs"],
  ["the bucket, basic", s3(LOGS), "the-logs"],
  ["our own files in it, basic", s3(`${LOGS}org/AWSLogs/222222222222/`), "the-logs"],
  ["all buckets, advanced", objects(), "the-logs", "the-access-logs"],
  [
    "a beginning of its name",
    objects(field("resources.ARN", "StartsWith", "arn:aws:s3:::the-l")),
    "the-logs",
  ],
  [
    "its files by their ending",
    objects(field("resources.ARN", "EndsWith", ".json.gz")),
    "the-logs",
    "the-access-logs",
  ],
  [
    "its digest files",
    objects(
      field("resources.ARN", "StartsWith", `${LOGS}org/AWSLogs/222222222222/CloudTrail-Digest/`),
    ),
    "the-logs",
  ],
  [
    "all but one of the two",
    objects(field("resources.ARN", "NotStartsWith", LOGS)),
    "the-access-logs",
  ],
  [
    "what is put, anywhere",
    objects(field("eventName", "Equals", "PutObject")),
    "the-logs",
    "the-access-logs",
  ],
  [
    "what is read, anywhere",
    objects(field("eventName", "Equals", "GetObject")),
    "the-logs",
    "the-access-logs",
  ],
  [
    "all but what a role does",
    objects(field("userIdentity.arn", "NotStartsWith", "arn:aws:sts::")),
    "the-logs",
    "the-access-logs",
  ],
  [
    "all but log files, so access logs too",
    objects(field("resources.ARN", "NotEndsWith", ".json.gz")),
    "the-logs",
    "the-access-logs",
  ],
  ["named", { s3Buckets: [{ name: "the-logs", events: "read" }] }, "the-logs"],
])("a log bucket's own events are refused: %s", (_, settings, ...buckets) => {
  expect(selectionProblems(of(settings))).toEqual([]);
  expect(eventProblems(settings, context)).toEqual(
    buckets.map(
      (bucket) => expect.stringContaining(`events of the log bucket ${bucket}: `) as unknown,
    ),
  );
});

test.each<[string, EventSettings]>([
  ["another bucket, basic", s3("arn:aws:s3:::the-logs-of-others/")],
  [
    "all but both",
    objects(field("resources.ARN", "NotStartsWith", LOGS, "arn:aws:s3:::the-access-logs/")),
  ],
  ["listings by name", objects(field("eventName", "Equals", "ListObjects"))],
  ["what one role does", objects(field("userIdentity.arn", "Equals", "arn:aws:sts::1:x/y/z"))],
])("and nothing else is: %s", (_, settings) => {
  expect(eventProblems(settings, context)).toEqual([]);
});

test("data events need the log bucket's name; management events do not", () => {
  const unknown = { ...context, logBuckets: [] };
  expect(eventProblems({ preset: "management-only" }, unknown)).toEqual([]);
  for (const settings of [{ preset: "s3-write" } as const, s3("arn:aws:s3:::x/"), objects()])
    expect(eventProblems(settings, unknown)).toEqual([expect.stringContaining("logBuckets")]);
});

test("CIS presets ask for a multi-region trail", () => {
  const oneRegion = { ...context, isMultiRegionTrail: false };
  expect(eventProblems({ preset: "s3-write" }, oneRegion)).toEqual([]);
  expect(eventProblems({ preset: "cis-3.8" }, oneRegion)).toEqual([
    "cis-3.8 asks for a multi-region trail, and that of account 222222222222 is a single-region trail.",
  ]);
});

test("raw selectors stand alone; nothing at all is not a selection", () => {
  const advancedSelectors = [{ FieldSelectors: [field("eventCategory", "Equals", "Management")] }];
  expect(eventProblems({ advancedSelectors, preset: "cis-3.8" }, context)).toEqual([
    "advancedSelectors says all of it, so preset would do nothing. Keep one of them.",
  ]);
  expect(eventProblems({ advancedSelectors, basicSelectors: [{}] }, context)).toEqual([
    "basicSelectors says all of it, so advancedSelectors would do nothing. Keep one of them.",
  ]);
  expect(eventProblems({ managementEvents: "none" }, context)).toEqual([
    "A trail needs an event selector; none was given.",
  ]);
});

test("Insights need the management events that they look at", () => {
  const of = (type: "ApiCallRateInsight" | "ApiErrorRateInsight", settings?: EventSettings) =>
    insightProblems([type], settings, context).length;
  const only = (managementEvents: "read" | "write" | "none"): EventSettings => ({
    managementEvents,
    preset: "s3-write",
  });
  expect(of("ApiCallRateInsight")).toBe(0);
  expect(of("ApiCallRateInsight", only("write"))).toBe(0);
  expect(of("ApiCallRateInsight", only("read"))).toBe(1);
  expect(of("ApiErrorRateInsight", only("read"))).toBe(0);
  expect(of("ApiErrorRateInsight", only("none"))).toBe(1);
  expect(
    insightProblems(["ApiErrorRateInsight", "ApiErrorRateInsight"], undefined, context),
  ).toEqual(["ApiErrorRateInsight is there twice."]);
});

test("a second copy of management events is said to cost", () => {
  const otherManagementTrail = true;
  expect(secondCopyWarning({ otherManagementTrail }, context)).toContain(
    "copy of central-trail is billed",
  );
  const writes = { otherManagementTrail, managementEvents: "write" } as const;
  expect(secondCopyWarning(writes, context)).toContain("Only the first copy is free");
  const none = { ...writes, managementEvents: "none", preset: "s3-write" } as const;
  expect(secondCopyWarning(none, context)).toBeUndefined();
  expect(secondCopyWarning({ preset: "s3-write" }, context)).toBeUndefined();
  expect(secondCopyWarning(undefined, context)).toBeUndefined();
});
