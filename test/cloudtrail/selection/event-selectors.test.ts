import {
  type AdvancedFieldSelector,
  DEFAULT_EVENT_SELECTORS,
  type EventSelection,
  type EventSelector,
  selects,
} from "../../../cloudtrail/selection/event-selectors";
import type { CloudTrailRecord } from "../../../cloudtrail/records/record";

// By hand, from AWS's pages: API_EventSelector, API_DataResource and "Filtering data events by
// using advanced event selectors". Where they say nothing, the name of the case says "our reading".

const management = (fields: Partial<CloudTrailRecord> = {}): CloudTrailRecord => ({
  eventSource: "ec2.amazonaws.com",
  eventName: "RunInstances",
  readOnly: false,
  managementEvent: true,
  eventCategory: "Management",
  ...fields,
});

const onObject = (arn: string, fields: Partial<CloudTrailRecord> = {}): CloudTrailRecord => ({
  eventSource: "s3.amazonaws.com",
  eventName: "PutObject",
  eventType: "AwsApiCall",
  readOnly: false,
  managementEvent: false,
  eventCategory: "Data",
  resources: [
    { type: "AWS::S3::Object", ARN: `arn:aws:s3:::${arn}` },
    { type: "AWS::S3::Bucket", ARN: `arn:aws:s3:::${arn.split("/")[0]}`, accountId: "1" },
  ],
  ...fields,
});

const onResource = (type: string, ARN: string): CloudTrailRecord => ({
  ...onObject("x/y"),
  resources: [{ type, ARN }],
});

const basic = (...selectors: Partial<EventSelector>[]): EventSelection => ({
  kind: "basic",
  selectors: selectors.map((selector) => ({ ...DEFAULT_EVENT_SELECTORS[0]!, ...selector })),
});
const data = (Type: string, ...Values: string[]): Partial<EventSelector> => ({
  DataResources: [{ Type, Values }],
});
const s3 = (...values: string[]) => data("AWS::S3::Object", ...values);

const HELLO = "arn:aws:lambda:us-west-2:111111111111:function:helloworld";
const TABLE = "arn:aws:dynamodb:us-east-1:111111111111:table/orders";

