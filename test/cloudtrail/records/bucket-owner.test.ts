import fc from "fast-check";
import {
  bucketOfRecord,
  OwnerIndex,
  recordResources,
} from "../../../cloudtrail/records/bucket-owner";
import type { CloudTrailRecord } from "../../../cloudtrail/records/record";
import { redacted } from "../../../cloudtrail/records/redaction";

const OWNER = "111111111111";
const CALLER = "222222222222";
const bucketArn = (bucket: string): string => `arn:aws:s3:::${bucket}`;

describe("every shape of resources", () => {
  const parse = (json: string): CloudTrailRecord => JSON.parse(json) as CloudTrailRecord;

  test.each([
    ["absent", "{}", 0],
    ["null", '{"resources":null}', 0],
    ["empty", '{"resources":[]}', 0],
    ["no array", '{"resources":"x"}', 0],
    ["with entries that are none", '{"resources":[null,1,"x",{"ARN":"a"}]}', 1],
    ["account IDs alone", '{"resources":[{"accountId":"111111111111"}]}', 1],
  ])("%s", (_, json, count) => {
    expect(recordResources(parse(json))).toHaveLength(count);
    expect(bucketOfRecord(parse(json))).toBeUndefined();
  });

  test.each([
    ["named", `{"type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::b","accountId":"${OWNER}"}`, "named"],
    ["redacted", '{"type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::b","accountId":""}', "redacted"],
    ["missing", '{"type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::b"}', "missing"],
    ["null", '{"type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::b","accountId":null}', "missing"],
    ["no type", `{"ARN":"arn:aws:s3:::b","accountId":"${OWNER}"}`, "named"],
    ["no type, empty", '{"ARN":"arn:aws:s3:::b","accountId":""}', "missing"],
    [
      "another partition",
      `{"type":"AWS::S3::Bucket","ARN":"arn:aws-us-gov:s3:::b","accountId":"${OWNER}"}`,
      "named",
    ],
    [
      "no account ID",
      '{"type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::b","accountId":"HIDDEN"}',
      "missing",
    ],
  ])("a bucket whose owner is %s", (_, bucket, owner) => {
    const object = '{"type":"AWS::S3::Object","ARNPrefix":"arn:aws:s3:::b/"}';
    expect(bucketOfRecord(parse(`{"resources":[${object},${bucket}]}`))).toEqual({
      bucket: "b",
      owner,
      ...(owner === "named" ? { ownerAccountId: OWNER } : {}),
    });
  });

  test("a bucket that only the request names", () => {
    expect(bucketOfRecord({ requestParameters: { bucketName: "b" } })).toEqual({
      bucket: "b",
      owner: "missing",
    });
  });

  test("resources that are no bucket", () => {
    const resources = [
      { type: "AWS::S3::Object", ARN: "arn:aws:s3:::b/key", accountId: "" },
      { ARN: "arn:aws:kms:us-east-1:111111111111:key/1", accountId: OWNER },
    ];
    expect(bucketOfRecord({ resources })).toBeUndefined();
  });
});

/** The record of a call of a bucket, as its owner gets it. */
function call(bucket: string, eventID: string, more: CloudTrailRecord = {}): CloudTrailRecord {
  return {
    eventID,
    recipientAccountId: OWNER,
    resources: [{ type: "AWS::S3::Bucket", ARN: bucketArn(bucket), accountId: OWNER }],
    ...more,
  };
}

