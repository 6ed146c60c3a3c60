import type { AssumableRole } from "../../../lab/access/assumable-roles";
import { requires } from "../../support/requirements";
import { type Account, type Lab, makeBucket, startLab } from "../../support/lab";

const READER = "arn:aws:iam::400000000001:role/path/reader";
const ROLES: readonly AssumableRole[] = [{ roleArn: READER }];

requires("moto", "boto3")("policies that are put", () => {
  let lab: Lab;
  let account: Account;
  let Bucket: string;
  beforeAll(async () => {
    lab = await startLab({ roles: ROLES });
    account = await lab.account();
    Bucket = lab.name("put");
    await makeBucket(account, Bucket);
  });
  afterAll(() => lab.stop());

  const statement = (change: object) => ({
    Effect: "Allow",
    Principal: "*",
    Action: "s3:GetObject",
    Resource: "*",
    ...change,
  });
  const text = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });

  /**
   * Each service's way to put a policy on a resource, and its name for a policy that is not one.
   */
  const services: Record<string, { put: (Policy: string) => Promise<unknown>; code: string }> = {
    S3: {
      put: (Policy) => account.call("s3", "put_bucket_policy", { Bucket, Policy }),
      code: "MalformedPolicy",
    },
    "KMS, for a new key": {
      put: (Policy) => account.call("kms", "create_key", { Policy }),
      code: "MalformedPolicyDocumentException",
    },
    KMS: {
      put: async (Policy) => {
        const { KeyMetadata } = await account.call("kms", "create_key");
        const { KeyId } = KeyMetadata as { KeyId: string };
        return account.call("kms", "put_key_policy", { KeyId, PolicyName: "default", Policy });
      },
      code: "MalformedPolicyDocumentException",
    },
    "SNS, for a new topic": {
      put: (Policy) => account.call("sns", "create_topic", { Name: "new", Attributes: { Policy } }),
      code: "InvalidParameter",
    },
    SNS: {
      put: async (AttributeValue) => {
        const topic = await account.call("sns", "create_topic", { Name: "topic" });
        const TopicArn = topic["TopicArn"] as string;
        const AttributeName = "Policy";
        return account.call("sns", "set_topic_attributes", {
          TopicArn,
          AttributeName,
          AttributeValue,
        });
      },
      code: "InvalidParameter",
    },
    SQS: {
      put: (Policy) =>
        account.call("sqs", "create_queue", { QueueName: "q", Attributes: { Policy } }),
      code: "InvalidAttributeValue",
    },
  };

  describe.each(Object.keys(services))("%s", (name) => {
    const put = (policy: string) => services[name]!.put(policy);

    test.each<[string, object]>([
      ["no principal", { Principal: {} }],
      ["an empty list of principals", { Principal: { AWS: [] } }],
      ["an empty principal", { Principal: "" }],
      ["a malformed principal", { Principal: { AWS: "arn:aws:iam::1234:role/x" } }],
      ["a malformed resource", { Resource: "arn:amazon:s3:::logs" }],
      [
        "a malformed ARN in a condition",
        { Condition: { ArnLike: { "aws:SourceArn": "arn:aws" } } },
      ],
      ["30 February", { Condition: { DateLessThan: { "aws:CurrentTime": "2026-02-30" } } }],
      ["month 13", { Condition: { DateLessThan: { "aws:CurrentTime": "2026-13-01" } } }],
      ["hour 25", { Condition: { DateLessThan: { "aws:CurrentTime": "2026-01-01T25:00:00Z" } } }],
      ["an account that does not exist", { Principal: { AWS: "123456789012" } }],
      ["its root", { Principal: { AWS: "arn:aws:iam::123456789012:root" } }],
      ["a role that does not exist", { Principal: { AWS: "arn:aws:iam::400000000001:role/x" } }],
      ["a role by another path", { Principal: { AWS: "arn:aws:iam::400000000001:role/reader" } }],
      ["a user that does not exist", { Principal: { AWS: "arn:aws:iam::400000000001:user/x" } }],
      ["what is left of a deleted user", { Principal: { AWS: "AIDACKCEVSQ6C2EXAMPLE" } }],
      [
        "a Deny for all but a role that does not exist",
        {
          Effect: "Deny",
          Principal: undefined,
          NotPrincipal: { AWS: ["400000000001", "arn:aws:iam::400000000001:role/x"] },
        },
      ],
    ])("refuses %s", async (_, change) => {
      await expect(put(text(statement(change)))).rejects.toMatchObject({
        code: services[name]!.code,
        status: 400,
      });
    });

    test("refuses one over its limit", async () => {
      const long = text(statement({ Sid: "x".repeat(33_000) }));
      await expect(put(long)).rejects.toMatchObject({ code: services[name]!.code, status: 400 });
    });

    test("takes those who exist", async () => {
      await put(
        text(
          statement({
            Principal: {
              AWS: [
                READER,
                "400000000001",
                "arn:aws:iam::400000000001:root",
                account.id,
                "arn:aws:sts::400000000001:assumed-role/reader/session",
              ],
            },
          }),
        ),
      );
    });
  });

  test("S3 says which principal there is not", async () => {
    const AWS = "arn:aws:iam::400000000001:role/x";
    await expect(services["S3"]!.put(text(statement({ Principal: { AWS } })))).rejects.toThrow(
      `Invalid principal in policy: the local AWS has no ${AWS}`,
    );
  });

  test("roles and users that IAM has made exist", async () => {
    const trust = { Principal: { AWS: account.id }, Action: "sts:AssumeRole", Resource: undefined };
    const role = { RoleName: "made", AssumeRolePolicyDocument: text(statement(trust)) };
    const AWS = [`arn:aws:iam::${account.id}:role/made`, `arn:aws:iam::${account.id}:user/made`];
    const put = () => services["S3"]!.put(text(statement({ Principal: { AWS } })));
    await expect(put()).rejects.toMatchObject({ code: "MalformedPolicy" });
    await account.call("iam", "create_role", role);
    await expect(put()).rejects.toMatchObject({ code: "MalformedPolicy" });
    await account.call("iam", "create_user", { UserName: "made" });
    await put();
  });

  test.each<[string, object]>([
    [
      "NotPrincipal",
      { Effect: "Deny", Principal: undefined, NotPrincipal: { AWS: "400000000001" } },
    ],
    ["another action", { Action: ["sts:AssumeRole", "s3:GetObject"] }],
    ["every action", { Action: "*" }],
    ["a resource", { Resource: "*" }],
    ["no principal", { Principal: {} }],
    ["a role that does not exist", { Principal: { AWS: "arn:aws:iam::400000000001:role/x" } }],
  ])("a trust policy with %s is refused by IAM", async (_, change) => {
    const trust = { Action: "sts:AssumeRole", Resource: undefined, ...change };
    const refusal = { code: "MalformedPolicyDocument", status: 400 };
    const AssumeRolePolicyDocument = text(statement(trust));
    const create = { RoleName: lab.name("role"), AssumeRolePolicyDocument };
    await expect(account.call("iam", "create_role", create)).rejects.toMatchObject(refusal);
  });

  test("inline policies have a limit too", async () => {
    const UserName = "limited";
    await account.call("iam", "create_user", { UserName });
    const PolicyDocument = text({
      Effect: "Allow",
      Action: "*",
      Resource: "*",
      Sid: "x".repeat(2_048),
    });
    await expect(
      account.call("iam", "put_user_policy", { UserName, PolicyName: "long", PolicyDocument }),
    ).rejects.toMatchObject({ code: "LimitExceeded", status: 409 });
  });
});
