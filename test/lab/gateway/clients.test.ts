import {
  CloudTrailClient,
  CreateTrailCommand,
  GetTrailCommand,
  InsufficientEncryptionPolicyException,
  InsufficientS3BucketPolicyException,
  PutEventSelectorsCommand,
  TrailAlreadyExistsException,
  TrailNotFoundException,
} from "@aws-sdk/client-cloudtrail";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  CreateBucketCommand,
  GetBucketPolicyCommand,
  GetObjectCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { awsCli } from "../../support/aws-cli";
import { requires } from "../../support/requirements";
import {
  type Account,
  documentedBucketPolicy,
  EXTERNAL_ID,
  type Lab,
  makeBucket,
  REGION,
  roleArn,
  startLab,
} from "../../support/lab";

requires(
  "moto",
  "boto3",
  "aws-cli",
)("the AWS CLI", () => {
  let lab: Lab;
  let owner: Account;
  let bucket: string;
  beforeAll(async () => {
    lab = await startLab();
    owner = await lab.account();
    bucket = lab.name("logs");
    await makeBucket(owner, bucket, [owner.trailArn("main")]);
  });
  afterAll(() => lab.stop());

  /** What the CLI prints, parsed; it fails with what it says on standard error. */
  async function aws(account: Account, ...args: string[]): Promise<unknown> {
    const stdout = await awsCli(lab, account, ...args);
    return stdout === "" ? undefined : JSON.parse(stdout);
  }
  const cloudtrail = (account: Account, ...args: string[]) => aws(account, "cloudtrail", ...args);

  test("makes a trail, starts it and reads it back", async () => {
    const create = ["create-trail", "--name", "main", "--s3-bucket-name", bucket];
    expect(
      await cloudtrail(owner, ...create, "--is-multi-region-trail", "--tags-list", "Key=a,Value=b"),
    ).toMatchObject({ TrailARN: owner.trailArn("main"), IsMultiRegionTrail: true });
    await cloudtrail(owner, "start-logging", "--name", "main");
    expect(await cloudtrail(owner, "get-trail-status", "--name", "main")).toMatchObject({
      IsLogging: true,
    });
    expect(
      await cloudtrail(owner, "list-tags", "--resource-id-list", owner.trailArn("main")),
    ).toMatchObject({ ResourceTagList: [{ TagsList: [{ Key: "a", Value: "b" }] }] });
    await expect(cloudtrail(owner, ...create)).rejects.toThrow(
      `An error occurred (TrailAlreadyExistsException) when calling the CreateTrail operation: Trail main already exists for customer: ${owner.id}`,
    );
  });

  test("is told why a stranger's trail is refused", async () => {
    const stranger = await lab.account();
    await expect(
      cloudtrail(stranger, "create-trail", "--name", "main", "--s3-bucket-name", bucket),
    ).rejects.toThrow(
      `(InsufficientS3BucketPolicyException) when calling the CreateTrail operation: Incorrect S3 bucket policy is detected for bucket: ${bucket}`,
    );
  });

  test("assumes a role with its external ID only", async () => {
    const assume = ["sts", "assume-role", "--role-arn", roleArn(owner.id)];
    const session = ["--role-session-name", "cli"];
    expect(
      await aws(lab.operator, ...assume, ...session, "--external-id", EXTERNAL_ID),
    ).toMatchObject({
      AssumedRoleUser: { Arn: `arn:aws:sts::${owner.id}:assumed-role/deployer/cli` },
    });
    await expect(
      aws(lab.operator, ...assume, ...session, "--external-id", "wrong"),
    ).rejects.toThrow("(AccessDenied) when calling the AssumeRole operation");
  });
});

requires("moto", "boto3")("the AWS SDK for JavaScript", () => {
  let lab: Lab;
  let owner: Account;
  let options: { endpoint: string; region: string; credentials: Account["credentials"] };
  let cloudTrail: CloudTrailClient;
  let s3: S3Client;
  let bucket: string;
  beforeAll(async () => {
    lab = await startLab();
    owner = await lab.account();
    options = { endpoint: lab.aws.endpoint, region: REGION, credentials: owner.credentials };
    cloudTrail = new CloudTrailClient(options);
    s3 = new S3Client(options);
    bucket = lab.name("logs");
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  });
  afterAll(async () => {
    cloudTrail.destroy();
    s3.destroy();
    await lab.stop();
  });

  test("gets AWS's exceptions as its own classes, then makes the trail", async () => {
    const create = (KmsKeyId?: string) =>
      cloudTrail.send(new CreateTrailCommand({ Name: "main", S3BucketName: bucket, KmsKeyId }));
    await expect(create()).rejects.toBeInstanceOf(InsufficientS3BucketPolicyException);

    const Policy = JSON.stringify(documentedBucketPolicy(bucket, [owner.trailArn("main")]));
    await s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
    const read = await s3.send(new GetBucketPolicyCommand({ Bucket: bucket }));
    expect(read.Policy).toBe(Policy);

    const kms = new KMSClient(options);
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    kms.destroy();
    await expect(create(KeyMetadata?.Arn)).rejects.toBeInstanceOf(
      InsufficientEncryptionPolicyException,
    );

    expect(await create()).toMatchObject({ TrailARN: owner.trailArn("main") });
    await expect(create()).rejects.toBeInstanceOf(TrailAlreadyExistsException);
    await expect(cloudTrail.send(new GetTrailCommand({ Name: "nobody" }))).rejects.toBeInstanceOf(
      TrailNotFoundException,
    );
    const selectors = await cloudTrail.send(
      new PutEventSelectorsCommand({
        TrailName: "main",
        EventSelectors: [{ ReadWriteType: "WriteOnly" }],
      }),
    );
    expect(selectors.EventSelectors).toMatchObject([{ ReadWriteType: "WriteOnly" }]);
  });

  test("writes and reads an object whose key a URL would tidy up", async () => {
    const Key = "a/../b//c.txt";
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: "text" }));
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
    expect(await Body?.transformToString()).toBe("text");
    expect(lab.aws.calls.at(-1)).toMatchObject({ resource: `arn:aws:s3:::${bucket}/${Key}` });
  });
});