describe("the owner of a redacted record", () => {
  const refused = redacted(
    call("b", "caller-copy", { recipientAccountId: CALLER, sharedEventID: "shared" }),
  );
  const filled = (...records: readonly CloudTrailRecord[]): OwnerIndex => {
    const index = new OwnerIndex();
    for (const record of records) index.add(record);
    return index;
  };
  const another = { type: "AWS::S3::Bucket", ARN: bucketArn("b"), accountId: "333333333333" };

  test("from the owner's copy", () => {
    expect(
      filled(refused, call("b", "owner-copy", { sharedEventID: "shared" })).resolve(refused),
    ).toEqual({ how: "owner copy", ownerAccountId: OWNER, eventID: "owner-copy", others: [] });
  });

  test("from another record of the bucket", () => {
    expect(filled(call("b", "other"), call("c", "unrelated")).resolve(refused)).toEqual({
      how: "another record of the bucket",
      ownerAccountId: OWNER,
      eventID: "other",
      others: [],
    });
  });

  test("unknown without evidence; a redacted record is none", () => {
    expect(filled(refused, call("c", "unrelated")).resolve(refused)).toEqual({
      how: "unknown",
      others: [],
    });
  });

  test("a copy of a third account is not an owner copy", () => {
    const copy = call("b", "copy", { sharedEventID: "shared", recipientAccountId: CALLER });
    expect(filled(copy).resolve(refused)).toMatchObject({ how: "another record of the bucket" });
  });

  test("an owner copy stands against other records, and these are said", () => {
    const index = filled(
      call("b", "before", { resources: [another], recipientAccountId: "333333333333" }),
      call("b", "owner-copy", { sharedEventID: "shared" }),
    );
    expect(index.resolve(refused)).toEqual({
      how: "owner copy",
      ownerAccountId: OWNER,
      eventID: "owner-copy",
      others: [{ ownerAccountId: "333333333333", eventID: "before" }],
    });
  });

  test("records in conflict are said and not chosen from", () => {
    const index = filled(call("b", "one"), call("b", "two", { resources: [another] }));
    expect(index.resolve(refused)).toEqual({
      how: "unknown",
      others: [
        { ownerAccountId: OWNER, eventID: "one" },
        { ownerAccountId: "333333333333", eventID: "two" },
      ],
    });
  });

  test("a record that names the owner itself needs nothing else", () => {
    expect(new OwnerIndex().resolve(call("b", "itself"))).toEqual({
      how: "the record",
      ownerAccountId: OWNER,
      eventID: "itself",
      others: [],
    });
    expect(new OwnerIndex().resolve({ eventName: "RunInstances" })).toBeUndefined();
  });

  test("memory is bounded, and forgetting is counted", () => {
    const index = new OwnerIndex(2);
    for (const bucket of ["a", "b", "c"]) index.add(call(bucket, bucket));
    expect(index.resolve(redacted(call("a", "x")))).toEqual({ how: "unknown", others: [] });
    expect(index.resolve(redacted(call("c", "x")))).toMatchObject({ ownerAccountId: OWNER });
    expect(index.forgotten).toBe(1);
  });

  test("in any order of any copies it is the true owner or unknown, and found where its copy is", () => {
    const account = fc.constantFrom(OWNER, CALLER, "333333333333");
    const owners = fc.dictionary(fc.constantFrom("a", "b", "c"), account, { minKeys: 1 });
    fc.assert(
      fc.property(
        owners,
        fc.array(fc.tuple(fc.nat(99), account, fc.boolean(), fc.boolean()), { maxLength: 20 }),
        fc.nat(),
        (owner, calls, seed) => {
          const buckets = Object.keys(owner);
          const records = calls.flatMap(([n, caller, denied, ownerLogs], index) => {
            const bucket = buckets[n % buckets.length]!;
            const sharedEventID = `shared-${index}`;
            const copy = call(bucket, `${index}-owner`, {
              sharedEventID,
              recipientAccountId: owner[bucket]!,
              resources: [
                { type: "AWS::S3::Bucket", ARN: bucketArn(bucket), accountId: owner[bucket]! },
              ],
            });
            const full = { ...copy, eventID: `${index}-caller`, recipientAccountId: caller };
            const hidden = denied && caller !== owner[bucket];
            return [hidden ? redacted(full) : full, ...(ownerLogs ? [copy] : [])];
          });
          const index = new OwnerIndex();
          const shuffled = records
            .map((record, n) => ({ record, order: (n * 7919 + seed) % 101 }))
            .sort((x, y) => x.order - y.order);
          for (const { record } of shuffled) index.add(record);
          for (const record of records) {
            const { bucket } = bucketOfRecord(record)!;
            const answer = index.resolve(record)!;
            if (answer.how !== "unknown") expect(answer.ownerAccountId).toBe(owner[bucket]);
            const copied = records.some(
              ({ sharedEventID, eventID }) =>
                sharedEventID === record.sharedEventID && eventID!.endsWith("-owner"),
            );
            if (copied && bucketOfRecord(record)!.owner === "redacted")
              expect(answer.how).toBe("owner copy");
          }
        },
      ),
    );
  });
});
