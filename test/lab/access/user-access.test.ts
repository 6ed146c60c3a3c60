import type { AssumableRole } from "../../../lab/access/assumable-roles";
import type { Statement } from "../../../iam/policy-document";
import { denyInsecureTransport } from "../../../policies/documents/insecure-transport";
import { fetchSigned } from "../../support/signed-request";
import { requires } from "../../support/requirements";
import { type Account, EXTERNAL_ID, type Lab, makeBucket, startLab } from "../../support/lab";

const VISITOR = "arn:aws:iam::400000000001:role/path/visitor";
const ROLES: readonly AssumableRole[] = [{ roleArn: VISITOR, externalId: EXTERNAL_ID }];

const policy = (...Statement: Statement[]) => ({ Version: "2012-10-17", Statement }) as const;
const allow = (Action: string | string[], Resource: string | string[]): Statement => ({
  Effect: "Allow",
  Action,
  Resource,
});
const refusal = { code: "AccessDenied", status: 403 };
const kmsRefusal = { code: "AccessDeniedException", status: 400 };

requires("moto", "boto3")("what users may do in the local AWS", () => {
  let lab: Lab;
  let owner: Account;
  let visitor: Account;
  let Bucket: string;
  let arn: string;
  let time = Date.parse("2030-01-01T00:00:00Z");
  beforeAll(async () => {
    lab = await startLab({ roles: ROLES, policyDelaySeconds: 5, now: () => time });
    visitor = await lab.assume(VISITOR);
  });
  afterAll(() => lab.stop());
  beforeEach(async () => {
    lab.aws.putRolePolicy(VISITOR, policy(allow("*", "*")));
    owner = await lab.account();
    Bucket = lab.name("own");
    arn = `arn:aws:s3:::${Bucket}`;
    await makeBucket(owner, Bucket);
  });

  const settle = () => (time += 5000);
  const s3 = (who: Account, operation: string, parameters: object = {}) =>
    who.call("s3", operation, { Bucket, ...parameters });
  const put = (Key: string, parameters: object = {}) =>
    s3(owner, "put_object", { Key, Body: "text", ...parameters });
  async function setPolicy(...statements: Statement[]) {
    await s3(owner, "put_bucket_policy", { Policy: JSON.stringify(policy(...statements)) });
    settle();
  }
  async function makeKey(...statements: Statement[]): Promise<string> {
    const root = { AWS: `arn:aws:iam::${owner.id}:root` };
    const Policy = JSON.stringify(
      policy({ ...allow("kms:*", "*"), Principal: root }, ...statements),
    );
    const { KeyMetadata } = await owner.call("kms", "create_key", { Policy });
    settle();
    return (KeyMetadata as { Arn: string }).Arn;
  }

  describe("on a bucket", () => {
    test("another account needs both sides", async () => {
      await put("k");
      const get = () => s3(visitor, "get_object", { Key: "k" });
      await expect(get()).rejects.toMatchObject({ ...refusal, message: "Access Denied" });
      await setPolicy({ ...allow("s3:GetObject", `${arn}/*`), Principal: { AWS: VISITOR } });
      expect(await get()).toMatchObject({ Body: "text" });
      lab.aws.putRolePolicy(VISITOR, policy(allow("s3:PutObject", "*")));
      await expect(get()).rejects.toMatchObject(refusal);
    });

    test("the own account needs one side", async () => {
      Bucket = lab.name("own");
      arn = `arn:aws:s3:::${Bucket}`;
      owner = visitor;
      await makeBucket(owner, Bucket);
      await put("k");
      const get = () => s3(visitor, "get_object", { Key: "k" });
      lab.aws.putRolePolicy(VISITOR, policy(allow("s3:PutBucketPolicy", arn)));
      await expect(get()).rejects.toMatchObject({
        ...refusal,
        message: `User: arn:aws:sts::${visitor.id}:assumed-role/visitor/test is not authorized to perform: s3:GetObject on resource: ${arn}/k because no identity-based policy allows the s3:GetObject action`,
      });
      await setPolicy({ ...allow("s3:GetObject", `${arn}/*`), Principal: { AWS: VISITOR } });
      expect(await get()).toMatchObject({ Body: "text" });
    });

    test("a policy takes its time, and so does its removal", async () => {
      await put("k");
      const get = () => s3(visitor, "get_object", { Key: "k" });
      const grant = { ...allow("s3:GetObject", `${arn}/*`), Principal: { AWS: VISITOR } };
      await s3(owner, "put_bucket_policy", { Policy: JSON.stringify(policy(grant)) });
      time += 4999;
      await expect(get()).rejects.toMatchObject(refusal);
      time += 1;
      expect(await get()).toMatchObject({ Body: "text" });
      await s3(owner, "delete_bucket_policy");
      time += 4999;
      expect(await get()).toMatchObject({ Body: "text" });
      time += 1;
      await expect(get()).rejects.toMatchObject(refusal);
    });

    test("a write goes to the bucket's owner, and its headers are condition keys", async () => {
      await setPolicy({
        ...allow("s3:PutObject", `${arn}/*`),
        Principal: { AWS: VISITOR },
        Condition: { StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control" } },
      });
      const write = (parameters: object) =>
        s3(visitor, "put_object", { Key: "k", Body: "theirs", ...parameters });
      await expect(write({})).rejects.toMatchObject(refusal);
      await write({ ACL: "bucket-owner-full-control" });
      expect(await s3(owner, "get_object", { Key: "k" })).toMatchObject({ Body: "theirs" });
    });

    test("the owner alone has to do with the policy, whatever it says", async () => {
      await setPolicy({ ...allow("s3:*", [arn, `${arn}/*`]), Principal: { AWS: VISITOR } });
      await expect(s3(visitor, "get_bucket_policy")).rejects.toMatchObject({
        code: "MethodNotAllowed",
        status: 405,
      });
      expect(await s3(visitor, "list_objects_v2")).toMatchObject({ KeyCount: 0 });
    });

    test("calls count as encrypted on their way, but for a proxy's word", async () => {
      await put("k");
      await setPolicy(denyInsecureTransport("s3:*", [arn, `${arn}/*`]));
      expect(await s3(owner, "get_object", { Key: "k" })).toMatchObject({ Body: "text" });
      const url = (await owner.call("s3", "generate_presigned_url", {
        ClientMethod: "get_object",
        Params: { Bucket, Key: "k" },
      })) as unknown as string;
      expect((await fetch(url)).status).toBe(200);
      const plain = await fetch(url, { headers: { "x-forwarded-proto": "http" } });
      expect(plain.status).toBe(403);
      expect(await plain.text()).toMatch(
        /^<\?xml .*\n<Error><Code>AccessDenied<\/Code><Message>User: .* with an explicit deny in a resource-based policy<\/Message><RequestId>/,
      );
    });

    test("DeleteObjects leaves what may not be deleted, and says which", async () => {
      for (const Key of ["keep/<1>&", "go/2"]) await put(Key);
      await setPolicy({
        Effect: "Deny",
        Principal: "*",
        Action: ["s3:DeleteObject", "s3:DeleteObjectVersion"],
        Resource: `${arn}/keep/*`,
      });
      const remove = (...keys: string[]) =>
        s3(owner, "delete_objects", { Delete: { Objects: keys.map((Key) => ({ Key })) } });
      const kept = { Key: "keep/<1>&", Code: "AccessDenied" };
      expect(await remove("keep/<1>&", "go/2")).toMatchObject({
        Deleted: [{ Key: "go/2" }],
        Errors: [kept],
      });
      expect(lab.aws.calls.at(-1)).toMatchObject({ status: 200, errorCode: "AccessDenied" });
      const answer = await remove("keep/<1>&");
      expect(answer["Errors"]).toMatchObject([kept]);
      expect(answer).not.toHaveProperty("Deleted");
      expect(await s3(owner, "list_objects_v2")).toMatchObject({ Contents: [{ Key: kept.Key }] });
    });

    test("a copy needs its source read as well", async () => {
      await put("secret/k");
      await setPolicy({
        ...allow(["s3:PutObject", "s3:GetObject"], `${arn}/open/*`),
        Principal: { AWS: VISITOR },
      });
      const copy = (from: string) =>
        s3(visitor, "copy_object", { Key: "open/copy", CopySource: { Bucket, Key: from } });
      await expect(copy("secret/k")).rejects.toMatchObject(refusal);
      await put("open/k");
      await copy("open/k");
      expect(await s3(visitor, "get_object", { Key: "open/copy" })).toMatchObject({ Body: "text" });
    });

    test("that is not there, nobody is kept from hearing so", async () => {
      Bucket = "no-such-bucket";
      await expect(s3(visitor, "get_object", { Key: "k" })).rejects.toMatchObject({
        code: "NoSuchBucket",
      });
    });
  });

  describe("on the account's own buckets", () => {
    test("the identity policy decides", async () => {
      lab.aws.putRolePolicy(VISITOR, policy(allow("s3:CreateBucket", "arn:aws:s3:::mine-*")));
      await expect(visitor.call("s3", "list_buckets")).rejects.toMatchObject(refusal);
      await visitor.call("s3", "create_bucket", { Bucket: "mine-1" });
      await expect(
        visitor.call("s3", "create_bucket", { Bucket: "other-1" }),
      ).rejects.toMatchObject(refusal);
    });
  });

  describe("on a key", () => {
    test("another account's call goes to the key's account, if both sides allow it", async () => {
      const grant = { ...allow(["kms:DescribeKey", "kms:PutKeyPolicy"], "*") };
      const KeyId = await makeKey({ ...grant, Principal: { AWS: VISITOR } });
      const describe = () => visitor.call("kms", "describe_key", { KeyId });
      expect(await describe()).toMatchObject({ KeyMetadata: { Arn: KeyId } });
      lab.aws.putRolePolicy(VISITOR, policy(allow("kms:DescribeKey", `${KeyId}0`)));
      await expect(describe()).rejects.toMatchObject({
        ...kmsRefusal,
        message: `User: arn:aws:sts::${visitor.id}:assumed-role/visitor/test is not authorized to perform: kms:DescribeKey on resource: ${KeyId} because no identity-based policy allows the kms:DescribeKey action`,
      });
      expect(lab.aws.calls.at(-1)).toMatchObject({
        action: "DescribeKey",
        errorCode: "AccessDeniedException",
      });
    });

    test("administration is for the key's own account, whatever the policy says", async () => {
      const KeyId = await makeKey({ ...allow("kms:*", "*"), Principal: { AWS: VISITOR } });
      const Policy = JSON.stringify(policy({ ...allow("kms:*", "*"), Principal: "*" }));
      const change = { KeyId, PolicyName: "default", Policy };
      await expect(visitor.call("kms", "put_key_policy", change)).rejects.toMatchObject(kmsRefusal);
      await owner.call("kms", "put_key_policy", change);
    });

    test("a key policy that names nobody of the account shuts its administrators out", async () => {
      const Policy = JSON.stringify(
        policy({ ...allow("kms:*", "*"), Principal: { AWS: VISITOR } }),
      );
      const { KeyMetadata } = await owner.call("kms", "create_key", { Policy });
      settle();
      const { KeyId } = KeyMetadata as { KeyId: string };
      await expect(owner.call("kms", "describe_key", { KeyId })).rejects.toMatchObject({
        ...kmsRefusal,
        message: expect.stringMatching(/because no resource-based policy allows/) as unknown,
      });
    });

    test("an alias stands for its key", async () => {
      const TargetKeyId = await makeKey({
        Effect: "Deny",
        Principal: "*",
        Action: "kms:DisableKey",
        Resource: "*",
        Condition: { StringEquals: { "kms:RequestAlias": "alias/logs" } },
      });
      await owner.call("kms", "create_alias", { AliasName: "alias/logs", TargetKeyId });
      await expect(owner.call("kms", "disable_key", { KeyId: "alias/logs" })).rejects.toMatchObject(
        kmsRefusal,
      );
      await owner.call("kms", "disable_key", { KeyId: TargetKeyId.split("/")[1] });
    });
  });

  describe("on objects that are encrypted with KMS", () => {
    /** A key that the visitor may use with one encryption context only, and through S3. */
    const keyFor = (Action: string, context: string) =>
      makeKey({
        ...allow(Action, "*"),
        Principal: { AWS: VISITOR },
        Condition: {
          StringEquals: {
            "kms:EncryptionContext:aws:s3:arn": context,
            "kms:ViaService": "s3.us-east-1.amazonaws.com",
          },
        },
      });
    const openBucket = () =>
      setPolicy({ ...allow("s3:*Object", `${arn}/*`), Principal: { AWS: VISITOR } });
    const encrypted = (SSEKMSKeyId: string) => ({ ServerSideEncryption: "aws:kms", SSEKMSKeyId });

    test("reading takes Decrypt, with the object's ARN", async () => {
      await openBucket();
      const key = await keyFor("kms:Decrypt", `${arn}/k`);
      for (const Key of ["k", "other"]) await put(Key, encrypted(key));
      expect(await s3(visitor, "get_object", { Key: "k" })).toMatchObject({ Body: "text" });
      await expect(s3(visitor, "get_object", { Key: "other" })).rejects.toMatchObject(refusal);
      await s3(visitor, "head_object", { Key: "other" });
      const withChecksum = { Key: "other", ChecksumMode: "ENABLED" };
      await expect(s3(visitor, "head_object", withChecksum)).rejects.toMatchObject({ status: 403 });
      const copy = { Key: "copy", ServerSideEncryption: "AES256" };
      await s3(owner, "copy_object", { ...copy, CopySource: { Bucket, Key: "other" } });
      await expect(
        s3(visitor, "copy_object", { ...copy, CopySource: { Bucket, Key: "other" } }),
      ).rejects.toMatchObject(refusal);
    });

    test("reading without a checksum takes Decrypt too", async () => {
      await openBucket();
      await put("k", encrypted(await makeKey()));
      const read = async ({ credentials }: Account) => {
        const target = `/${Bucket}/k`;
        const request = { credentials, service: "s3", method: "GET", target };
        return (await fetchSigned(lab.aws.endpoint, request)).status;
      };
      expect(await read(owner)).toBe(200);
      expect(await read(visitor)).toBe(403);
    });

    test("with an S3 Bucket Key it is the bucket's ARN", async () => {
      await openBucket();
      const key = await keyFor("kms:Decrypt", arn);
      await put("k", { ...encrypted(key), BucketKeyEnabled: true });
      await put("without", encrypted(key));
      expect(await s3(visitor, "get_object", { Key: "k" })).toMatchObject({ Body: "text" });
      await expect(s3(visitor, "get_object", { Key: "without" })).rejects.toMatchObject(refusal);
    });

    test("writing takes GenerateDataKey, by the bucket's default too", async () => {
      await openBucket();
      const key = await keyFor("kms:GenerateDataKey", `${arn}/k`);
      const ApplyServerSideEncryptionByDefault = { SSEAlgorithm: "aws:kms", KMSMasterKeyID: key };
      await s3(owner, "put_bucket_encryption", {
        ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault }] },
      });
      const write = (Key: string, parameters: object = {}) =>
        s3(visitor, "put_object", { Key, Body: "theirs", ...parameters });
      await write("k");
      await expect(write("other")).rejects.toMatchObject(refusal);
      await write("other", { ServerSideEncryption: "AES256" });
      await expect(s3(visitor, "get_object", { Key: "k" })).rejects.toMatchObject(refusal);
    });

    test("an object that is written anew loses the old one's encryption context", async () => {
      await openBucket();
      const key = await keyFor("kms:Decrypt", "arn:aws:s3:::given");
      const context = Buffer.from('{"aws:s3:arn":"arn:aws:s3:::given"}').toString("base64");
      await put("k", { ...encrypted(key), SSEKMSEncryptionContext: context });
      expect(await s3(visitor, "get_object", { Key: "k" })).toMatchObject({ Body: "text" });
      await put("k", encrypted(key));
      await expect(s3(visitor, "get_object", { Key: "k" })).rejects.toMatchObject(refusal);
    });

    test("AWS's own key of S3 is for the bucket's account alone", async () => {
      await openBucket();
      await put("k", { ServerSideEncryption: "aws:kms" });
      expect(await s3(owner, "get_object", { Key: "k" })).toMatchObject({ Body: "text" });
      await expect(s3(visitor, "get_object", { Key: "k" })).rejects.toMatchObject(refusal);
    });
  });

  test("a role that is not there can be given no policy", () => {
    expect(() => lab.aws.putRolePolicy(`${VISITOR}2`, policy(allow("*", "*")))).toThrow(
      /no role arn:aws:iam::400000000001:role\/path\/visitor2/,
    );
  });
});
