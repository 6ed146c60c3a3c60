import { settingDrift } from "../../../operations/drift/setting-drift";
import type { SettingDrift } from "../../../operations/drift/findings";
import { accountCredentials } from "../../../aws/account-access";
import type { StackPlan } from "../../../review/plans/estate";
import { destinationPlanPolicy } from "../../../policies/deployer/role-policies";
import { Boto3 } from "../../support/boto3";
import { DeliveringEnvironment } from "../../support/delivering-environment";
import { BUCKET_ATTACKS, type Caller, grantKey, type Target } from "../../support/known-attacks";
import { requires } from "../../support/requirements";

requires("moto", "boto3")("what S3, KMS and SNS have that nobody declared", () => {
  jest.setTimeout(120_000);
  let made: DeliveringEnvironment;
  let boto3: Boto3;
  let call: Caller;
  let target: Target;

  beforeAll(async () => {
    made = await DeliveringEnvironment.start(0);
    const { destination } = made.environment;
    const credentials = await accountCredentials(made.environment, destination, made.awsAccess)();
    boto3 = new Boto3(made.awsAccess.endpoint);
    call = (service, operation, parameters = {}) =>
      boto3.call(credentials, destination.region, service, operation, parameters);
    target = { account: destination.account, bucket: destination.bucket };
    await call("s3", "put_bucket_versioning", {
      Bucket: target.bucket,
      VersioningConfiguration: { Status: "Enabled" },
    });
  });
  afterAll(async () => {
    await boto3?.stop();
    await made?.stop();
  });

  /** The comparison of a destination's stack that holds the key, and these. */
  function plans(...held: { type: string; values: object }[]): StackPlan[] {
    const key = { type: "aws_kms_key", values: { arn: made.keyArn } };
    const resources = [key, ...held].map((one) => ({ mode: "managed", ...one }));
    const prior_state = { values: { root_module: { resources } } };
    return [{ stack: "test-destination", plan: { format_version: "1.2", prior_state } }];
  }

  const ask = (held: Parameters<typeof plans> = []): Promise<readonly SettingDrift[]> =>
    settingDrift(made.environment, plans(...held), made.awsAccess);

  test("nothing on what was just made, and that was asked", async () => {
    expect(await ask()).toEqual([
      { kind: "bucket", name: target.bucket, differences: [] },
      { kind: "key", name: made.keyArn, differences: [] },
    ]);
  });

  const OWNERS = {
    "Lifecycle rule that expires the logs": ["lifecycle_configuration", "hasty"],
    "Replication to another bucket": ["replication_configuration", "bucket-of-somebody-else"],
    "Event notifications of the bucket": ["notification", "function:listens"],
    "Inventory to another bucket": ["inventory", "lists"],
    "Access point": [undefined, "back-door"],
    "CORS rule": ["cors_configuration", "AllowedOrigins"],
    "Bucket as a website": ["website_configuration", "index.html"],
  } as const satisfies Record<keyof typeof BUCKET_ATTACKS, unknown>;

  test.each(Object.keys(BUCKET_ATTACKS) as (keyof typeof BUCKET_ATTACKS)[])(
    "%s: named, and not where a stack holds that of this bucket",
    async (name) => {
      await BUCKET_ATTACKS[name](call, target);
      const [owner, telling] = OWNERS[name];
      const of = async (held: Parameters<typeof plans>): Promise<string[]> => {
        const [bucket] = await ask(held);
        expect(bucket!.error).toBeUndefined();
        return bucket!.differences.filter((difference) => difference.includes(telling));
      };
      expect(await of([])).toHaveLength(1);
      const holds = (bucket: string) => [{ type: `aws_s3_bucket_${owner}`, values: { bucket } }];
      expect(await of(holds("another-bucket"))).toHaveLength(1);
      expect(await of(holds(target.bucket))).toHaveLength(owner === undefined ? 1 : 0);
    },
  );

  test("a grant of the key, and a key that is turned off or waits for its deletion", async () => {
    await grantKey(call, made.keyArn);
    const KeyId = made.keyArn.replace(/^.*:key\//, "");
    const found = async (): Promise<readonly string[]> => (await ask())[1]!.differences;
    expect(await found()).toEqual([
      expect.stringMatching(
        /^The environment does not declare this grant: .*"GranteePrincipal":"[^"]*999999999999/,
      ),
    ]);
    await call("kms", "disable_key", { KeyId });
    expect(await found()).toContain("Its state is Disabled.");
    await call("kms", "schedule_key_deletion", { KeyId, PendingWindowInDays: 7 });
    expect(await found()).toContainEqual(
      expect.stringMatching(/^Its state is PendingDeletion: it is deleted at 20\d\d-/),
    );
  });

  test("who may not ask has not looked: an error that names the action, beside what was found", async () => {
    const { environment } = made;
    const { destination } = environment;
    const plan = destinationPlanPolicy({
      region: destination.region,
      bucketName: target.bucket,
      key: { alias: "x" },
      trail: {
        partition: "aws",
        homeRegion: destination.region,
        accountId: destination.account,
        name: "central-trail",
      },
    });
    const without = (...actions: string[]): typeof plan => ({
      ...plan,
      Statement: plan.Statement.flatMap((statement) => {
        const Action = [statement.Action ?? []].flat().filter((one) => !actions.includes(one));
        return Action.length === 0 ? [] : [{ ...statement, Action }];
      }),
    });
    made.aws.putRolePolicy(destination.roleArn, plan);
    expect((await ask()).map(({ error }) => error)).toEqual([undefined, undefined]);
    made.aws.putRolePolicy(
      destination.roleArn,
      without("s3:GetReplicationConfiguration", "s3:ListAccessPoints", "kms:ListGrants"),
    );
    const [bucket, key] = await ask();
    expect(bucket!.error).toMatch(/AccessDenied: .*s3:GetReplicationConfiguration/);
    expect(bucket!.error).toMatch(/AccessDenied: .*s3:ListAccessPoints/);
    expect(bucket!.differences).toContainEqual(expect.stringContaining("hasty"));
    expect(key!.error).toMatch(/kms:ListGrants/);
  });

  test("a bucket that is gone is reported", async () => {
    const { environment } = made;
    const destination = { ...environment.destination, accessLogBucket: "never-made" };
    const found = await settingDrift({ ...environment, destination }, plans(), made.awsAccess);
    expect(found).toContainEqual({
      kind: "bucket",
      name: "never-made",
      differences: ["AWS knows no such bucket."],
    });
  });
});
