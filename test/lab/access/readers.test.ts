import type { AssumableRole } from "../../../lab/access/assumable-roles";
import { logBucketPolicy } from "../../../policies/documents/log-bucket-policy";
import { logKeyPolicy } from "../../../policies/documents/log-key-policy";
import { readerIdentityPolicy } from "../../../policies/readers/readers";
import { TrailRegistry } from "../../../policies/trail-registry";
import { type Account, type Lab, REGION, startLab } from "../../support/lab";
import type { Answer } from "../../support/boto3";
import { fetchSigned } from "../../support/signed-request";
import { requires } from "../../support/requirements";

const DESTINATION = "300000000001";
const READERS = "300000000002";
const STRANGER = "300000000003";
const READABLE = "300000000004";
const OTHER = "300000000005";
const BUCKET = "central-logs";

const role = (account: string, name: string) => `arn:aws:iam::${account}:role/${name}`;
const trail = (accountId: string) =>
  ({ partition: "aws", homeRegion: REGION, accountId, name: "main" }) as const;
const trailArn = (accountId: string) => `arn:aws:cloudtrail:${REGION}:${accountId}:trail/main`;
const logOf = (accountId: string) => `AWSLogs/${accountId}/CloudTrail/log.json.gz`;
const NOTHING = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "sts:GetCallerIdentity", Resource: "*" }],
} as const;

const reader = {
  name: "security",
  principals: [role(READERS, "security"), role(READERS, "bare"), role(DESTINATION, "security")],
  accounts: [READABLE],
};
const breakGlassRoleArn = role(DESTINATION, "break-glass");
const destination = {
  partition: "aws",
  accountId: DESTINATION,
  bucketName: BUCKET,
  trails: new TrailRegistry([trail(READABLE), trail(OTHER)]),
  readers: [reader],
  hardening: { denyLogDeletion: true, breakGlassRoleArn },
} as const;
const ROLES: readonly AssumableRole[] = [
  { roleArn: role(DESTINATION, "deployer") },
  { roleArn: breakGlassRoleArn },
  { roleArn: role(STRANGER, "administrator") },
  { roleArn: role(READERS, "administrator") },
  { roleArn: role(READERS, "security") },
  { roleArn: role(READERS, "bare"), policy: NOTHING },
  { roleArn: role(DESTINATION, "security"), policy: NOTHING },
  { roleArn: role(DESTINATION, "unnamed") },
];

