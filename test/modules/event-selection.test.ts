import { Fn, type TerraformStack, Testing, Token } from "cdktf";
import { LogDestination } from "../../modules/log-destination/log-destination";
import { Trail, type TrailProps } from "../../modules/trail/trail";
import { type Arguments, emptyStack, only, synthesized } from "../support/synthesized";
import { trailOf } from "../support/trails";

const memberTrail = trailOf("222222222222");
const destination = LogDestination.fromAttributes({ bucketName: "the-logs" });

function stackOf(props: Partial<TrailProps>): TerraformStack {
  const stack = emptyStack();
  new Trail(stack, "trail", { trail: memberTrail, destination, ...props });
  return stack;
}
const trail = (props: Partial<TrailProps>): Arguments =>
  only(synthesized(stackOf(props)), "aws_cloudtrail");

test("without a selection no block is written, nor for CloudTrail's own default", () => {
  for (const props of [{}, { insights: [] }, { events: { basicSelectors: [{}] } }]) {
    const keys = Object.keys(trail(props)).filter((key) => key.includes("selector"));
    expect(keys).toEqual([]);
  }
});

test("management-only is an advanced selector, to which every other can go back", () => {
  expect(trail({ events: { preset: "management-only" } }).advanced_event_selector).toEqual([
    {
      name: "All management events",
      field_selector: [{ field: "eventCategory", equals: ["Management"] }],
    },
  ]);
});

test("values are sorted and without repetitions, since the provider compares lists in order", () => {
  const names = ["b", "a", "b"].map((letter) => ({ name: `bucket-${letter}` }));
  const { advanced_event_selector: advanced, insight_selector: insights } = trail({
    events: { s3Buckets: names },
    insights: ["ApiErrorRateInsight", "ApiCallRateInsight"],
  });
  expect((advanced as { field_selector: object[] }[])[1]!.field_selector).toEqual([
    { field: "eventCategory", equals: ["Data"] },
    { field: "resources.type", equals: ["AWS::S3::Object"] },
    { field: "resources.ARN", starts_with: ["arn:aws:s3:::bucket-a/", "arn:aws:s3:::bucket-b/"] },
  ]);
  expect(insights).toEqual([
    { insight_type: "ApiCallRateInsight" },
    { insight_type: "ApiErrorRateInsight" },
  ]);
});

test("raw basic selectors stay basic ones, with the API's defaults", () => {
  const Values = ["arn:aws:s3:::b/", "arn:aws:s3:::a/"];
  const events = {
    basicSelectors: [
      { ReadWriteType: "WriteOnly" as const, DataResources: [{ Type: "AWS::S3::Object", Values }] },
    ],
  };
  expect(trail({ events }).event_selector).toEqual([
    {
      read_write_type: "WriteOnly",
      include_management_events: true,
      data_resource: [{ type: "AWS::S3::Object", values: ["arn:aws:s3:::a/", "arn:aws:s3:::b/"] }],
    },
  ]);
});

test("refuses all at once, by the trail's path", () => {
  const FieldSelectors = [
    { Field: "eventCategory", Equals: ["Data"] },
    { Field: "resources.type", NotEquals: ["AWS::Lambda::Function"] },
    { Field: "eventType", Equals: ["AwsApiCall"] },
  ];
  const make = () =>
    stackOf({
      awsProviderMajor: 5,
      events: { preset: "s3-all", advancedSelectors: [{ FieldSelectors }] },
      insights: ["ApiCallRateInsight"],
    });
  expect(make).toThrow(
    [
      'test/trail: events "s3-all" can\'t be: advancedSelectors says all of it, so preset would do nothing. Keep one of them.',
      'test/trail: events "s3-all" can\'t be: Field resources.type may only be used with Equals.',
      'test/trail: events "s3-all" can\'t be: Data events need the field resources.type, equal to one value.',
      'test/trail: events "s3-all" can\'t be: The trail would record object-level events of the log bucket the-logs: each log file makes events, which make log files, without end. Leave it out of s3Buckets; in raw selectors, with resources.ARN NotStartsWith arn:aws:s3:::the-logs/.',
      'test/trail: events "s3-all" can\'t be: Version 5 of the AWS provider takes no field eventType; version 6 does. It takes eventCategory, eventName, eventSource, readOnly, resources.ARN, resources.type, userIdentity.arn.',
      'test/trail: insights "ApiCallRateInsight" can\'t be: ApiCallRateInsight needs a trail that records management events that write.',
    ].join("\n"),
  );
});

test("the log bucket's own events are refused, also where its name is a token", () => {
  const named = { events: { s3Buckets: [{ name: "the-logs" }] } };
  expect(() => stackOf(named)).toThrow("object-level events of the log bucket the-logs");
  const remote = LogDestination.fromAttributes({
    bucketName: Token.asString(Fn.trimspace("the-logs")),
  });
  expect(() => stackOf({ ...named, destination: remote })).toThrow("Give it in logBuckets");
  const known = { destination: remote, logBuckets: [{ name: "the-logs" }] };
  expect(() => stackOf({ ...named, ...known })).toThrow("the log bucket the-logs");
  const all = trail({ events: { preset: "s3-write" }, ...known });
  expect(JSON.stringify(all)).toContain('"not_starts_with":["arn:aws:s3:::the-logs/"]');
});

test("warns of a copy of management events that is billed", () => {
  const warnings = (props: Partial<TrailProps>): string[] =>
    stackOf(props)
      .node.findChild("trail")
      .node.metadata.map(({ data }) => String(data));
  expect(warnings({ events: { otherManagementTrail: true } })).toEqual([
    expect.stringContaining("the copy of central-trail is billed"),
  ]);
  expect(warnings({ events: { preset: "s3-write" } })).toEqual([]);
  expect(Testing.synth(stackOf({ events: { otherManagementTrail: true } }))).toContain(
    "Management",
  );
});
