import { accessLogBucketPolicy } from "../../../policies/documents/access-log-bucket-policy";
import { type Account, type Lab, startLab } from "../../support/lab";
import { requires } from "../../support/requirements";

requires("moto", "boto3")("access logs of a bucket, through boto3", () => {
  let lab: Lab;
  let account: Account;
  let source: string;
  let target: string;
  beforeAll(async () => {
    lab = await startLab();
  });
  beforeEach(async () => {
    account = await lab.account();
    [source, target] = [lab.name("logs"), lab.name("access")];
    for (const Bucket of [source, target]) await account.call("s3", "create_bucket", { Bucket });
  });
  afterAll(() => lab.stop());

  const letIn = (sourceBucketName: string): Promise<unknown> =>
    account.call("s3", "put_bucket_policy", {
      Bucket: target,
      Policy: JSON.stringify(
        accessLogBucketPolicy({
          partition: "aws",
          accountId: account.id,
          bucketName: target,
          sourceBucketName,
          targetPrefix: "s3-access/",
        }),
      ),
    });
  const turnOn = (TargetPrefix = "s3-access/"): Promise<unknown> =>
    account.call("s3", "put_bucket_logging", {
      Bucket: source,
      BucketLoggingStatus: { LoggingEnabled: { TargetBucket: target, TargetPrefix } },
    });
  const refused = { code: "InvalidTargetBucketForLogging" };

  test("they go where our policy lets the logging service in, and may be turned off again", async () => {
    await expect(turnOn()).rejects.toMatchObject(refused);
    await letIn(source);
    await turnOn();
    expect(await account.call("s3", "get_bucket_logging", { Bucket: source })).toMatchObject({
      LoggingEnabled: { TargetBucket: target, TargetPrefix: "s3-access/" },
    });
    await account.call("s3", "put_object", { Bucket: target, Key: "own", Body: "x" });
    await account.call("s3", "put_bucket_logging", { Bucket: source, BucketLoggingStatus: {} });
    const off = await account.call("s3", "get_bucket_logging", { Bucket: source });
    expect(off).not.toHaveProperty("LoggingEnabled");
  });

  test("not under another prefix, and not for another bucket", async () => {
    await letIn(source);
    await expect(turnOn("elsewhere/")).rejects.toMatchObject(refused);
    await letIn("another-bucket");
    await expect(turnOn()).rejects.toMatchObject(refused);
  });
});
