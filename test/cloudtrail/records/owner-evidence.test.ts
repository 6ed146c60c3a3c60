import { bucketOfRecord, OwnerIndex } from "../../../cloudtrail/records/bucket-owner";
import type { CloudTrailRecord } from "../../../cloudtrail/records/record";

const [OWNER, OTHER] = ["111111111111", "333333333333"];

/** The copy of an event that an account gets as the bucket's owner. */
function ownerCopy(owner: string, eventID: unknown, more: CloudTrailRecord = {}): CloudTrailRecord {
  return {
    eventID: eventID as string,
    sharedEventID: "shared",
    recipientAccountId: owner,
    resources: [{ type: "AWS::S3::Bucket", ARN: "arn:aws:s3:::b", accountId: owner }],
    ...more,
  };
}

/** What an index that holds these records says of the caller's redacted copy. */
function resolved(records: readonly CloudTrailRecord[], more: CloudTrailRecord = {}): unknown {
  const index = new OwnerIndex();
  for (const record of records) index.add(record);
  return index.resolve({
    sharedEventID: "shared",
    resources: [{ type: "AWS::S3::Bucket", ARN: "arn:aws:s3:::b", accountId: "" }],
    ...more,
  });
}

test("owner copies of one event that name different owners decide nothing", () => {
  expect(resolved([ownerCopy(OWNER, "one"), ownerCopy(OTHER, "two")])).toEqual({
    how: "unknown",
    others: [
      { ownerAccountId: OWNER, eventID: "one" },
      { ownerAccountId: OTHER, eventID: "two" },
    ],
  });
});

test("copies in conflict are the answer, and not what else is known of the bucket", () => {
  const elsewhere = ownerCopy("444444444444", "three", { sharedEventID: "another" });
  expect(resolved([elsewhere, ownerCopy(OWNER, "one"), ownerCopy(OTHER, "two")])).toEqual({
    how: "unknown",
    others: [
      { ownerAccountId: OWNER, eventID: "one" },
      { ownerAccountId: OTHER, eventID: "two" },
    ],
  });
});

test("an owner that two records name is said once, by the first of them", () => {
  expect(resolved([ownerCopy(OWNER, "one"), ownerCopy(OWNER, "two")])).toEqual({
    how: "owner copy",
    ownerAccountId: OWNER,
    eventID: "one",
    others: [],
  });
});

test("four owners of one bucket are remembered, and no fifth", () => {
  const owners = ["1", "2", "3", "4", "5"].map((digit) => digit.repeat(12));
  expect(resolved(owners.map((owner) => ownerCopy(owner, owner)))).toEqual({
    how: "unknown",
    others: owners.slice(0, 4).map((owner) => ({ ownerAccountId: owner, eventID: owner })),
  });
});

test("an eventID that is not text is none", () => {
  expect(resolved([ownerCopy(OWNER, 7)])).toMatchObject({ ownerAccountId: OWNER, eventID: "" });
  expect(resolved([], ownerCopy(OWNER, 7))).toMatchObject({ how: "the record", eventID: "" });
});

test("records that share no event are not owner copies of one another", () => {
  const without = { sharedEventID: undefined };
  expect(resolved([ownerCopy(OWNER, "one", without)], without)).toMatchObject({
    how: "another record of the bucket",
  });
});

test("a record that names no bucket is not an evidence of one", () => {
  const nothing = { resources: [{ type: "AWS::S3::Bucket", accountId: OWNER }] };
  expect(bucketOfRecord(nothing)).toBeUndefined();
  expect(resolved([nothing])).toEqual({ how: "unknown", others: [] });
});

test.each([
  ["thirteen digits", "1111111111111"],
  ["more before the digits", "x111111111111"],
  ["more after the digits", "111111111111x"],
  ["a number", 111111111111],
])("%s are no account ID", (_, accountId) => {
  const resource = { type: "AWS::S3::Bucket", ARN: "arn:aws:s3:::b", accountId };
  expect(bucketOfRecord({ resources: [resource as never] })).toEqual({
    bucket: "b",
    owner: "missing",
  });
});

test.each([
  ["text before an ARN", "x:arn:aws:s3:::b"],
  ["an object's ARN", "arn:aws:s3:::b/key"],
  ["a list that holds an ARN", ["arn:aws:s3:::b"]],
])("%s names no bucket", (_, ARN) => {
  const resource = { type: "AWS::S3::Bucket", ARN, accountId: OWNER };
  expect(bucketOfRecord({ resources: [resource as never] })).toBeUndefined();
});

test("a resource of another type is not the bucket, whatever its ARN", () => {
  const resources = [
    { type: "AWS::S3::Inventory", ARN: "arn:aws:s3:::c", accountId: OTHER },
    { ARN: "arn:aws:kms:us-east-1:111111111111:key/1", accountId: OTHER },
    { ARN: "arn:aws:s3:::b", accountId: OWNER },
  ];
  expect(bucketOfRecord({ resources })).toEqual({
    bucket: "b",
    owner: "named",
    ownerAccountId: OWNER,
  });
});
