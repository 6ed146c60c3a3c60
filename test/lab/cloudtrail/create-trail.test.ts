import { requires } from "../../support/requirements";
import {
  type Account,
  documentedBucketPolicy,
  type Lab,
  makeBucket,
  startLab,
} from "../../support/lab";

requires("moto", "boto3")("CreateTrail, called by boto3", () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab();
  });
  afterAll(() => lab.stop());

  /** An account with a bucket whose documented policy names the trail `main`. */
  async function accountWithBucket(): Promise<{ account: Account; bucket: string }> {
    const account = await lab.account();
    const bucket = lab.name("logs");
    await makeBucket(account, bucket, [account.trailArn("main")]);
    return { account, bucket };
  }

  test("makes a trail with the documented bucket policy and answers as AWS does", async () => {
    const { account, bucket } = await accountWithBucket();
    const created = await account.cloudTrail("create_trail", {
      Name: "main",
      S3BucketName: bucket,
    });
    expect(created).toEqual({
      Name: "main",
      S3BucketName: bucket,
      IncludeGlobalServiceEvents: true,
      IsMultiRegionTrail: false,
      TrailARN: account.trailArn("main"),
      LogFileValidationEnabled: false,
      IsOrganizationTrail: false,
    });
  });

  test("makes a trail to another account's bucket once that account's policy names it", async () => {
    const [destination, member] = [await lab.account(), await lab.account()];
    const bucket = lab.name("central");
    await makeBucket(destination, bucket, [destination.trailArn("main")]);
    const request = { Name: "main", S3BucketName: bucket, S3KeyPrefix: "org" };
    await expect(member.cloudTrail("create_trail", request)).rejects.toMatchObject({
      code: "InsufficientS3BucketPolicyException",
      message: `Incorrect S3 bucket policy is detected for bucket: ${bucket}`,
      status: 400,
    });
    const both = [destination.trailArn("main"), member.trailArn("main")];
    await destination.call("s3", "put_bucket_policy", {
      Bucket: bucket,
      Policy: JSON.stringify(documentedBucketPolicy(bucket, both, "org/")),
    });
    const created = await member.cloudTrail("create_trail", request);
    expect(created).toMatchObject({ TrailARN: member.trailArn("main"), S3KeyPrefix: "org" });
  });

  describe("the bucket policy", () => {
    type Statements = Record<string, unknown>[];
    type Change = (statements: Statements, account: Account) => Statements;

    async function accountWithChangedPolicy(
      change: Change,
    ): Promise<{ account: Account; bucket: string }> {
      const account = await lab.account();
      const bucket = lab.name("logs");
      const policy = documentedBucketPolicy(bucket, [account.trailArn("main")]);
      await makeBucket(account, bucket, [account.trailArn("main")], {
        ...policy,
        Statement: change(policy.Statement, account),
      });
      return { account, bucket };
    }

    const changes: Record<string, Change> = {
      "no ACL check": ([, write]) => [write!],
      "no write": ([acl]) => [acl!],
      "another account's folder": ([acl, write], { id }) => [
        acl!,
        { ...write, Resource: String(write!["Resource"]).replace(id, "123456789012") },
      ],
      "another prefix": ([acl, write]) => [
        acl!,
        { ...write, Resource: String(write!["Resource"]).replace("AWSLogs", "other/AWSLogs") },
      ],
      "another ACL": ([acl, write]) => [
        acl!,
        { ...write, Condition: { StringEquals: { "s3:x-amz-acl": "private" } } },
      ],
      "another trail on the ACL check": ([acl, write], account) => [
        { ...acl, Condition: { StringEquals: { "aws:SourceArn": account.trailArn("other") } } },
        write!,
      ],
      "a wildcard under StringEquals": ([acl, write], { id }) => [
        {
          ...acl,
          Condition: {
            StringEquals: { "aws:SourceArn": `arn:aws:cloudtrail:us-east-1:${id}:trail/*` },
          },
        },
        write!,
      ],
      "another account as source": ([acl, write]) => [
        { ...acl, Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } } },
        write!,
      ],
      "another service": ([acl, write]) => [
        { ...acl, Principal: { Service: "config.amazonaws.com" } },
        write!,
      ],
      "a Deny of unencrypted transport that takes no note of services": (statements) => [
        ...statements,
        {
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: "*",
          Condition: { BoolIfExists: { "aws:SecureTransport": "false" } },
        },
      ],
      "a Deny of everything but KMS encryption": (statements) => [
        ...statements,
        {
          Effect: "Deny",
          Principal: "*",
          Action: "s3:PutObject",
          Resource: "*",
          Condition: { StringNotEquals: { "s3:x-amz-server-side-encryption": "aws:kms" } },
        },
      ],
    };

    test.each(Object.entries(changes))("is not enough with %s", async (_, change) => {
      const { account, bucket } = await accountWithChangedPolicy(change);
      await expect(
        account.cloudTrail("create_trail", { Name: "main", S3BucketName: bucket }),
      ).rejects.toMatchObject({ code: "InsufficientS3BucketPolicyException" });
    });

    const variants: Record<string, Change> = {
      "aws:SourceAccount in place of aws:SourceArn": ([acl, write], { id }) => [
        { ...acl, Condition: { StringEquals: { "aws:SourceAccount": id } } },
        write!,
      ],
      "a wildcard under StringLike": ([acl, write], { id }) => [
        {
          ...acl,
          Condition: { StringLike: { "aws:SourceArn": `arn:aws:cloudtrail:*:${id}:trail/*` } },
        },
        write!,
      ],
      "a Deny of unencrypted transport that spares services": (statements) => [
        ...statements,
        {
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: "*",
          Condition: {
            Bool: { "aws:SecureTransport": "false", "aws:PrincipalIsAWSService": "false" },
          },
        },
      ],
    };

    test.each(Object.entries(variants))("is enough with %s", async (_, change) => {
      const { account, bucket } = await accountWithChangedPolicy(change);
      const created = account.cloudTrail("create_trail", { Name: "main", S3BucketName: bucket });
      expect((await created)["TrailARN"]).toBe(account.trailArn("main"));
    });

    test("has to allow digests as well where log files are validated", async () => {
      const { account, bucket } = await accountWithChangedPolicy(([acl, write]) => [
        acl!,
        { ...write, Resource: String(write!["Resource"]).replace("/*", "/CloudTrail/*") },
      ]);
      const request = { Name: "main", S3BucketName: bucket };
      await expect(
        account.cloudTrail("create_trail", { ...request, EnableLogFileValidation: true }),
      ).rejects.toMatchObject({ code: "InsufficientS3BucketPolicyException" });
      expect(await account.cloudTrail("create_trail", request)).toBeTruthy();
    });
  });

  describe("the request", () => {
    let account: Account;
    let bucket: string;
    beforeAll(async () => {
      ({ account, bucket } = await accountWithBucket());
    });

    const faults: Record<string, [Record<string, unknown>, string, RegExp]> = {
      "a short name": [{ Name: "ab" }, "InvalidTrailNameException", /3 to 128/],
      "a name with neighbours": [
        { Name: "a--b" },
        "InvalidTrailNameException",
        /next to each other/,
      ],
      "a name like an IP address": [{ Name: "192.168.5.4" }, "InvalidTrailNameException", /IP/],
      "a bad bucket name": [{ S3BucketName: "Logs" }, "InvalidS3BucketNameException", /Logs/],
      "a prefix with AWSLogs/": [
        { S3KeyPrefix: "x/AWSLogs/" },
        "InvalidS3PrefixException",
        /AWSLogs/,
      ],
      "a prefix too long": [{ S3KeyPrefix: "x".repeat(201) }, "InvalidS3PrefixException", /200/],
      "multi-region without global events": [
        { IsMultiRegionTrail: true, IncludeGlobalServiceEvents: false },
        "InvalidParameterCombinationException",
        /^Multi-Region trail must include global service events\.$/,
      ],
      "an organization trail": [
        { IsOrganizationTrail: true },
        "OrganizationsNotInUseException",
        /not a member of an organization/,
      ],
      "no such bucket": [
        { S3BucketName: "nobody-has-this-one" },
        "S3BucketDoesNotExistException",
        /^S3 bucket nobody-has-this-one does not exist!$/,
      ],
      "a log group without its role": [
        { CloudWatchLogsLogGroupArn: "arn:aws:logs:us-east-1:111111111111:log-group:g:*" },
        "InvalidParameterCombinationException",
        /together/,
      ],
      "another account's log group": [
        {
          CloudWatchLogsLogGroupArn: "arn:aws:logs:us-east-1:111111111111:log-group:g:*",
          CloudWatchLogsRoleArn: "arn:aws:iam::111111111111:role/r",
        },
        "InvalidCloudWatchLogsLogGroupArnException",
        /not a log group of account/,
      ],
      "a reserved tag": [
        { TagsList: [{ Key: "aws:x", Value: "y" }] },
        "InvalidTagParameterException",
        /aws:x/,
      ],
      "51 tags": [
        { TagsList: Array.from({ length: 51 }, (_, i) => ({ Key: `k${i}`, Value: "v" })) },
        "TagsLimitExceededException",
        /50/,
      ],
      "a key that is none": [{ KmsKeyId: "not a key!" }, "InvalidKmsKeyIdException", /not a key!/],
      "no such key": [
        { KmsKeyId: "arn:aws:kms:us-east-1:111111111111:key/12345678-1234-1234-1234-123456789012" },
        "KmsKeyNotFoundException",
        /does not exist/,
      ],
      "a bad topic name": [
        { SnsTopicName: "no topic" },
        "InvalidSnsTopicNameException",
        /no topic/,
      ],
      "no such topic": [{ SnsTopicName: "nobody" }, "InsufficientSnsTopicPolicyException", /SNS/],
    };

    test.each(Object.entries(faults))("with %s is refused", async (_, [change, code, message]) => {
      const refused = account.cloudTrail("create_trail", {
        Name: "main",
        S3BucketName: bucket,
        ...change,
      });
      await expect(refused).rejects.toMatchObject({
        code,
        message: expect.stringMatching(message) as unknown,
      });
      expect((await account.cloudTrail("list_trails"))["Trails"]).toEqual([]);
    });
  });

  test("refuses a name twice, also against another region's multi-region trail", async () => {
    const { account, bucket } = await accountWithBucket();
    const request = { Name: "main", S3BucketName: bucket, IsMultiRegionTrail: true };
    await account.cloudTrail("create_trail", request);
    const taken = {
      code: "TrailAlreadyExistsException",
      message: `Trail main already exists for customer: ${account.id}`,
    };
    await expect(account.cloudTrail("create_trail", request)).rejects.toMatchObject(taken);
    await expect(
      account.in("eu-west-1").cloudTrail("create_trail", { Name: "main", S3BucketName: bucket }),
    ).rejects.toMatchObject(taken);
  });

  test("allows five trails in a region; a multi-region trail counts in each", async () => {
    const account = await lab.account();
    const bucket = lab.name("logs");
    const names = ["t-1", "t-2", "t-3", "t-4", "t-5", "t-6"];
    const elsewhere = account.in("eu-west-1");
    await makeBucket(account, bucket, [
      ...names.map((name) => account.trailArn(name)),
      elsewhere.trailArn("far"),
    ]);
    await elsewhere.cloudTrail("create_trail", {
      Name: "far",
      S3BucketName: bucket,
      IsMultiRegionTrail: true,
    });
    for (const Name of names.slice(0, 4))
      await account.cloudTrail("create_trail", { Name, S3BucketName: bucket });
    await expect(
      account.cloudTrail("create_trail", { Name: "t-5", S3BucketName: bucket }),
    ).rejects.toMatchObject({
      code: "MaximumNumberOfTrailsExceededException",
      message: `User: ${account.id} already has 5 trails in us-east-1.`,
    });
    await account.cloudTrail("delete_trail", { Name: "t-1" });
    expect(
      await account.cloudTrail("create_trail", { Name: "t-5", S3BucketName: bucket }),
    ).toMatchObject({ Name: "t-5" });
  });
});
