import { requires } from "../../support/requirements";
import { type Account, type Lab, makeBucket, startLab } from "../../support/lab";

requires("moto", "boto3")("a trail with an SNS topic, made by boto3", () => {
  let lab: Lab;
  let owner: Account;
  let bucket: string;
  let topic: string;
  beforeAll(async () => {
    lab = await startLab();
  });
  beforeEach(async () => {
    owner = await lab.account();
    bucket = lab.name("logs");
    await makeBucket(owner, bucket, [owner.trailArn("main")]);
    const { TopicArn } = await owner.call("sns", "create_topic", { Name: "notes" });
    topic = TopicArn as string;
  });
  afterAll(() => lab.stop());

  const create = (account: Account, SnsTopicName: string) =>
    account.cloudTrail("create_trail", { Name: "main", S3BucketName: bucket, SnsTopicName });

  const allowPublish = (trailArns: readonly string[]) =>
    owner.call("sns", "set_topic_attributes", {
      TopicArn: topic,
      AttributeName: "Policy",
      AttributeValue: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "AWSCloudTrailSNSPolicy20131101",
            Effect: "Allow",
            Principal: { Service: "cloudtrail.amazonaws.com" },
            Action: "SNS:Publish",
            Resource: topic,
            Condition: { StringEquals: { "aws:SourceArn": trailArns } },
          },
        ],
      }),
    });

  test("is refused with a topic's own first policy", async () => {
    await expect(create(owner, topic)).rejects.toMatchObject({
      code: "InsufficientSnsTopicPolicyException",
    });
  });

  test("goes through with the documented policy, by name and by ARN", async () => {
    await allowPublish([owner.trailArn("main")]);
    for (const name of ["notes", topic]) {
      expect(await create(owner, name)).toMatchObject({ SnsTopicARN: topic });
      await owner.cloudTrail("delete_trail", { Name: "main" });
    }
  });

  test("goes through with another account's topic that names the trail, and not before", async () => {
    const member = await lab.account();
    await makeBucket(owner, bucket, [owner.trailArn("main"), member.trailArn("main")]);
    await allowPublish([owner.trailArn("main")]);
    const refused = { code: "InsufficientSnsTopicPolicyException" };
    await expect(create(member, topic)).rejects.toMatchObject(refused);
    await allowPublish([owner.trailArn("main"), member.trailArn("main")]);
    expect(await create(member, topic)).toMatchObject({ SnsTopicARN: topic });
    // A name alone means a topic of the member's own.
    await expect(
      member.cloudTrail("update_trail", { Name: "main", SnsTopicName: "notes" }),
    ).rejects.toMatchObject(refused);
  });

  test("an encrypted topic's key has to let CloudTrail in", async () => {
    await allowPublish([owner.trailArn("main")]);
    const { KeyMetadata } = await owner.call("kms", "create_key");
    const { Arn: key } = KeyMetadata as { Arn: string };
    await owner.call("sns", "set_topic_attributes", {
      TopicArn: topic,
      AttributeName: "KmsMasterKeyId",
      AttributeValue: key,
    });
    await expect(create(owner, topic)).rejects.toMatchObject({
      code: "InsufficientSnsTopicPolicyException",
    });
    await owner.call("kms", "put_key_policy", {
      KeyId: key,
      PolicyName: "default",
      Policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "cloudtrail.amazonaws.com" },
            Action: ["kms:GenerateDataKey*", "kms:Decrypt"],
            Resource: "*",
          },
        ],
      }),
    });
    expect(await create(owner, topic)).toMatchObject({ SnsTopicARN: topic });
  });
});
