import { randomBytes } from "node:crypto";
import type { RecordedCall } from "../../../lab/gateway/calls";
import { startLocalAws } from "../../../lab/local-aws";
import { fetchSigned } from "../../support/signed-request";
import { requires } from "../../support/requirements";
import {
  EXTERNAL_ID,
  type Lab,
  makeBucket,
  documentedBucketPolicy,
  roleArn,
  startLab,
} from "../../support/lab";

requires("moto", "boto3")("the local AWS, through boto3", () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab();
  });
  afterAll(() => lab.stop());

  describe("accounts", () => {
    test("the base credentials are a user's, in an account of its own", async () => {
      expect(await lab.operator.call("sts", "get_caller_identity")).toMatchObject({
        Account: "999999999999",
        Arn: "arn:aws:iam::999999999999:user/operator",
      });
    });

    test("an assumed role is in the account of its ARN", async () => {
      const account = await lab.account();
      expect(await account.call("sts", "get_caller_identity")).toMatchObject({
        Account: account.id,
        Arn: `arn:aws:sts::${account.id}:assumed-role/deployer/test`,
      });
    });

    test("a role of the list can be assumed from another one", async () => {
      const [from, to] = [await lab.account(), await lab.account()];
      const { AssumedRoleUser } = await from.call("sts", "assume_role", {
        RoleArn: roleArn(to.id),
        RoleSessionName: "chained",
        ExternalId: EXTERNAL_ID,
      });
      expect(AssumedRoleUser).toMatchObject({
        Arn: `arn:aws:sts::${to.id}:assumed-role/deployer/chained`,
      });
    });

    const refusals: Record<string, object> = {
      "a wrong external ID": { RoleArn: roleArn("100000000001"), ExternalId: "other" },
      "no external ID": { RoleArn: roleArn("100000000001") },
      "a role that is not in the list": {
        RoleArn: "arn:aws:iam::100000000001:role/other",
        ExternalId: EXTERNAL_ID,
      },
      "an account that is not in the list": {
        RoleArn: roleArn("123456789012"),
        ExternalId: EXTERNAL_ID,
      },
    };
    test.each(Object.entries(refusals))("AssumeRole is refused with %s", async (_, parameters) => {
      await expect(
        lab.operator.call("sts", "assume_role", { RoleSessionName: "test", ...parameters }),
      ).rejects.toMatchObject({
        code: "AccessDenied",
        status: 403,
        message: expect.stringMatching(
          /^User: arn:aws:iam::999999999999:user\/operator is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::/,
        ) as unknown,
      });
    });

    test.each([
      ["sts", "get_caller_identity", "InvalidClientTokenId", 403],
      ["cloudtrail", "list_trails", "UnrecognizedClientException", 400],
      ["kms", "list_keys", "UnrecognizedClientException", 400],
      ["s3", "list_buckets", "InvalidAccessKeyId", 403],
    ])("an unknown access key is refused by %s", async (service, operation, code, status) => {
      const stranger = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "unknown" };
      await expect(
        lab.boto3.call(stranger, "us-east-1", service, operation, {}),
      ).rejects.toMatchObject({ code, status });
    });

    test("a bucket belongs to one account: others neither see nor change it", async () => {
      const [owner, other] = [await lab.account(), await lab.account()];
      const Bucket = lab.name("own");
      await makeBucket(owner, Bucket, [owner.trailArn("main")]);
      expect((await other.call("s3", "list_buckets"))["Buckets"]).toEqual([]);
      const policy = JSON.stringify(documentedBucketPolicy(Bucket, [other.trailArn("main")]));
      const attempts: [string, object, string][] = [
        ["create_bucket", { Bucket }, "BucketAlreadyExists"],
        ["get_bucket_policy", { Bucket }, "AccessDenied"],
        ["put_bucket_policy", { Bucket, Policy: policy }, "AccessDenied"],
        ["delete_bucket_policy", { Bucket }, "AccessDenied"],
        ["get_bucket_versioning", { Bucket }, "AccessDenied"],
        ["put_object", { Bucket, Key: "k", Body: "x" }, "AccessDenied"],
        ["delete_bucket", { Bucket }, "AccessDenied"],
      ];
      for (const [operation, parameters, code] of attempts)
        await expect(other.call("s3", operation, parameters)).rejects.toMatchObject({ code });
      expect(await owner.call("s3", "get_bucket_policy", { Bucket })).toHaveProperty("Policy");
    });

    test("keys of one account are not another's", async () => {
      const [owner, other] = [await lab.account(), await lab.account()];
      const { KeyMetadata } = await owner.call("kms", "create_key");
      const { KeyId } = KeyMetadata as { KeyId: string };
      await expect(other.call("kms", "describe_key", { KeyId })).rejects.toMatchObject({
        code: "NotFoundException",
      });
    });
  });

  describe("bucket policies", () => {
    test("are written, read and taken away as on S3", async () => {
      const account = await lab.account();
      const Bucket = lab.name("logs");
      await makeBucket(account, Bucket);
      const get = () => account.call("s3", "get_bucket_policy", { Bucket });
      await expect(get()).rejects.toMatchObject({ code: "NoSuchBucketPolicy", status: 404 });
      const Policy = JSON.stringify(documentedBucketPolicy(Bucket, [account.trailArn("main")]));
      await account.call("s3", "put_bucket_policy", { Bucket, Policy });
      expect(await get()).toEqual({ Policy });
      await account.call("s3", "delete_bucket_policy", { Bucket });
      await expect(get()).rejects.toMatchObject({ code: "NoSuchBucketPolicy" });
    });

    test.each([
      ["that is not JSON", "{"],
      ["that is not a policy", "{}"],
      ["without a principal", '{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}'],
    ])("a document %s is refused", async (_, Policy) => {
      const account = await lab.account();
      const Bucket = lab.name("logs");
      await makeBucket(account, Bucket);
      await expect(
        account.call("s3", "put_bucket_policy", { Bucket, Policy }),
      ).rejects.toMatchObject({ code: "MalformedPolicy", status: 400 });
    });

    test("of a bucket that is not there, or no more", async () => {
      const account = await lab.account();
      const Bucket = lab.name("logs");
      const get = () => account.call("s3", "get_bucket_policy", { Bucket });
      await expect(get()).rejects.toMatchObject({ code: "NoSuchBucket", status: 404 });
      await makeBucket(account, Bucket, [account.trailArn("main")]);
      await account.call("s3", "delete_bucket", { Bucket });
      await expect(get()).rejects.toMatchObject({ code: "NoSuchBucket" });
      await makeBucket(account, Bucket);
      await expect(get()).rejects.toMatchObject({ code: "NoSuchBucketPolicy" });
    });

    test("with conditions do not stand in the way of objects", async () => {
      const account = await lab.account();
      const Bucket = lab.name("logs");
      await makeBucket(account, Bucket, [account.trailArn("main")]);
      await account.call("s3", "put_object", { Bucket, Key: "k", Body: "text" });
      expect(await account.call("s3", "get_object", { Bucket, Key: "k" })).toMatchObject({
        Body: "text",
      });
    });
  });

  describe("recorded calls", () => {
    const last = () => lab.aws.calls.at(-1)!;

    test("name caller, operation, resource, parameters and outcome", async () => {
      const account = await lab.account();
      const bucket = lab.name("logs");
      const before = Date.now();
      await account.in("eu-west-1").call("s3", "create_bucket", {
        Bucket: bucket,
        CreateBucketConfiguration: { LocationConstraint: "eu-west-1" },
      });
      const call = last();
      expect(call).toEqual({
        seq: lab.aws.calls.length,
        time: expect.any(String) as unknown,
        endTime: expect.any(String) as unknown,
        accountId: account.id,
        principalArn: `arn:aws:sts::${account.id}:assumed-role/deployer/test`,
        service: "s3",
        region: "eu-west-1",
        action: "CreateBucket",
        resource: `arn:aws:s3:::${bucket}`,
        request: { bucketName: bucket },
        status: 200,
        errorCode: undefined,
      });
      const [start, end] = [Date.parse(call.time), Date.parse(call.endTime)];
      expect(before <= start && start <= end && end <= Date.now()).toBe(true);

      await account
        .cloudTrail("create_trail", { Name: "main", S3BucketName: bucket, TagsList: [] })
        .catch(() => undefined);
      expect(last()).toMatchObject({
        service: "cloudtrail",
        action: "CreateTrail",
        resource: "main",
        request: { Name: "main", S3BucketName: bucket, TagsList: [] },
        status: 400,
        errorCode: "InsufficientS3BucketPolicyException",
      });
    });

    test("name the errors of each protocol", async () => {
      const account = await lab.account();
      const cases: [string, string, object, string, string][] = [
        ["s3", "get_object", { Bucket: "no-such-b", Key: "k" }, "GetObject", "NoSuchBucket"],
        ["kms", "describe_key", { KeyId: "alias/none" }, "DescribeKey", "NotFoundException"],
        [
          "sns",
          "get_topic_attributes",
          { TopicArn: "arn:aws:sns:us-east-1:1:none" },
          "GetTopicAttributes",
          "NotFound",
        ],
        ["iam", "get_role", { RoleName: "none" }, "GetRole", "NoSuchEntity"],
      ];
      for (const [service, operation, parameters, action, errorCode] of cases) {
        await expect(account.call(service, operation, parameters)).rejects.toMatchObject({
          code: errorCode,
        });
        expect(last()).toMatchObject({ service, action, errorCode });
      }
    });

    test("can be read by other processes, as JSON lines", async () => {
      const text = await (await fetch(`${lab.aws.endpoint}/_lab/calls`)).text();
      const read = text
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as RecordedCall);
      expect(read).toEqual(JSON.parse(JSON.stringify(lab.aws.calls)));
      expect(read.length).toBeGreaterThan(0);
    });
  });

  describe("passing on", () => {
    test("a large object survives the way in and out", async () => {
      const account = await lab.account();
      const Bucket = lab.name("large");
      await makeBucket(account, Bucket);
      const Body = randomBytes(8_000_000).toString("hex");
      await account.call("s3", "put_object", { Bucket, Key: "a/b c+ü", Body });
      const read = await account.call("s3", "get_object", { Bucket, Key: "a/b c+ü" });
      expect(read["Body"] === Body).toBe(true);
      expect(lab.aws.calls.at(-1)).toMatchObject({
        action: "GetObject",
        resource: `arn:aws:s3:::${Bucket}/a/b c+ü`,
      });
    });

    test("a presigned URL works", async () => {
      const account = await lab.account();
      const Bucket = lab.name("presigned");
      await makeBucket(account, Bucket);
      await account.call("s3", "put_object", { Bucket, Key: "k", Body: "text" });
      const url = (await account.call("s3", "generate_presigned_url", {
        ClientMethod: "get_object",
        Params: { Bucket, Key: "k" },
      })) as unknown as string;
      expect(url).toContain("X-Amz-Credential");
      expect(await (await fetch(url)).text()).toBe("text");
      const stranger = url.replace(account.credentials.accessKeyId, "AKIAIOSFODNN7EXAMPLE");
      expect((await fetch(stranger)).status).toBe(403);
    });

    test("an unsigned request is refused", async () => {
      const response = await fetch(`${lab.aws.endpoint}/bucket/key`);
      expect(response.status).toBe(403);
      expect(await response.text()).toContain("<Code>AccessDenied</Code>");
    });

    test("a caller cannot choose its account", async () => {
      const [account, other] = [await lab.account(), await lab.account()];
      const Bucket = lab.name("own");
      await makeBucket(account, Bucket);
      const answer = await fetchSigned(lab.aws.endpoint, {
        credentials: other.credentials,
        service: "s3",
        method: "GET",
        target: `/${Bucket}?versioning`,
        headers: { "x-moto-account-id": account.id },
      });
      expect(answer.status).toBe(403);
      expect(await answer.text()).toContain("<Code>AccessDenied</Code>");
    });
  });

  test("listens on loopback only", () => {
    expect(new URL(lab.aws.endpoint).hostname).toBe("127.0.0.1");
  });
});

requires("moto")("starting a local AWS", () => {
  const moto = { command: "moto_server", env: process.env };

  test("fails with what moto printed where it does not start", async () => {
    const command = { command: "sh", env: process.env };
    await expect(startLocalAws({ roles: [], moto: command })).rejects.toThrow(
      /^sh ended with exit code \d+ before it listened\. It printed:\n/,
    );
  });

  test("fails where the port is taken, and the first one goes on", async () => {
    const calls: RecordedCall[] = [];
    const first = await startLocalAws({ roles: [], moto, onCall: (call) => calls.push(call) });
    try {
      const port = Number(new URL(first.endpoint).port);
      await expect(startLocalAws({ roles: [], moto, port })).rejects.toThrow(/EADDRINUSE/);
      expect((await fetch(`${first.endpoint}/_lab/calls`)).status).toBe(200);
    } finally {
      await first.stop();
    }
    await expect(fetch(`${first.endpoint}/_lab/calls`)).rejects.toThrow();
    expect(calls).toEqual([]);
  });
});
