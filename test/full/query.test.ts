import { HeadBucketCommand } from "@aws-sdk/client-s3";
import { LOG_COLUMNS } from "../../cloudtrail/table/log-columns";
import { logTable } from "../../cloudtrail/table/log-table";
import { regionsOfPartition } from "../../cloudtrail/regions";
import { savedQueries } from "../../cloudtrail/table/saved-queries";
import { type AccountRoles, deployerRoles } from "../../operations/policies/deployer-roles";
import {
  type RequiredPermissions,
  requiredPermissions,
  WORKGROUP,
} from "../policies/deployer/required-permissions";
import { refused, withoutEach } from "../policies/deployer/role-coverage";
import { type Answer, type AwsCredentials, Boto3 } from "../support/boto3";
import { Deployment, type EnvironmentFile, fourAccountsFile, states } from "../support/deployment";
import { requires } from "../support/requirements";

const STEPS = ["deploy", "plan", "change", "destroy"] as const;
type Step = (typeof STEPS)[number];

const MEMBER = "222222222222";
const RESULTS = "central-trail-test-results";
const DATABASE = "central_trail_test";
const TABLE = "cloudtrail_logs";

/** What queries add to the permissions. */
const ADDED = /^(athena|glue):/;

/** What no recorded call shows, and why the documents have it all the same. */
const NOT_RECORDED: Readonly<Record<string, string>> = {
  "athena:UpdateWorkGroup": "asked for when a setting changes, and moto cannot change a workgroup",
};

