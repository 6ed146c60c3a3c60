import { requires } from "../../support/requirements";
import { documentedBucketPolicy, type Lab, makeBucket, startLab } from "../../support/lab";

requires("moto", "boto3")("a local AWS whose policies take 5 s to come into effect", () => {
  let lab: Lab;
  let time = Date.parse("2030-01-01T00:00:00Z");
  const pass = (seconds: number) => (time += seconds * 1000);
  beforeAll(async () => {
    lab = await startLab({ policyDelaySeconds: 5, now: () => time });
  });
  afterAll(() => lab.stop());

  test("a bucket policy allows a trail 5 s after it was put, and its removal refuses one as late", async () => {
    const account = await lab.account();
    const bucket = lab.name("logs");
    await makeBucket(account, bucket, [account.trailArn("main"), account.trailArn("other")]);
    const create = (Name: string) =>
      account.cloudTrail("create_trail", { Name, S3BucketName: bucket });
    const refused = { code: "InsufficientS3BucketPolicyException" };

    pass(4.999);
    await expect(create("main")).rejects.toMatchObject(refused);
    pass(0.001);
    await expect(create("main")).resolves.toMatchObject({ Name: "main" });

    await account.call("s3", "delete_bucket_policy", { Bucket: bucket });
    pass(4.999);
    await expect(create("other")).resolves.toMatchObject({ Name: "other" });
    pass(0.001);
    await expect(
      account.cloudTrail("update_trail", { Name: "main", EnableLogFileValidation: true }),
    ).rejects.toMatchObject(refused);
  });

  test("a policy that is put again unchanged starts no new wait", async () => {
    const account = await lab.account();
    const bucket = lab.name("logs");
    await makeBucket(account, bucket, [account.trailArn("main")]);
    pass(5);
    await account.call("s3", "put_bucket_policy", {
      Bucket: bucket,
      Policy: JSON.stringify(documentedBucketPolicy(bucket, [account.trailArn("main")])),
    });
    await expect(
      account.cloudTrail("create_trail", { Name: "main", S3BucketName: bucket }),
    ).resolves.toMatchObject({ Name: "main" });
  });

  test("readers see a policy at once", async () => {
    const account = await lab.account();
    const bucket = lab.name("logs");
    await makeBucket(account, bucket, [account.trailArn("main")]);
    const { Policy } = await account.call("s3", "get_bucket_policy", { Bucket: bucket });
    expect(JSON.parse(Policy as string)).toEqual(
      documentedBucketPolicy(bucket, [account.trailArn("main")]),
    );
  });

  test("key and topic policies wait as well", async () => {
    const account = await lab.account();
    const bucket = lab.name("logs");
    await makeBucket(account, bucket, [account.trailArn("main")]);
    pass(5);
    const allow = (Action: string[]) =>
      JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "cloudtrail.amazonaws.com" },
            Action,
            Resource: "*",
          },
        ],
      });
    const { KeyMetadata } = await account.call("kms", "create_key", {});
    const { Arn } = KeyMetadata as { Arn: string };
    // What a key is made with holds at once, so its maker can go on.
    await account.call("kms", "put_key_policy", {
      KeyId: Arn,
      PolicyName: "default",
      Policy: allow(["kms:GenerateDataKey*", "kms:DescribeKey"]),
      BypassPolicyLockoutSafetyCheck: true,
    });
    const { TopicArn } = await account.call("sns", "create_topic", {
      Name: "notes",
      Attributes: { Policy: allow(["sns:Publish"]) },
    });
    const withKey = { KmsKeyId: Arn };
    const withTopic = { SnsTopicName: TopicArn as string };
    const create = (parameters: object) =>
      account.cloudTrail("create_trail", { Name: "main", S3BucketName: bucket, ...parameters });

    await expect(create(withKey)).rejects.toMatchObject({
      code: "InsufficientEncryptionPolicyException",
    });
    await expect(create(withTopic)).rejects.toMatchObject({
      code: "InsufficientSnsTopicPolicyException",
    });
    pass(5);
    await expect(create({ ...withKey, ...withTopic })).resolves.toMatchObject(withKey);
  });
});
