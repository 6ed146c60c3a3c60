import { requires } from "../../support/requirements";
import { type Account, type Lab, makeBucket, startLab } from "../../support/lab";

type Statements = Record<string, unknown>[];

/** AWS's documented key policy for the trails of several accounts. */
function keyPolicy(owner: string, trailArns: readonly string[]): Statements {
  const Principal = { Service: "cloudtrail.amazonaws.com" };
  return [
    {
      Sid: "Enable IAM user permissions",
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${owner}:root` },
      Action: "kms:*",
      Resource: "*",
    },
    {
      Sid: "EnableCloudTrailEncryptPermissions",
      Effect: "Allow",
      Principal,
      Action: "kms:GenerateDataKey*",
      Resource: "*",
      Condition: {
        StringLike: {
          "kms:EncryptionContext:aws:cloudtrail:arn": trailArns.map(
            (arn) => `arn:aws:cloudtrail:*:${arn.split(":")[4]}:trail/*`,
          ),
        },
        StringEquals: { "aws:SourceArn": trailArns },
      },
    },
    {
      Sid: "AllowCloudTrailAccess",
      Effect: "Allow",
      Principal,
      Action: "kms:DescribeKey",
      Resource: "*",
      Condition: { StringEquals: { "aws:SourceArn": trailArns } },
    },
  ];
}

const DECRYPT = {
  Sid: "AllowCloudTrailDecryptTrail",
  Effect: "Allow",
  Principal: { Service: "cloudtrail.amazonaws.com" },
  Action: "kms:Decrypt",
  Resource: "*",
};

async function makeKey(account: Account, statements: Statements): Promise<string> {
  const { KeyMetadata } = await account.call("kms", "create_key", {
    Policy: JSON.stringify({ Version: "2012-10-17", Statement: statements }),
  });
  return (KeyMetadata as { Arn: string }).Arn;
}

requires("moto", "boto3")("a trail with a KMS key, made by boto3", () => {
  let lab: Lab;
  let owner: Account;
  let bucket: string;
  let trailArn: string;
  beforeAll(async () => {
    lab = await startLab();
  });
  beforeEach(async () => {
    owner = await lab.account();
    bucket = lab.name("logs");
    trailArn = owner.trailArn("main");
    await makeBucket(owner, bucket, [trailArn]);
  });
  afterAll(() => lab.stop());

  const create = (account: Account, KmsKeyId: string) =>
    account.cloudTrail("create_trail", { Name: "main", S3BucketName: bucket, KmsKeyId });

  test("goes through with the documented key policy, whatever the key is called by", async () => {
    const arn = await makeKey(owner, keyPolicy(owner.id, [trailArn]));
    const id = arn.split("/")[1]!;
    await owner.call("kms", "create_alias", { AliasName: "alias/logs", TargetKeyId: id });
    const names = [arn, id, "alias/logs", `arn:aws:kms:us-east-1:${owner.id}:alias/logs`];
    for (const name of names) {
      expect(await create(owner, name)).toMatchObject({ KmsKeyId: arn });
      await owner.cloudTrail("delete_trail", { Name: "main" });
    }
  });

  test("of another account goes through once that account's key policy names the trail", async () => {
    const member = await lab.account();
    const both = [trailArn, member.trailArn("main")];
    await makeBucket(owner, bucket, both);
    const arn = await makeKey(owner, keyPolicy(owner.id, [trailArn]));
    await expect(create(member, arn)).rejects.toMatchObject({
      code: "InsufficientEncryptionPolicyException",
      message: `Insufficient permissions to access S3 bucket ${bucket} or KMS key ${arn}.`,
    });
    await owner.call("kms", "put_key_policy", {
      KeyId: arn,
      PolicyName: "default",
      Policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: keyPolicy(owner.id, both),
      }),
    });
    expect(await create(member, arn)).toMatchObject({ KmsKeyId: arn });
  });

  const changes: Record<string, (statements: Statements) => Statements> = {
    "no permission to encrypt": ([root, , describeKey]) => [root!, describeKey!],
    "no permission to describe the key": ([root, encrypt]) => [root!, encrypt!],
    "another trail": ([root, encrypt, describeKey]) => [
      root!,
      { ...encrypt, Condition: { StringEquals: { "aws:SourceArn": "arn:other" } } },
      describeKey!,
    ],
    "another encryption context": ([root, encrypt, describeKey]) => [
      root!,
      {
        ...encrypt,
        Condition: { StringLike: { "kms:EncryptionContext:aws:cloudtrail:arn": "arn:other:*" } },
      },
      describeKey!,
    ],
    "another bucket in the encryption context": ([root, encrypt, describeKey]) => [
      root!,
      {
        ...encrypt,
        Condition: { StringLike: { "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::other/*" } },
      },
      describeKey!,
    ],
  };
  test.each(Object.entries(changes))(
    "is refused where the key policy has %s",
    async (_, change) => {
      const arn = await makeKey(owner, change(keyPolicy(owner.id, [trailArn])));
      await expect(create(owner, arn)).rejects.toMatchObject({
        code: "InsufficientEncryptionPolicyException",
      });
    },
  );

  test("a condition on the bucket in the encryption context is met", async () => {
    const [root, encrypt, describeKey] = keyPolicy(owner.id, [trailArn]) as [
      Statements[0],
      Statements[0],
      Statements[0],
    ];
    const arn = await makeKey(owner, [
      root,
      {
        ...encrypt,
        Condition: {
          StringLike: {
            "kms:EncryptionContext:aws:s3:arn": `arn:aws:s3:::${bucket}/AWSLogs/${owner.id}/*`,
          },
        },
      },
      describeKey,
    ]);
    expect(await create(owner, arn)).toMatchObject({ KmsKeyId: arn });
  });

  test("needs kms:Decrypt as well where the bucket has an S3 Bucket Key", async () => {
    const policy = keyPolicy(owner.id, [trailArn]);
    const [without, allowed] = [
      await makeKey(owner, policy),
      await makeKey(owner, [...policy, DECRYPT]),
    ];
    await owner.call("s3", "put_bucket_encryption", {
      Bucket: bucket,
      ServerSideEncryptionConfiguration: {
        Rules: [
          {
            ApplyServerSideEncryptionByDefault: {
              SSEAlgorithm: "aws:kms",
              KMSMasterKeyID: allowed,
            },
            BucketKeyEnabled: true,
          },
        ],
      },
    });
    await expect(create(owner, without)).rejects.toMatchObject({
      code: "InsufficientEncryptionPolicyException",
    });
    expect(await create(owner, allowed)).toMatchObject({ KmsKeyId: allowed });
  });

  test("is refused where bucket and key are in different regions", async () => {
    const arn = await makeKey(owner.in("eu-west-1"), keyPolicy(owner.id, [trailArn]));
    await expect(create(owner, arn)).rejects.toMatchObject({
      code: "KmsKeyNotFoundException",
      message: expect.stringContaining("eu-west-1") as unknown,
    });
  });

  test("is refused with a disabled key and one that waits for its deletion", async () => {
    const arn = await makeKey(owner, keyPolicy(owner.id, [trailArn]));
    const KeyId = arn.split("/")[1];
    await owner.call("kms", "disable_key", { KeyId });
    await expect(create(owner, arn)).rejects.toMatchObject({
      code: "KmsException",
      message: expect.stringContaining("Disabled") as unknown,
    });
    await owner.call("kms", "enable_key", { KeyId });
    await owner.call("kms", "schedule_key_deletion", { KeyId, PendingWindowInDays: 7 });
    await expect(create(owner, arn)).rejects.toMatchObject({
      code: "KmsException",
      message: expect.stringContaining("PendingDeletion") as unknown,
    });
  });

  test("is refused with an asymmetric key", async () => {
    const { KeyMetadata } = await owner.call("kms", "create_key", {
      KeySpec: "RSA_2048",
      KeyUsage: "SIGN_VERIFY",
    });
    await expect(create(owner, (KeyMetadata as { Arn: string }).Arn)).rejects.toMatchObject({
      code: "KmsException",
      message: expect.stringContaining("RSA_2048") as unknown,
    });
  });

  test("UpdateTrail checks the key as well, and takes it away again", async () => {
    await owner.cloudTrail("create_trail", { Name: "main", S3BucketName: bucket });
    const [closed, open] = [
      await makeKey(owner, keyPolicy(owner.id, [owner.trailArn("other")])),
      await makeKey(owner, keyPolicy(owner.id, [trailArn])),
    ];
    const update = (KmsKeyId: string) =>
      owner.cloudTrail("update_trail", { Name: "main", KmsKeyId });
    await expect(update(closed)).rejects.toMatchObject({
      code: "InsufficientEncryptionPolicyException",
    });
    expect(await update(open)).toMatchObject({ KmsKeyId: open });
    expect(await update("")).not.toHaveProperty("KmsKeyId");
  });
});
