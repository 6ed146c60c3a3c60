import type { CloudTrailRecord } from "../../../cloudtrail/records/record";
import type * as redactionModule from "../../../cloudtrail/records/redaction";
import { ownerIsRedacted } from "../../../cloudtrail/records/redaction";
import type { Statement } from "../../../iam/policy-document";
import type { AssumableRole } from "../../../lab/access/assumable-roles";
import current from "../../fixtures/redaction-current.json";
import historic from "../../fixtures/redaction-historic.json";
import { type Account, EXTERNAL_ID, type Lab, makeBucket, startLab } from "../../support/lab";
import { requires } from "../../support/requirements";

// Its argument is looked at; what it does stays.
jest.mock("../../../cloudtrail/records/redaction", () => {
  const actual = jest.requireActual<typeof redactionModule>(
    "../../../cloudtrail/records/redaction",
  );
  return { ...actual, ownerIsRedacted: jest.fn(actual.ownerIsRedacted) };
});

/** As AWS's page has them. */
const OWNER = "arn:aws:iam::123456789012:role/owner";
const Bucket = "test-my-bucket-2";
const CALLER = "arn:aws:iam::400000000001:role/caller";
const ROLES: readonly AssumableRole[] = [OWNER, CALLER].map((roleArn) => ({
  roleArn,
  externalId: EXTERNAL_ID,
}));

const policy = (...Statement: Statement[]) => ({ Version: "2012-10-17", Statement }) as const;
const everything: Statement = { Effect: "Allow", Action: "*", Resource: "*" };