// One story: the table and the workgroup on a local AWS, from the first deploy to the end, and what
// that asks of the destination's role.
requires(
  "terraform",
  "moto",
  "boto3",
)("queries", () => {
  jest.setTimeout(400_000);
  const recorded: Partial<Record<Step, RequiredPermissions>> = {};
  let deployment: Deployment;
  let file: EnvironmentFile;
  let role: AccountRoles;
  let boto3: Boto3;
  let credentials: AwsCredentials;

  beforeAll(async () => {
    file = fourAccountsFile();
    file.members = file.members.filter(({ account }) => account === MEMBER);
    file.tags = { team: "security" };
    Object.assign(file.destination, { query: { resultsBucket: RESULTS, firstDay: "2026-01-31" } });
    deployment = await Deployment.start(file);
    file.members = [];
    deployment.write(file);
    role = deployerRoles(deployment.environment).accounts[0]!;
    boto3 = new Boto3(deployment.env.AWS_ENDPOINT_URL!);
    credentials = await assumeRole(role.roleArn);
  });
  afterAll(async () => {
    await boto3?.stop();
    await deployment?.stop();
  });

  async function assumeRole(RoleArn: string): Promise<AwsCredentials> {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = deployment.env;
    const operator = { accessKeyId: AWS_ACCESS_KEY_ID!, secretAccessKey: AWS_SECRET_ACCESS_KEY! };
    const { externalId: ExternalId } = file.deployer;
    const parameters = { RoleArn, ExternalId, RoleSessionName: "test" };
    const { Credentials } = await boto3.call(
      ...([operator, file.destination.region, "sts", "assume_role", parameters] as const),
    );
    const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials as Record<string, string>;
    return {
      accessKeyId: AccessKeyId!,
      secretAccessKey: SecretAccessKey!,
      sessionToken: SessionToken!,
    };
  }

  function ask(service: string, operation: string, parameters: object): Promise<Answer> {
    return boto3.call(credentials, file.destination.region, service, operation, parameters);
  }

  async function record<T>(step: Step, work: () => Promise<T>): Promise<T> {
    const { result, calls } = await deployment.terraformCalls(work);
    recorded[step] = requiredPermissions(calls);
    return result;
  }

  const input = (...accountIds: string[]) => ({
    bucketName: file.destination.bucket,
    accountIds,
    regions: regionsOfPartition("aws"),
    firstDay: "2026-01-31",
  });

  async function table(): Promise<Answer> {
    const { Table } = await ask("glue", "get_table", { DatabaseName: DATABASE, Name: TABLE });
    return Table as Answer;
  }

  async function savedNow(): Promise<Record<string, string>> {
    const { NamedQueryIds } = await ask("athena", "list_named_queries", { WorkGroup: WORKGROUP });
    const entries = [];
    for (const NamedQueryId of NamedQueryIds as string[]) {
      const { NamedQuery } = await ask("athena", "get_named_query", { NamedQueryId });
      const { Name, QueryString } = NamedQuery as Record<string, string>;
      entries.push([Name, QueryString]);
    }
    return Object.fromEntries(entries) as Record<string, string>;
  }

  const expectedQueries = (...accountIds: string[]): Record<string, string> =>
    Object.fromEntries(
      savedQueries({ database: DATABASE, table: TABLE, accountIds }).map(({ name, sql }) => [
        name,
        sql,
      ]),
    );

  test("deploy", async () => {
    const outcomes = await record("deploy", () => deployment.run("deploy"));
    expect(outcomes.map(({ error }) => error)).toEqual([undefined, undefined]);
    expect(states(outcomes)).toEqual({ "test-destination": "done", "test-upkeep": "done" });
  });

  test("the table reads back as it was meant: Terraform has left Athena's variables alone", async () => {
    const { location, properties } = logTable(input(file.destination.account));
    const found = await table();
    expect(found["Parameters"]).toEqual({ EXTERNAL: "TRUE", ...properties });
    expect(found["Parameters"]).toMatchObject({
      "storage.location.template": `s3://${file.destination.bucket}/AWSLogs/\${account}/CloudTrail/\${region}/\${day}`,
    });
    expect(found["StorageDescriptor"]).toMatchObject({
      Location: location,
      Columns: LOG_COLUMNS.CloudTrail.map(({ name, type }) => ({ Name: name, Type: type })),
    });
  });

  test("so do workgroup and saved queries", async () => {
    const { WorkGroup } = await ask("athena", "get_work_group", { WorkGroup: WORKGROUP });
    expect(WorkGroup).toMatchObject({
      Configuration: {
        EnforceWorkGroupConfiguration: true,
        PublishCloudWatchMetricsEnabled: true,
        BytesScannedCutoffPerQuery: 107_374_182_400,
        ResultConfiguration: {
          OutputLocation: `s3://${RESULTS}/`,
          ExpectedBucketOwner: file.destination.account,
          EncryptionConfiguration: { EncryptionOption: "SSE_S3" },
        },
      },
    });
    expect(await savedNow()).toEqual(expectedQueries(file.destination.account));
  });

  test("plan: nothing is left to change", async () => {
    const { code, text } = await record("plan", () => deployment.plan("test-upkeep"));
    expect({ code, text }).toMatchObject({ code: 0 });
  });

  test("change: an account comes, and all tags change", async () => {
    file.members = fourAccountsFile().members.filter(({ account }) => account === MEMBER);
    file.tags = { owner: "log-archive" };
    deployment.write(file);
    const outcomes = await record("change", () => deployment.run("deploy", ["test-upkeep"]));
    expect(states(outcomes)).toEqual({ "test-upkeep": "done" });
    const accounts = [file.destination.account, MEMBER];
    expect((await table())["Parameters"]).toMatchObject({
      "projection.account.values": accounts.join(","),
    });
    expect(await savedNow()).toEqual(expectedQueries(...accounts));
  });

  test("destroy: nothing stays", async () => {
    file.members = [];
    deployment.write(file);
    const outcomes = await record("destroy", () => deployment.run("destroy"));
    expect(Object.values(states(outcomes))).toEqual(["done", "done"]);
    expect(await savedNow()).toEqual({});
    await expect(table()).rejects.toMatchObject({ code: "EntityNotFoundException" });
    await expect(
      deployment.s3(file.destination.account).send(new HeadBucketCommand({ Bucket: RESULTS })),
    ).rejects.toMatchObject({ name: "NotFound" });
  });

  test("the roles may do all of it, and nothing of Athena and Glue is there to spare", () => {
    const all = STEPS.map((step) => recorded[step]!);
    const { roleArn, deploy, plan } = role;
    expect(refused(roleArn, deploy, all)).toEqual([]);
    expect(refused(roleArn, plan, [recorded.plan!])).toEqual([]);
    const cases = [
      ...withoutEach(deploy, ADDED).map((one) => ({ ...one, steps: all })),
      ...withoutEach(plan, ADDED).map((one) => ({ ...one, steps: [recorded.plan!] })),
    ];
    const unneeded = cases.filter(({ left, steps }) => refused(roleArn, left, steps).length === 0);
    expect(unneeded.map(({ action }) => action)).toEqual(Object.keys(NOT_RECORDED));
  });
});