const basicTable: [string, EventSelection, CloudTrailRecord, boolean][] = [
  ["default: management events that write", basic({}), management(), true],
  ["default: and that read", basic({}), management({ readOnly: true }), true],
  ["default: no data events", basic({}), onObject("bucket/key"), false],
  [
    "Insights events belong to no selector",
    basic({}),
    management({ eventCategory: "Insight" }),
    false,
  ],
  ["write-only takes a write", basic({ ReadWriteType: "WriteOnly" }), management(), true],
  [
    "write-only takes no read",
    basic({ ReadWriteType: "WriteOnly" }),
    management({ readOnly: true }),
    false,
  ],
  ["read-only takes no write", basic({ ReadWriteType: "ReadOnly" }), management(), false],
  [
    "read-only is for data events too",
    basic({ ...s3("arn:aws:s3"), ReadWriteType: "ReadOnly" }),
    onObject("b/k"),
    false,
  ],
  [
    "no management events",
    basic({ ...s3("arn:aws:s3"), IncludeManagementEvents: false }),
    management(),
    false,
  ],
  [
    "KMS left out",
    basic({ ExcludeManagementEventSources: ["kms.amazonaws.com"] }),
    management({ eventSource: "kms.amazonaws.com" }),
    false,
  ],
  [
    "KMS left out, others not",
    basic({ ExcludeManagementEventSources: ["kms.amazonaws.com"] }),
    management(),
    true,
  ],
  [
    "selectors are ORed: what one leaves out, another lets in",
    basic({ ReadWriteType: "ReadOnly" }, { ReadWriteType: "WriteOnly" }),
    management(),
    true,
  ],
  ["all S3 objects", basic(s3("arn:aws:s3")), onObject("any/key"), true],
  ["all S3 objects, the older form", basic(s3("arn:aws:s3:::")), onObject("any/key"), true],
  ["all objects of a bucket", basic(s3("arn:aws:s3:::bucket/")), onObject("bucket/a/b"), true],
  ["not of a bucket called alike", basic(s3("arn:aws:s3:::bucket/")), onObject("bucket2/a"), false],
  ["objects with a prefix", basic(s3("arn:aws:s3:::bucket/my-i")), onObject("bucket/my-img"), true],
  ["not with another prefix", basic(s3("arn:aws:s3:::bucket/my-i")), onObject("bucket/x"), false],
  [
    "one of several values",
    basic(s3("arn:aws:s3:::other/", "arn:aws:s3:::bucket/")),
    onObject("bucket/a"),
    true,
  ],
  [
    "a listing of the bucket, by its ARNPrefix (our reading)",
    basic(s3("arn:aws:s3:::bucket/")),
    onObject("x", {
      resources: [{ type: "AWS::S3::Object", ARNPrefix: "arn:aws:s3:::bucket/" }],
    }),
    true,
  ],
  [
    "a listing of more than the prefix (our reading)",
    basic(s3("arn:aws:s3:::bucket/photos/")),
    onObject("x", {
      resources: [{ type: "AWS::S3::Object", ARNPrefix: "arn:aws:s3:::bucket/" }],
    }),
    false,
  ],
  [
    "another type of resource",
    basic(s3("arn:aws:s3")),
    onResource("AWS::S3::Bucket", "arn:aws:s3:::bucket"),
    false,
  ],
  [
    "all functions",
    basic(data("AWS::Lambda::Function", "arn:aws:lambda")),
    onResource("AWS::Lambda::Function", HELLO),
    true,
  ],
  [
    "one function",
    basic(data("AWS::Lambda::Function", HELLO)),
    onResource("AWS::Lambda::Function", HELLO),
    true,
  ],
  [
    "function ARNs are exact",
    basic(data("AWS::Lambda::Function", HELLO)),
    onResource("AWS::Lambda::Function", `${HELLO}2`),
    false,
  ],
  [
    "all tables",
    basic(data("AWS::DynamoDB::Table", "arn:aws:dynamodb")),
    onResource("AWS::DynamoDB::Table", TABLE),
    true,
  ],
  [
    "table ARNs are exact (our reading)",
    basic(data("AWS::DynamoDB::Table", TABLE)),
    onResource("AWS::DynamoDB::Table", `${TABLE}2`),
    false,
  ],
  [
    "a record of before categories, by managementEvent",
    basic({}),
    management({ eventCategory: undefined, managementEvent: false }),
    false,
  ],
];

test.each(basicTable)("basic selectors, %s", (_, selection, record, expected) => {
  expect(selects(selection, record)).toBe(expected);
});

const advanced = (...selectors: AdvancedFieldSelector[][]): EventSelection => ({
  kind: "advanced",
  selectors: selectors.map((FieldSelectors) => ({ FieldSelectors })),
});
const MANAGEMENT: AdvancedFieldSelector = { Field: "eventCategory", Equals: ["Management"] };
const OBJECTS: AdvancedFieldSelector[] = [
  { Field: "eventCategory", Equals: ["Data"] },
  { Field: "resources.type", Equals: ["AWS::S3::Object"] },
];
const objects = (...fields: AdvancedFieldSelector[]) => advanced([...OBJECTS, ...fields]);

/** AWS's own example of several conditions for one field. */
const AWS_EXAMPLE = objects({
  Field: "resources.ARN",
  Equals: ["arn:aws:s3:::amzn-s3-demo-bucket/object1"],
  StartsWith: ["arn:aws:s3:::amzn-s3-demo-bucket/"],
  EndsWith: ["object3"],
  NotStartsWith: ["arn:aws:s3:::amzn-s3-demo-bucket/deselect"],
  NotEndsWith: ["object5"],
  NotEquals: ["arn:aws:s3:::amzn-s3-demo-bucket/object6"],
});

