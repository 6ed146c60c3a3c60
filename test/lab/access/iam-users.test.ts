import { requires } from "../../support/requirements";
import { type Account, type Lab, makeBucket, startLab } from "../../support/lab";

requires("moto", "boto3")("users that IAM has made", () => {
  let lab: Lab;
  let owner: Account;
  let Bucket: string;
  let UserName: string;
  let user: (service: string, operation: string, parameters?: object) => Promise<unknown>;
  beforeAll(async () => {
    lab = await startLab();
  });
  afterAll(() => lab.stop());
  beforeEach(async () => {
    owner = await lab.account();
    Bucket = lab.name("users");
    await makeBucket(owner, Bucket);
    await owner.call("s3", "put_object", { Bucket, Key: "k", Body: "text" });
    UserName = lab.name("user");
    await owner.call("iam", "create_user", { UserName });
    const { AccessKey } = await owner.call("iam", "create_access_key", { UserName });
    const { AccessKeyId, SecretAccessKey } = AccessKey as Record<string, string>;
    const credentials = { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey! };
    user = (service, operation, parameters = {}) =>
      lab.boto3.call(credentials, "us-east-1", service, operation, parameters);
  });

  const policy = (Action: string, Effect = "Allow") =>
    JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect, Action, Resource: "*" }] });
  const get = () => user("s3", "get_object", { Bucket, Key: "k" });
  const refusal = {
    code: "AccessDenied",
    status: 403,
    message: expect.stringContaining("because no identity-based policy allows") as unknown,
  };

  test("who has no policy may do nothing but ask who they are", async () => {
    await expect(get()).rejects.toMatchObject(refusal);
    await expect(user("sns", "list_topics")).rejects.toMatchObject(refusal);
    await expect(user("iam", "list_users")).rejects.toMatchObject(refusal);
    await expect(user("kms", "list_keys")).rejects.toMatchObject({
      code: "AccessDeniedException",
      status: 400,
    });
    await expect(user("athena", "list_named_queries")).rejects.toMatchObject({
      code: "AccessDeniedException",
    });
    const role = { RoleArn: "arn:aws:iam::100000000001:role/deployer", RoleSessionName: "test" };
    await expect(
      user("sts", "assume_role", { ...role, ExternalId: "test-external-id" }),
    ).rejects.toMatchObject(refusal);
    expect(await user("sts", "get_caller_identity")).toMatchObject({ Account: owner.id });
  });

  test("a policy of their own lets them, and a Deny or its removal ends it", async () => {
    const put = (PolicyName: string, PolicyDocument: string) =>
      owner.call("iam", "put_user_policy", { UserName, PolicyName, PolicyDocument });
    await put("read", policy("s3:GetObject"));
    expect(await get()).toMatchObject({ Body: "text" });
    await expect(user("s3", "list_objects_v2", { Bucket })).rejects.toMatchObject(refusal);
    await put("none", policy("s3:*", "Deny"));
    await expect(get()).rejects.toMatchObject({ code: "AccessDenied" });
    await owner.call("iam", "delete_user_policy", { UserName, PolicyName: "none" });
    expect(await get()).toMatchObject({ Body: "text" });
    await owner.call("iam", "delete_user_policy", { UserName, PolicyName: "read" });
    await expect(get()).rejects.toMatchObject(refusal);
  });

  test("so does one that is attached", async () => {
    const { Policy } = await owner.call("iam", "create_policy", {
      PolicyName: lab.name("read"),
      PolicyDocument: policy("s3:GetObject"),
    });
    const { Arn: PolicyArn } = Policy as { Arn: string };
    await owner.call("iam", "attach_user_policy", { UserName, PolicyArn });
    expect(await get()).toMatchObject({ Body: "text" });
  });

  test("and one of a group", async () => {
    const GroupName = lab.name("group");
    await owner.call("iam", "create_group", { GroupName });
    await owner.call("iam", "put_group_policy", {
      GroupName,
      PolicyName: "read",
      PolicyDocument: policy("s3:GetObject"),
    });
    await expect(get()).rejects.toMatchObject(refusal);
    await owner.call("iam", "add_user_to_group", { GroupName, UserName });
    expect(await get()).toMatchObject({ Body: "text" });
  });
});
