import type { CloudTrailRecord } from "../../../cloudtrail/records/record";
import { EventHistory } from "../../../lab/cloudtrail/event-history";
import type { LookupEventsRequest } from "../../../lab/cloudtrail/requests";

const ORIGIN = {
  accountId: "222222222222",
  region: "us-east-1",
  callerArn: "arn:aws:iam::222222222222:user/a",
  action: "LookupEvents",
};
const START = Date.parse("2030-01-01T12:00:00Z");
const DAY = 24 * 3_600_000;

let now: number;
let history: EventHistory;
beforeEach(() => {
  now = START;
  history = new EventHistory(() => now);
});

/** Adds an event of so many seconds after the start. */
function add(second: number, overrides: Partial<CloudTrailRecord> = {}): void {
  history.add({
    eventID: `event-${second}`,
    eventName: "CreateBucket",
    eventTime: new Date(START + second * 1000).toISOString(),
    eventSource: "s3.amazonaws.com",
    awsRegion: ORIGIN.region,
    readOnly: false,
    eventCategory: "Management",
    recipientAccountId: ORIGIN.accountId,
    userIdentity: {
      type: "AssumedRole",
      arn: "arn:aws:sts::222222222222:assumed-role/deployer/session",
      accessKeyId: "ASIA1",
    },
    requestParameters: { bucketName: "made" },
    resources: [{ type: "AWS::S3::Bucket", ARN: "arn:aws:s3:::made" }],
    ...overrides,
  });
}
const lookup = (request: Partial<LookupEventsRequest> = {}) =>
  history.lookup({ LookupAttributes: [], ...request }, ORIGIN);
const ids = (request: Partial<LookupEventsRequest> = {}) =>
  lookup(request).Events.map(({ EventId }) => EventId);

test("answers the account's management events of the region, newest first", () => {
  add(2);
  add(1);
  add(3, { awsRegion: "eu-west-1" });
  add(4, { recipientAccountId: "333333333333" });
  add(5, { eventCategory: "Data" });
  expect(ids()).toEqual(["event-2", "event-1"]);
});

test("answers the later of two events of one second first", () => {
  add(1, { eventID: "first" });
  add(1, { eventID: "second" });
  expect(ids()).toEqual(["second", "first"]);
  const { NextToken } = lookup({ MaxResults: 1 });
  expect(ids({ NextToken })).toEqual(["first"]);
});

test("answers each event as the API writes it", () => {
  add(1);
  const [event] = lookup().Events;
  const { CloudTrailEvent, ...others } = event!;
  expect(others).toEqual({
    EventId: "event-1",
    EventName: "CreateBucket",
    ReadOnly: "false",
    AccessKeyId: "ASIA1",
    EventTime: START / 1000 + 1,
    EventSource: "s3.amazonaws.com",
    Username: "session",
    Resources: [{ ResourceType: "AWS::S3::Bucket", ResourceName: "made" }],
  });
  expect(JSON.parse(CloudTrailEvent)).toMatchObject({ eventID: "event-1", readOnly: false });
});

test.each([
  ["EventId", "event-2"],
  ["EventName", "DescribeTrails"],
  ["ReadOnly", "true"],
  ["Username", "alice"],
  ["ResourceType", "AWS::CloudTrail::Trail"],
  ["ResourceName", "main"],
  ["EventSource", "cloudtrail.amazonaws.com"],
  ["AccessKeyId", "AKIA2"],
])("finds by %s", (AttributeKey, AttributeValue) => {
  add(1);
  add(2, {
    eventName: "DescribeTrails",
    eventSource: "cloudtrail.amazonaws.com",
    readOnly: true,
    userIdentity: { type: "IAMUser", userName: "alice", accessKeyId: "AKIA2" },
    requestParameters: { name: "main" },
    resources: undefined,
  });
  const find = (value: string) =>
    ids({ LookupAttributes: [{ AttributeKey, AttributeValue: value }] });
  expect(find(AttributeValue)).toEqual(["event-2"]);
  if (AttributeKey !== "ReadOnly") expect(find("other")).toEqual([]);
});

test("keeps to the times, both ends included", () => {
  for (const second of [1, 2, 3, 4]) add(second);
  const at = (second: number) => START / 1000 + second;
  expect(ids({ StartTime: at(2), EndTime: at(3) })).toEqual(["event-3", "event-2"]);
});

test("pages, and is not confused by events that come between", () => {
  for (let second = 1; second <= 60; second++) add(second);
  const first = lookup();
  expect(first.Events).toHaveLength(50);
  add(61);
  const second = lookup({ NextToken: first.NextToken });
  expect(second.Events.map(({ EventId }) => EventId)).toEqual(
    [10, 9, 8, 7, 6, 5, 4, 3, 2, 1].map((n) => `event-${n}`),
  );
  expect(second).not.toHaveProperty("NextToken");
  expect(ids({ MaxResults: 2 })).toEqual(["event-61", "event-60"]);
});

test("forgets after 90 days, and what is more than it can hold", () => {
  add(1);
  now = START + 90 * DAY;
  expect(ids()).toEqual(["event-1"]);
  now += 2000;
  expect(ids()).toEqual([]);
  now = START;
  for (let second = 2; second <= 12_000; second++) add(second);
  expect(ids({ EndTime: START / 1000 + 100 })).toEqual([]);
  expect(ids({ MaxResults: 1 })).toEqual(["event-12000"]);
});

test("has no insights", () => {
  add(1);
  expect(lookup({ EventCategory: "insight" })).toEqual({ Events: [] });
});

test.each<[string, Partial<LookupEventsRequest>, RegExp]>([
  [
    "InvalidLookupAttributesException",
    {
      LookupAttributes: [
        { AttributeKey: "EventId", AttributeValue: "a" },
        { AttributeKey: "EventName", AttributeValue: "b" },
      ],
    },
    /only one/,
  ],
  [
    "InvalidLookupAttributesException",
    { LookupAttributes: [{ AttributeKey: "Colour", AttributeValue: "a" }] },
    /Colour is none of EventId, /,
  ],
  [
    "InvalidLookupAttributesException",
    { LookupAttributes: [{ AttributeKey: "ReadOnly", AttributeValue: "yes" }] },
    /true or false/,
  ],
  [
    "InvalidLookupAttributesException",
    { LookupAttributes: [{ AttributeKey: "EventId", AttributeValue: "a".repeat(2001) }] },
    /2001 characters/,
  ],
  ["InvalidTimeRangeException", { StartTime: 2, EndTime: 1 }, /before/],
  ["InvalidMaxResultsException", { MaxResults: 51 }, /51; 1 to 50/],
  ["InvalidMaxResultsException", { MaxResults: 0 }, /0; 1 to 50/],
  ["InvalidNextTokenException", { NextToken: "nonsense" }, /NextToken/],
  ["InvalidEventCategoryException", { EventCategory: "data" }, /data/],
])("refuses with %s", (code, request, message) => {
  expect(() => lookup(request)).toThrow(
    expect.objectContaining({ code, message: expect.stringMatching(message) as unknown }) as Error,
  );
});

test("refuses the token of another request", () => {
  for (const second of [1, 2]) add(second);
  const { NextToken } = lookup({ MaxResults: 1 });
  expect(ids({ NextToken })).toEqual(["event-1"]);
  expect(() => lookup({ NextToken, StartTime: START / 1000 })).toThrow(
    expect.objectContaining({ code: "InvalidNextTokenException" }) as Error,
  );
});
