import { createHash } from "node:crypto";
import type { CloudTrailRecord } from "../../../cloudtrail/records/record";
import { logBucketPolicy } from "../../../policies/documents/log-bucket-policy";
import { logKeyPolicy } from "../../../policies/documents/log-key-policy";
import { TrailRegistry } from "../../../policies/trail-registry";
import { DeliveredFiles } from "../../support/delivered-files";
import {
  type Account,
  documentedBucketPolicy,
  type Lab,
  makeBucket,
  REGION,
  startLab,
} from "../../support/lab";
import { requires } from "../../support/requirements";

const MINUTE = 60;
const HOUR = 60 * MINUTE;

requires("moto", "boto3")("delivery into a bucket", () => {
  let lab: Lab;
  let owner: Account;
  let bucket: string;
  let files: DeliveredFiles;
  beforeAll(async () => {
    lab = await startLab({ regions: [REGION] });
  });
  beforeEach(async () => {
    owner = await lab.account();
    bucket = lab.name("logs");
    await makeBucket(owner, bucket, [owner.trailArn("main")]);
    files = new DeliveredFiles(lab.aws.endpoint, owner.credentials, bucket);
  });
  afterEach(() => files.destroy());
  afterAll(() => lab.stop());

  async function startTrail(parameters: object = {}, account = owner): Promise<void> {
    const trail = { Name: "main", S3BucketName: bucket, ...parameters };
    await account.cloudTrail("create_trail", trail);
    await account.cloudTrail("start_logging", { Name: "main" });
  }
  const status = (account = owner) => account.cloudTrail("get_trail_status", { Name: "main" });
  const putPolicy = (policy: object) =>
    owner.call("s3", "put_bucket_policy", { Bucket: bucket, Policy: JSON.stringify(policy) });
  const policyFor = (...accounts: Account[]) =>
    documentedBucketPolicy(
      bucket,
      accounts.map((account) => account.trailArn("main")),
    );
  /** Makes a call that can be distinguished from others. */
  async function call(account = owner): Promise<string> {
    const name = lab.name("bucket");
    await account.call("s3", "create_bucket", { Bucket: name });
    return name;
  }
  const created = (records: readonly CloudTrailRecord[]) =>
    records
      .filter(({ eventName }) => eventName === "CreateBucket")
      .map(({ requestParameters }) => requestParameters?.["bucketName"]);

  test("writes the account's calls to a file at the documented key", async () => {
    await startTrail({ S3KeyPrefix: "" });
    const made = await call();
    await call(await lab.account());
    // The lab's other trails deliver as well.
    const advance = async (seconds: number) =>
      (await lab.aws.advance(seconds)).filter((attempt) => attempt.bucket === bucket);
    expect(await advance(4 * MINUTE)).toEqual([]);
    const attempts = await advance(MINUTE);
    const [file, ...others] = await files.logs();
    expect(others).toEqual([]);
    expect(attempts).toEqual([
      { kind: "log", trailArn: owner.trailArn("main"), bucket, key: file!.key },
    ]);
    const [year, month, day] = new Date(lab.aws.now()).toISOString().slice(0, 10).split("-");
    expect(file!.key).toMatch(
      new RegExp(
        `^AWSLogs/${owner.id}/CloudTrail/${REGION}/${year}/${month}/${day}/${owner.id}_CloudTrail_${REGION}_${year}${month}${day}T\\d{4}Z_[A-Za-z0-9]{16}\\.json\\.gz$`,
      ),
    );
    expect(Object.keys(file!.content)).toEqual(["Records"]);
    expect(created(file!.content.Records)).toEqual([made]);
    expect(file!.answer).toMatchObject({
      ContentType: "application/json",
      ServerSideEncryption: "AES256",
    });
    const { LatestDeliveryTime, ...said } = await status();
    expect(Date.parse(LatestDeliveryTime as string)).toBeGreaterThan(lab.aws.now() - 5000);
    expect(said).toMatchObject({
      LatestDeliveryAttemptTime: expect.stringMatching(/^\d{4}-.*Z$/) as unknown,
      LatestDeliveryAttemptSucceeded: said["LatestDeliveryAttemptTime"] as unknown,
    });
    expect(said).not.toHaveProperty("LatestDeliveryError");
  });

  test("is held up by the bucket's policy, and nothing is lost or doubled", async () => {
    await startTrail();
    await putPolicy(documentedBucketPolicy(bucket, [owner.trailArn("other")]));
    const made = [await call()];
    await lab.aws.advance(10 * MINUTE);
    expect(await status()).toMatchObject({
      LatestDeliveryError: "AccessDenied",
      LatestDeliveryAttemptSucceeded: "",
    });
    expect(await files.keys()).toEqual([]);
    made.push(await call());
    await putPolicy(policyFor(owner));
    await lab.aws.advance(10 * MINUTE);
    made.push(await call());
    await lab.aws.advance(5 * MINUTE);
    const records = await files.records();
    expect(created(records)).toEqual(made);
    expect(new Set(records.map(({ eventID }) => eventID)).size).toBe(records.length);
    expect(await status()).not.toHaveProperty("LatestDeliveryError");
  });

  test("says so where the bucket is gone, and goes to the one that UpdateTrail names", async () => {
    await startTrail();
    const made = await call();
    await owner.call("s3", "delete_bucket", { Bucket: bucket });
    await lab.aws.advance(5 * MINUTE);
    expect(await status()).toMatchObject({ LatestDeliveryError: "NoSuchBucket" });
    bucket = lab.name("logs");
    await makeBucket(owner, bucket, [owner.trailArn("main")]);
    files = new DeliveredFiles(lab.aws.endpoint, owner.credentials, bucket);
    await owner.cloudTrail("update_trail", { Name: "main", S3BucketName: bucket });
    await lab.aws.advance(5 * MINUTE);
    expect(created(await files.records())).toContain(made);
  });

  test("stops for an account that the policy no longer names, and for it alone", async () => {
    const member = await lab.account();
    await putPolicy(policyFor(owner, member));
    await startTrail();
    await startTrail({}, member);
    await call(member);
    await lab.aws.advance(5 * MINUTE);
    const before = await files.logs();
    expect(before.filter(({ key }) => key.includes(`/${member.id}/`))).toHaveLength(1);
    await putPolicy(policyFor(owner));
    await call(member);
    const made = await call();
    await lab.aws.advance(5 * MINUTE);
    expect(await status(member)).toMatchObject({ LatestDeliveryError: "AccessDenied" });
    const after = await files.logs();
    expect(after.filter(({ key }) => key.includes(`/${member.id}/`))).toHaveLength(1);
    expect(created(await files.records())).toContain(made);
  });

  test.each(["stop_logging", "delete_trail"])(
    "ends after %s, with that event",
    async (operation) => {
      await startTrail({ EnableLogFileValidation: true });
      const made = await call();
      await owner.cloudTrail(operation, { Name: "main" });
      await lab.aws.advance(MINUTE);
      await call();
      await lab.aws.advance(10 * HOUR);
      const records = await files.records();
      expect(created(records)).toEqual([made]);
      expect(records.at(-1)?.eventName).toBe(
        operation === "stop_logging" ? "StopLogging" : "DeleteTrail",
      );
      const digests = await files.digests();
      expect(digests.map(({ content }) => content.logFiles.length)).toEqual([1]);
    },
  );

  test("tells the trail's topic which files came", async () => {
    const { TopicArn } = await owner.call("sns", "create_topic", { Name: "notes" });
    const topicPolicy = (trailName: string) => ({
      TopicArn: TopicArn as string,
      AttributeName: "Policy",
      AttributeValue: JSON.stringify({
        Version: "2012-10-17",
        Statement: {
          Effect: "Allow",
          Principal: { Service: "cloudtrail.amazonaws.com" },
          Action: "SNS:Publish",
          Resource: TopicArn as string,
          Condition: { StringEquals: { "aws:SourceArn": owner.trailArn(trailName) } },
        },
      }),
    });
    await owner.call("sns", "set_topic_attributes", topicPolicy("main"));
    const { QueueUrl } = await owner.call("sqs", "create_queue", { QueueName: "notes" });
    await owner.call("sns", "subscribe", {
      TopicArn: TopicArn as string,
      Protocol: "sqs",
      Endpoint: `arn:aws:sqs:${REGION}:${owner.id}:notes`,
      Attributes: { RawMessageDelivery: "true" },
    });
    await startTrail({ SnsTopicName: TopicArn as string });
    await call();
    await lab.aws.advance(5 * MINUTE);
    const { Messages } = await owner.call("sqs", "receive_message", {
      QueueUrl: QueueUrl as string,
    });
    expect((Messages as { Body: string }[]).map(({ Body }) => JSON.parse(Body) as unknown)).toEqual(
      [{ s3Bucket: bucket, s3ObjectKey: await files.keys() }],
    );
    expect(await status()).toHaveProperty("LatestNotificationTime");

    await owner.call("sns", "set_topic_attributes", topicPolicy("other"));
    await call();
    await lab.aws.advance(5 * MINUTE);
    expect(await status()).toMatchObject({ LatestNotificationError: "AuthorizationError" });
    expect(await files.keys()).toHaveLength(2);
  });

  describe("with a key", () => {
    let keyArn: string;
    /** moto knows a key whose state is to change by its ID only. */
    const keyId = () => keyArn.split("/")[1]!;
    const destination = (account: Account) =>
      ({
        partition: "aws",
        accountId: account.id,
        bucketName: bucket,
        trails: new TrailRegistry([
          { partition: "aws", homeRegion: REGION, accountId: account.id, name: "main" },
        ]),
      }) as const;
    const putKeyPolicy = (policy: object) =>
      owner.call("kms", "put_key_policy", {
        KeyId: keyArn,
        PolicyName: "default",
        Policy: JSON.stringify(policy),
      });
    beforeEach(async () => {
      const Policy = JSON.stringify(logKeyPolicy(destination(owner)));
      const { KeyMetadata } = await owner.call("kms", "create_key", { Policy });
      keyArn = (KeyMetadata as { Arn: string }).Arn;
      await putPolicy(logBucketPolicy(destination(owner)));
      await startTrail({ KmsKeyId: keyArn, EnableLogFileValidation: true });
    });

    test("encrypts log files and digests with it", async () => {
      await call();
      await lab.aws.advance(HOUR);
      const all = [...(await files.logs()), ...(await files.digests())];
      expect(all).toHaveLength(2);
      for (const { answer } of all)
        expect(answer).toMatchObject({ ServerSideEncryption: "aws:kms", SSEKMSKeyId: keyArn });
    });

    test("is held up by the key's policy, a disabled key and one that is to be deleted", async () => {
      const made = await call();
      const others = await lab.account();
      await putKeyPolicy(logKeyPolicy({ ...destination(others), accountId: owner.id }));
      await lab.aws.advance(5 * MINUTE);
      expect(await status()).toMatchObject({ LatestDeliveryError: "AccessDenied" });
      await putKeyPolicy(logKeyPolicy(destination(owner)));
      await owner.call("kms", "disable_key", { KeyId: keyId() });
      await lab.aws.advance(5 * MINUTE);
      expect(await status()).toMatchObject({ LatestDeliveryError: "KMS.DisabledException" });
      await owner.call("kms", "schedule_key_deletion", { KeyId: keyId() });
      await lab.aws.advance(HOUR);
      expect(await status()).toMatchObject({
        LatestDeliveryError: "KMS.KMSInvalidStateException",
        LatestDigestDeliveryError: "KMS.KMSInvalidStateException",
      });
      expect(await files.keys()).toEqual([]);
      await owner.call("kms", "cancel_key_deletion", { KeyId: keyId() });
      await owner.call("kms", "enable_key", { KeyId: keyId() });
      await lab.aws.advance(5 * MINUTE);
      expect(created(await files.records())).toEqual([made]);
      expect(await files.digests()).toHaveLength(1);
      for (const field of ["LatestDeliveryError", "LatestDigestDeliveryError"])
        expect(await status()).not.toHaveProperty(field);
    });
  });

  describe("of data events", () => {
    const names = async () =>
      (await files.records())
        .filter(({ eventCategory }) => eventCategory === "Data")
        .map(({ eventName }) => eventName);
    const useObject = async () => {
      const Bucket = await call();
      await owner.call("s3", "put_object", { Bucket, Key: "k", Body: "text" });
      await owner.call("s3", "get_object", { Bucket, Key: "k" });
      await lab.aws.advance(5 * MINUTE);
    };

    test("needs selectors", async () => {
      await startTrail();
      await useObject();
      expect(await names()).toEqual([]);
    });

    test("never ends where the trail records those of its own bucket", async () => {
      await startTrail();
      await owner.cloudTrail("put_event_selectors", {
        TrailName: "main",
        EventSelectors: [
          {
            IncludeManagementEvents: false,
            DataResources: [{ Type: "AWS::S3::Object", Values: [`arn:aws:s3:::${bucket}/`] }],
          },
        ],
      });
      await call();
      await lab.aws.advance(20 * MINUTE);
      const keys = await files.keys();
      expect(keys).toHaveLength(4);
      const records = (await files.records()).filter(({ eventName }) => eventName === "PutObject");
      expect(records).toHaveLength(3);
      for (const record of records) {
        expect(record.userIdentity).toMatchObject({ invokedBy: "cloudtrail.amazonaws.com" });
        expect(keys).toContain(record.requestParameters?.["key"]);
      }
    });

    test.each([
      [
        "basic",
        {
          EventSelectors: [
            {
              ReadWriteType: "WriteOnly",
              DataResources: [{ Type: "AWS::S3::Object", Values: ["arn:aws:s3"] }],
            },
          ],
        },
      ],
      [
        "advanced",
        {
          AdvancedEventSelectors: [
            {
              FieldSelectors: [
                { Field: "eventCategory", Equals: ["Data"] },
                { Field: "resources.type", Equals: ["AWS::S3::Object"] },
                { Field: "readOnly", Equals: ["false"] },
              ],
            },
          ],
        },
      ],
    ])("goes by %s ones", async (_, selectors) => {
      await startTrail();
      await owner.cloudTrail("put_event_selectors", { TrailName: "main", ...selectors });
      await useObject();
      expect(await names()).toEqual(["PutObject"]);
    });
  });

  test("chains an hourly digest to the one before, and names each file with its hash", async () => {
    await startTrail({ EnableLogFileValidation: true });
    await call();
    await lab.aws.advance(HOUR);
    await lab.aws.advance(HOUR);
    await call();
    await lab.aws.advance(HOUR);
    const digests = (await files.digests()).map(({ key, content }) => ({ key, ...content }));
    const logs = await files.logs();
    expect(digests.map(({ logFiles }) => logFiles.map(({ s3Object }) => s3Object))).toEqual([
      [logs[0]!.key],
      [],
      [logs[1]!.key],
    ]);
    expect(digests.map((digest) => digest.previousDigestS3Object)).toEqual([
      null,
      digests[0]!.key,
      digests[1]!.key,
    ]);
    expect(digests.slice(1).map((digest) => digest.digestStartTime)).toEqual(
      digests.slice(0, -1).map((digest) => digest.digestEndTime),
    );
    const text = JSON.stringify(logs[0]!.content);
    expect(digests[0]!.logFiles[0]!.hashValue).toBe(
      createHash("sha256").update(text).digest("hex"),
    );
    const { PublicKeyList } = await owner.cloudTrail("list_public_keys", {
      StartTime: digests[0]!.digestStartTime,
      EndTime: digests[2]!.digestEndTime,
    });
    expect((PublicKeyList as { Fingerprint: string }[]).map((key) => key.Fingerprint)).toEqual([
      digests[0]!.digestPublicKeyFingerprint,
    ]);
    expect(await status()).toHaveProperty("LatestDigestDeliveryTime");
  });

  test("comes with the time that POST /_lab/time moves forward", async () => {
    await startTrail();
    await call();
    const time = async (query = "", method = "GET") => {
      const response = await fetch(`${lab.aws.endpoint}/_lab/time${query}`, { method });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };
    const before = Date.parse((await time()).body["now"] as string);
    const { status: code, body } = await time("?advance=1h", "POST");
    expect(code).toBe(200);
    const passed = Date.parse(body["now"] as string) - before;
    expect(passed).toBeGreaterThanOrEqual(HOUR * 1000);
    expect(passed).toBeLessThan(HOUR * 1000 + 10_000);
    const here = (body["deliveries"] as { bucket: string }[]).filter(
      (one) => one.bucket === bucket,
    );
    expect(here).toMatchObject([{ kind: "log", key: (await files.keys())[0] }]);
    for (const wrong of ["", "?advance=-1h", "?advance=1", "?advance=1y"]) {
      const refused = await time(wrong, "POST");
      expect(refused.status).toBe(400);
      expect(refused.body["error"]).toMatch(/Time does not move back/);
    }
    expect((await time("", "DELETE")).status).toBe(404);
  });
});