// The documents of policies/ on the bucket, the key and the readers' roles, and calls by boto3.
requires("moto", "boto3")("readers of the log bucket", () => {
  let lab: Lab;
  let admin: Account;
  let keyArn: string;
  const ciphertexts: Record<string, string> = {};
  beforeAll(async () => {
    lab = await startLab({
      roles: ROLES.map((one) => ({ externalId: "test-external-id", ...one })),
    });
    admin = await lab.assume(role(DESTINATION, "deployer"));
    const Policy = JSON.stringify(logKeyPolicy(destination));
    const { KeyMetadata } = await admin.call("kms", "create_key", { Policy });
    keyArn = (KeyMetadata as { Arn: string }).Arn;
    for (const arn of [role(READERS, "security"), role(DESTINATION, "unnamed")])
      lab.aws.putRolePolicy(arn, readerIdentityPolicy(reader, destination, keyArn));
    await admin.call("s3", "create_bucket", { Bucket: BUCKET });
    await admin.call("s3", "put_bucket_versioning", {
      Bucket: BUCKET,
      VersioningConfiguration: { Status: "Enabled" },
    });
    await admin.call("s3", "put_bucket_policy", {
      Bucket: BUCKET,
      Policy: JSON.stringify(logBucketPolicy(destination)),
    });
    for (const account of [READABLE, OTHER]) await put(logOf(account), account);
    // In the one's folder, and encrypted for the other's trail: the key alone can refuse it.
    await put(`AWSLogs/${READABLE}/misplaced`, OTHER);
  });
  afterAll(() => lab.stop());

  /** Writes an object as CloudTrail encrypts it for a trail of the account. */
  function put(Key: string, account: string) {
    return admin.call("s3", "put_object", {
      Bucket: BUCKET,
      Key,
      Body: `log of ${account}`,
      ServerSideEncryption: "aws:kms",
      SSEKMSKeyId: keyArn,
      SSEKMSEncryptionContext: Buffer.from(JSON.stringify(contextOf(account))).toString("base64"),
    });
  }

  function contextOf(account: string) {
    return { "aws:cloudtrail:arn": trailArn(account) };
  }

  const S3_REFUSAL = { code: "AccessDenied", status: 403 };
  const KMS_REFUSAL = { code: "AccessDeniedException", status: 400 };
  const get = (who: Account, Key: string) => who.call("s3", "get_object", { Bucket: BUCKET, Key });
  const list = async (who: Account, parameters: object, operation = "list_objects_v2") => {
    const answer = await who.call("s3", operation, { Bucket: BUCKET, ...parameters });
    return ((answer["Contents"] ?? answer["Versions"]) as { Key: string }[]).map(({ Key }) => Key);
  };

  describe.each([
    ["of another account, named and with the identity policy", role(READERS, "security")],
    ["of the destination, named and with no policy of its own", role(DESTINATION, "security")],
    ["of the destination, not named and with the identity policy", role(DESTINATION, "unnamed")],
  ])("a role %s", (_, arn) => {
    let who: Account;
    beforeAll(async () => {
      who = await lab.assume(arn);
    });

    test("lists and gets what its account wrote", async () => {
      const keys = [logOf(READABLE), `AWSLogs/${READABLE}/misplaced`];
      const Prefix = `AWSLogs/${READABLE}/`;
      expect(await list(who, { Prefix })).toEqual(keys);
      expect(await list(who, { Prefix }, "list_object_versions")).toEqual(keys);
      expect(await get(who, logOf(READABLE))).toMatchObject({ Body: `log of ${READABLE}` });
    });

    test("gets a version by its ID", async () => {
      const { VersionId } = await get(admin, logOf(READABLE));
      const parameters = { Bucket: BUCKET, Key: logOf(READABLE), VersionId: VersionId as string };
      expect(await who.call("s3", "get_object", parameters)).toHaveProperty("VersionId", VersionId);
      expect(lab.aws.calls.at(-1)).toMatchObject({ action: "GetObject", accountId: who.id });
    });

    test("is refused another account's folder, and the bucket as a whole", async () => {
      await expect(get(who, logOf(OTHER))).rejects.toMatchObject(S3_REFUSAL);
      for (const parameters of [{}, { Prefix: "AWSLogs/" }, { Prefix: `AWSLogs/${OTHER}/` }])
        await expect(list(who, parameters)).rejects.toMatchObject(S3_REFUSAL);
      expect(lab.aws.calls.at(-1)).toMatchObject({
        action: "ListObjectsV2",
        principalArn: expect.stringContaining(`:assumed-role/${arn.split("/")[1]}/`) as unknown,
        status: 403,
        errorCode: "AccessDenied",
      });
    });

    test("is refused an object that the key gives to another account's readers", async () => {
      await expect(get(who, `AWSLogs/${READABLE}/misplaced`)).rejects.toMatchObject(S3_REFUSAL);
    });

    test("is refused every write", async () => {
      const Key = logOf(READABLE);
      for (const [operation, parameters] of [
        ["put_object", { Key, Body: "x" }],
        ["delete_object", { Key }],
        ["put_bucket_policy", { Policy: JSON.stringify(logBucketPolicy(destination)) }],
        ["delete_bucket", {}],
      ] as const)
        await expect(
          who.call("s3", operation, { Bucket: BUCKET, ...parameters }),
        ).rejects.toMatchObject(S3_REFUSAL);
    });
  });

  describe("whoever is not a reader", () => {
    test.each([
      ["an administrator of an account that nobody named", role(STRANGER, "administrator")],
      ["an administrator of the reader's account", role(READERS, "administrator")],
      ["a named role whose own account gives it nothing", role(READERS, "bare")],
    ])("is refused: %s", async (_, arn) => {
      const who = await lab.assume(arn);
      await expect(get(who, logOf(READABLE))).rejects.toMatchObject(S3_REFUSAL);
      await expect(get(who, "no-such-key")).rejects.toMatchObject(S3_REFUSAL);
      await expect(list(who, { Prefix: `AWSLogs/${READABLE}/` })).rejects.toMatchObject(S3_REFUSAL);
      await expect(who.call("s3", "head_bucket", { Bucket: BUCKET })).rejects.toMatchObject({
        status: 403,
      });
    });

    test("but the destination's administrators may read", async () => {
      for (const account of [READABLE, OTHER])
        expect(await get(admin, logOf(account))).toMatchObject({ Body: `log of ${account}` });
    });
  });

  // By hand, since the bytes of ciphertexts do not pass through the JSON that boto3 is called with.
  describe("Decrypt", () => {
    beforeAll(async () => {
      for (const account of [READABLE, OTHER])
        ciphertexts[account] = await encrypt(contextOf(account));
    });

    async function kms(who: Account, operation: string, body: object): Promise<Answer> {
      const response = await fetchSigned(lab.aws.endpoint, {
        credentials: who.credentials,
        service: "kms",
        region: REGION,
        method: "POST",
        target: "/",
        headers: { "x-amz-target": `TrentService.${operation}` },
        body: JSON.stringify(body),
      });
      return (await response.json()) as Answer;
    }
    async function encrypt(EncryptionContext: object): Promise<string> {
      const Plaintext = Buffer.from("secret").toString("base64");
      const answer = await kms(admin, "Encrypt", { KeyId: keyArn, Plaintext, EncryptionContext });
      return answer["CiphertextBlob"] as string;
    }
    const decrypt = (who: Account, account: string, keyId?: string) =>
      kms(who, "Decrypt", {
        CiphertextBlob: ciphertexts[account],
        EncryptionContext: contextOf(account),
        ...(keyId === undefined ? {} : { KeyId: keyId }),
      });
    const plaintext = { Plaintext: Buffer.from("secret").toString("base64") };
    const refusal = { __type: KMS_REFUSAL.code };

    test.each([role(READERS, "security"), role(DESTINATION, "security")])(
      "succeeds for its accounts and fails for the others: %s",
      async (arn) => {
        const who = await lab.assume(arn);
        expect(await decrypt(who, READABLE)).toMatchObject(plaintext);
        expect(await decrypt(who, READABLE, keyArn)).toMatchObject(plaintext);
        expect(await decrypt(who, OTHER)).toMatchObject(refusal);
        expect(lab.aws.calls.at(-1)).toMatchObject({
          action: "Decrypt",
          status: 400,
          errorCode: "AccessDeniedException",
        });
      },
    );

    test.each([
      role(STRANGER, "administrator"),
      role(READERS, "administrator"),
      role(READERS, "bare"),
    ])("fails for a stranger: %s", async (arn) => {
      const who = await lab.assume(arn);
      expect(await decrypt(who, READABLE)).toMatchObject(refusal);
      expect(await decrypt(who, READABLE, keyArn)).toMatchObject(refusal);
    });
  });

  describe("with the deny of log deletion", () => {
    test("the owner's administrator is refused, and told so", async () => {
      const Key = logOf(OTHER);
      const { VersionId } = await get(admin, Key);
      for (const parameters of [{ Key }, { Key, VersionId: VersionId as string }])
        await expect(
          admin.call("s3", "delete_object", { Bucket: BUCKET, ...parameters }),
        ).rejects.toMatchObject({
          ...S3_REFUSAL,
          message: expect.stringMatching(
            /with an explicit deny in a resource-based policy/,
          ) as unknown,
        });
      await expect(
        admin.call("kms", "schedule_key_deletion", { KeyId: keyArn }),
      ).rejects.toMatchObject(KMS_REFUSAL);
    });

    test("the break-glass role deletes", async () => {
      const who = await lab.assume(breakGlassRoleArn);
      const Key = logOf(OTHER);
      const { VersionId } = await get(who, Key);
      const version = { Bucket: BUCKET, Key, VersionId: VersionId as string };
      await who.call("s3", "delete_object", version);
      await expect(who.call("s3", "get_object", version)).rejects.toMatchObject({ status: 404 });
    });
  });
});