const role = "arn:aws:sts::111111111111:assumed-role/scanner/session";
const advancedTable: [string, EventSelection, CloudTrailRecord, boolean][] = [
  ["management events", advanced([MANAGEMENT]), management(), true],
  ["management events only", advanced([MANAGEMENT]), onObject("bucket/key"), false],
  [
    "fields are ANDed",
    advanced([MANAGEMENT, { Field: "readOnly", Equals: ["true"] }]),
    management(),
    false,
  ],
  [
    "readOnly false is a write",
    advanced([MANAGEMENT, { Field: "readOnly", Equals: ["false"] }]),
    management(),
    true,
  ],
  ["selectors are ORed", advanced([MANAGEMENT], OBJECTS), onObject("bucket/key"), true],
  ["AWS's example, object1", AWS_EXAMPLE, onObject("amzn-s3-demo-bucket/object1"), true],
  ["AWS's example, object2", AWS_EXAMPLE, onObject("amzn-s3-demo-bucket/object2"), true],
  ["AWS's example, object3", AWS_EXAMPLE, onObject("amzn-s3-demo-bucket1/object3"), true],
  ["AWS's example, object4", AWS_EXAMPLE, onObject("amzn-s3-demo-bucket/deselectObject4"), false],
  ["AWS's example, object5", AWS_EXAMPLE, onObject("amzn-s3-demo-bucket/object5"), false],
  ["AWS's example, object6", AWS_EXAMPLE, onObject("amzn-s3-demo-bucket/object6"), false],
  ["none of the SELECT values", AWS_EXAMPLE, onObject("another-bucket/object2"), false],
  [
    "all but one bucket",
    objects({ Field: "resources.ARN", NotStartsWith: ["arn:aws:s3:::logs/"] }),
    onObject("bucket/key"),
    true,
  ],
  [
    "that one bucket",
    objects({ Field: "resources.ARN", NotStartsWith: ["arn:aws:s3:::logs/"] }),
    onObject("logs/key"),
    false,
  ],
  [
    "one of several DESELECT values keeps out",
    objects({ Field: "eventName", NotEquals: ["GetObject", "PutObject"] }),
    onObject("bucket/key"),
    false,
  ],
  [
    "a listing of the bucket left out, by its ARNPrefix (our reading)",
    objects({ Field: "resources.ARN", NotStartsWith: ["arn:aws:s3:::logs/"] }),
    onObject("x", {
      resources: [{ type: "AWS::S3::Object", ARNPrefix: "arn:aws:s3:::logs/" }],
    }),
    false,
  ],
  [
    "type and ARN have to be of one resource (our reading)",
    objects({ Field: "resources.ARN", Equals: ["arn:aws:s3:::bucket"] }),
    onObject("bucket/key"),
    false,
  ],
  [
    "one of two resources is enough (our reading)",
    objects({ Field: "resources.ARN", StartsWith: ["arn:aws:s3:::to/"] }),
    onObject("x", {
      resources: ["from", "to"].map((name) => ({
        type: "AWS::S3::Object",
        ARN: `arn:aws:s3:::${name}/key`,
      })),
    }),
    true,
  ],
  [
    "a caller kept out",
    objects({ Field: "userIdentity.arn", NotStartsWith: [role.slice(0, 50)] }),
    onObject("bucket/key", { userIdentity: { arn: role } }),
    false,
  ],
  [
    "a caller without ARN is not kept out (our reading)",
    objects({ Field: "userIdentity.arn", NotStartsWith: [role] }),
    onObject("bucket/key", { userIdentity: { type: "AWSService" } }),
    true,
  ],
  [
    "and not let in (our reading)",
    objects({ Field: "userIdentity.arn", StartsWith: [role] }),
    onObject("bucket/key", { userIdentity: { type: "AWSService" } }),
    false,
  ],
  [
    "eventSource",
    objects({ Field: "eventSource", EndsWith: ["s3.amazonaws.com"] }),
    onObject("bucket/key"),
    true,
  ],
  [
    "eventType",
    objects({ Field: "eventType", NotEquals: ["AwsServiceEvent"] }),
    onObject("bucket/key", { eventType: "AwsServiceEvent" }),
    false,
  ],
  [
    "from the console",
    objects({ Field: "sessionCredentialFromConsole", NotEquals: ["true"] }),
    onObject("bucket/key", { sessionCredentialFromConsole: "true" }),
    false,
  ],
  [
    "network activity of one service that was denied at the endpoint",
    advanced([
      { Field: "eventCategory", Equals: ["NetworkActivity"] },
      { Field: "eventSource", Equals: ["kms.amazonaws.com"] },
      { Field: "errorCode", Equals: ["VpceAccessDenied"] },
      { Field: "vpcEndpointId", NotEquals: ["vpce-2"] },
    ]),
    management({
      eventCategory: "NetworkActivity",
      eventSource: "kms.amazonaws.com",
      errorCode: "VpceAccessDenied",
      vpcEndpointId: "vpce-1",
    }),
    true,
  ],
];

test.each(advancedTable)("advanced selectors, %s", (_, selection, record, expected) => {
  expect(selects(selection, record)).toBe(expected);
});
