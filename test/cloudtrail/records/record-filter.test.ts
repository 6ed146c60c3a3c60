import fc from "fast-check";
import type { CloudTrailRecord } from "../../../cloudtrail/records/record";
import { redacted } from "../../../cloudtrail/records/redaction";
import { type RecordCriteria, recordFilter } from "../../../cloudtrail/records/record-filter";
import { logRecord } from "../../support/log-records";
import { readLog } from "../../support/read-log";

const record: CloudTrailRecord = {
  eventID: "one",
  eventTime: "2026-01-31T12:00:00Z",
  eventSource: "s3.amazonaws.com",
  eventName: "GetObject",
  errorCode: "AccessDenied",
  userIdentity: {
    type: "AssumedRole",
    arn: "arn:aws:sts::222222222222:assumed-role/app/session",
    principalId: "AROAEXAMPLE:session",
    accountId: "222222222222",
    accessKeyId: "ASIAEXAMPLE",
    sessionContext: {
      sessionIssuer: { arn: "arn:aws:iam::222222222222:role/app", userName: "app" },
    },
  },
  resources: [{ type: "AWS::S3::Bucket", ARN: "arn:aws:s3:::bucket", accountId: "111111111111" }],
};
const noon = Date.UTC(2026, 0, 31, 12);

test.each<[RecordCriteria, boolean]>([
  [{}, true],
  [{ from: noon }, true],
  [{ from: noon + 1 }, false],
  [{ to: noon + 1 }, true],
  [{ to: noon }, false],
  [{ eventName: "GetObject" }, true],
  [{ eventName: "Get" }, false],
  [{ eventSource: "s3.amazonaws.com" }, true],
  [{ eventSource: "s3" }, true],
  [{ eventSource: "ec2" }, false],
  [{ errorCode: "AccessDenied" }, true],
  [{ errorCode: "Access" }, false],
  [{ principal: "app" }, true],
  [{ principal: "arn:aws:iam::222222222222:role/app" }, true],
  [{ principal: "ASIAEXAMPLE" }, true],
  [{ principal: "222222222222" }, true],
  [{ principal: "session" }, false],
  [{ bucket: "bucket" }, true],
  [{ bucket: "buck" }, false],
  [{ redacted: true }, false],
  [{ errorCode: "AccessDenied", bucket: "other" }, false],
])("%j: %s", (criteria, expected) => {
  expect(recordFilter(criteria).matches(record)).toBe(expected);
});

test("a redacted record is found as one, and a record without what is looked for never", () => {
  const criteria: readonly RecordCriteria[] = [
    { eventName: "x" },
    { errorCode: "x" },
    { principal: "x" },
    { bucket: "x" },
    { redacted: true },
  ];
  expect(recordFilter({ redacted: true }).matches(redacted(record))).toBe(true);
  expect(criteria.map((one) => recordFilter(one).matches({}))).toEqual(criteria.map(() => false));
});

test.each([{}, { eventTime: 7 }, { eventTime: "noon" }, { eventTime: null }])(
  "%j may be of any time, since nothing says that it is not",
  (without) => {
    const odd = { ...record, eventTime: undefined, ...without } as CloudTrailRecord;
    expect(recordFilter({ from: noon, to: noon + 1, eventName: "GetObject" }).matches(odd)).toBe(
      true,
    );
  },
);

test("its prefilter passes over no record that matches", async () => {
  const records = Array.from({ length: 200 }, (_, n) =>
    n % 7 === 0 ? redacted(logRecord(n)) : logRecord(n),
  );
  const file = [Buffer.from(JSON.stringify({ Records: records }))];
  const optional = <T>(...values: T[]): fc.Arbitrary<T | undefined> =>
    fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, fc.constantFrom(...values));
  const criteria = fc.record({
    eventName: optional("GetObject", "DescribeInstances", "None"),
    eventSource: optional("s3", "ec2.amazonaws.com"),
    errorCode: optional("AccessDenied"),
    principal: optional("app-3", "111111111111", "arn:aws:iam::222222222222:role/app-4"),
    bucket: optional("example-bucket-8", "example"),
    redacted: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(criteria, async (one) => {
      const { matches, prefilter } = recordFilter(one);
      const { records: found } = await readLog(file, { prefilter });
      expect(found.filter(matches)).toEqual(records.filter(matches));
    }),
  );
});