describe.each(["current", "historic"] as const)("whose bucket denied: %s", (redaction) => {
  requires("moto", "boto3")("data events of another account's bucket", () => {
    let lab: Lab;
    let owner: Account;
    let caller: Account;
    let records: CloudTrailRecord[] = [];
    const asked = jest.mocked(ownerIsRedacted);
    beforeAll(async () => {
      lab = await startLab({ roles: ROLES, redaction, onRecord: (record) => records.push(record) });
      owner = await lab.assume(OWNER);
      caller = await lab.assume(CALLER);
      await makeBucket(owner, Bucket);
    });
    afterAll(() => lab.stop());
    beforeEach(async () => {
      lab.aws.putRolePolicy(CALLER, policy(everything));
      await setPolicy({ ...allow("s3:PutObject"), Principal: { AWS: OWNER } });
      asked.mockClear();
      records = [];
    });

    const allow = (...Action: string[]): Statement => ({
      Effect: "Allow",
      Action,
      Resource: [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`],
    });
    async function setPolicy(...statements: Statement[]): Promise<void> {
      const Policy = JSON.stringify(policy(...statements));
      await owner.call("s3", "put_bucket_policy", { Bucket, Policy });
      records = [];
    }
    const call = (who: Account, operation: string, parameters: object = {}) =>
      who.call("s3", operation, { Bucket, ...parameters });
    const denied = (work: Promise<unknown>) =>
      expect(work).rejects.toMatchObject({ code: "AccessDenied" });
    /** The copies of the one event so far: the caller's and the owner's. */
    function copies(): CloudTrailRecord[] {
      const [own, theirs, ...others] = JSON.parse(JSON.stringify(records)) as CloudTrailRecord[];
      expect(others).toEqual([]);
      expect(own!.recipientAccountId).toBe(caller.id);
      expect(theirs!.recipientAccountId).toBe(owner.id);
      expect(own!.sharedEventID).toMatch(/^[0-9a-f-]{36}$/);
      expect(theirs!.sharedEventID).toBe(own!.sharedEventID);
      expect(theirs!.eventID).not.toBe(own!.eventID);
      return [own!, theirs!];
    }
    const ownerIn = ({ resources }: CloudTrailRecord) =>
      resources!.find(({ type }) => type === "AWS::S3::Bucket")?.accountId;
    const hidden = redaction === "current" ? "" : "123456789012";

    test("a denied list has the resources of AWS's snippet", async () => {
      await denied(call(caller, "list_objects_v2"));
      const [own, theirs] = copies();
      const expected = redaction === "current" ? current : historic;
      expect({ resources: own!.resources }).toEqual(expected);
      expect({ resources: theirs!.resources }).toEqual(historic);
      expect(own).toMatchObject({ eventName: "ListObjects", errorCode: "AccessDenied" });
    });

    test("the owner's copy is the whole event, but for who called", async () => {
      await denied(call(caller, "get_object", { Key: "k" }));
      const [own, theirs] = copies();
      expect(theirs).toEqual({
        ...own,
        userIdentity: {
          type: "AWSAccount",
          principalId: own!.userIdentity!.principalId,
          accountId: caller.id,
        },
        eventID: theirs!.eventID,
        recipientAccountId: owner.id,
        resources: [
          { type: "AWS::S3::Object", ARN: `arn:aws:s3:::${Bucket}/k` },
          { accountId: "123456789012", type: "AWS::S3::Bucket", ARN: `arn:aws:s3:::${Bucket}` },
        ],
      });
    });

    test("nothing else in the caller's copy says whose bucket it is", async () => {
      await denied(call(caller, "get_object", { Key: "k" }));
      const text = JSON.stringify(copies()[0]);
      expect(text.includes("123456789012")).toBe(redaction === "historic");
    });

    test("denied by the bucket policy, by the caller's own, by the key", async () => {
      await denied(call(caller, "get_object", { Key: "k" }));
      expect(ownerIn(copies()[0]!)).toBe(hidden);

      await setPolicy({ ...allow("s3:*"), Principal: { AWS: CALLER } });
      const deny: Statement = { ...allow("s3:GetObject"), Effect: "Deny" };
      lab.aws.putRolePolicy(CALLER, policy(everything, deny));
      await denied(call(caller, "get_object", { Key: "k" }));
      expect(ownerIn(copies()[0]!)).toBe(hidden);

      lab.aws.putRolePolicy(CALLER, policy(everything));
      const { KeyMetadata } = await owner.call("kms", "create_key");
      records = [];
      const { Arn: SSEKMSKeyId } = KeyMetadata as { Arn: string };
      const encrypted = { Key: "k", Body: "", ServerSideEncryption: "aws:kms", SSEKMSKeyId };
      await denied(call(caller, "put_object", encrypted));
      expect(ownerIn(copies()[0]!)).toBe(hidden);

      const refused = {
        callerAccountId: caller.id,
        bucketOwnerAccountId: owner.id,
        errorCode: "AccessDenied",
      };
      expect(asked.mock.calls.map(([asking]) => asking)).toEqual(
        redaction === "historic"
          ? []
          : (["bucket-policy", "caller-policy", "key-policy"] as const).map((deniedBy) => ({
              ...refused,
              deniedBy,
            })),
      );
    });

    test("an allowed call, and one that failed otherwise, tell the owner", async () => {
      await setPolicy({ ...allow("s3:*"), Principal: { AWS: CALLER } });
      await call(caller, "list_objects_v2");
      expect(copies()[0]).not.toHaveProperty("errorCode");
      expect(copies().map(ownerIn)).toEqual(["123456789012", "123456789012"]);
      records = [];
      await expect(call(caller, "get_object", { Key: "none" })).rejects.toThrow();
      expect(copies()[0]).toMatchObject({ errorCode: "NoSuchKey" });
      expect(copies().map(ownerIn)).toEqual(["123456789012", "123456789012"]);
    });

    test("objects of a DeleteObjects call: told where they are gone", async () => {
      await setPolicy({
        ...allow("s3:DeleteObject"),
        Principal: { AWS: CALLER },
        Resource: `arn:aws:s3:::${Bucket}/go/*`,
      });
      const Objects = [{ Key: "keep/1" }, { Key: "go/2" }];
      await call(caller, "delete_objects", { Delete: { Objects } });
      expect(records.map((one) => [one.eventName, one.recipientAccountId, ownerIn(one)])).toEqual([
        ["DeleteObjects", caller.id, hidden],
        ["DeleteObjects", owner.id, "123456789012"],
        ["DeleteObject", caller.id, "123456789012"],
        ["DeleteObject", owner.id, "123456789012"],
      ]);
      expect(new Set(records.map(({ sharedEventID }) => sharedEventID)).size).toBe(2);
    });

    test("the owner, denied by its own policy, has one copy, and the account ID in it", async () => {
      await setPolicy({ ...allow("s3:GetObject"), Effect: "Deny", Principal: "*" });
      await denied(call(owner, "get_object", { Key: "k" }));
      expect(records).toHaveLength(1);
      expect(ownerIn(records[0]!)).toBe("123456789012");
      expect(records[0]).not.toHaveProperty("sharedEventID");
    });

    test("calls about the bucket itself are the caller's alone", async () => {
      await denied(call(caller, "get_bucket_acl"));
      expect(records).toHaveLength(1);
      expect(records[0]).toMatchObject({
        eventName: "GetBucketAcl",
        eventCategory: "Management",
        recipientAccountId: caller.id,
      });
    });

    test("grants by e-mail stay with the caller", async () => {
      const grant = { Key: "k", GrantRead: 'emailAddress="a@example.com"' };
      await denied(call(caller, "put_object_acl", grant));
      const [own, theirs] = copies();
      expect(own!.requestParameters).toMatchObject({
        "x-amz-grant-read": 'emailAddress="a@example.com"',
        acl: "",
      });
      expect(theirs!.requestParameters).toEqual({
        bucketName: Bucket,
        key: "k",
        Host: new URL(lab.aws.endpoint).host,
        acl: "",
      });
    });
  });
});
