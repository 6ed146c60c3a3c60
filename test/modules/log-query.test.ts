import { LogQuery } from "../../modules/log-query/log-query";
import type { LogQueryProps } from "../../modules/log-query/log-query-props";
import { expression } from "../../modules/terraform-text";
import { LOG_FOLDERS } from "../../cloudtrail/files/log-folders";
import { ENUM_ACCOUNTS, logTableNames } from "../../cloudtrail/table/log-table";
import { type Configuration, emptyStack, only, synthesized } from "../support/synthesized";

const ACCOUNTS = ["111111111111", "222222222222"];

function query(overrides: Partial<LogQueryProps> = {}): Configuration {
  const stack = emptyStack();
  new LogQuery(stack, "query", {
    partition: "aws",
    accountId: "111111111111",
    bucketName: "the-logs",
    accountIds: ACCOUNTS,
    firstDay: "2026-01-31",
    databaseName: "central_trail",
    workgroupName: "central-trail",
    resultsBucketName: "the-results",
    ...overrides,
  });
  return synthesized(stack);
}

type Table = Configuration["resource"][string][string];

function tableOf({ resource }: Configuration, name = "cloudtrail_logs"): Table {
  return Object.values(resource["aws_glue_catalog_table"]!).find((table) => table.name === name)!;
}

const parametersOf = (configuration: Configuration): Record<string, string> =>
  tableOf(configuration).parameters as Record<string, string>;
const many = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => String(100_000_000_000 + index));

test("the table's partitions are projected; what is Athena's in its template stays Athena's", () => {
  const configuration = query({ regions: ["us-east-1", "eu-west-1"] });
  expect(parametersOf(configuration)).toEqual({
    EXTERNAL: "TRUE",
    "projection.enabled": "true",
    "projection.account.type": "enum",
    "projection.account.values": "111111111111,222222222222",
    "projection.region.type": "enum",
    "projection.region.values": "us-east-1,eu-west-1",
    "projection.day.type": "date",
    "projection.day.format": "yyyy/MM/dd",
    "projection.day.range": "2026/01/31,NOW",
    "projection.day.interval": "1",
    "projection.day.interval.unit": "DAYS",
    // Terraform makes ${ of $${.
    "storage.location.template": "s3://the-logs/AWSLogs/$${account}/CloudTrail/$${region}/$${day}",
  });
  expect(tableOf(configuration)).toMatchObject({
    table_type: "EXTERNAL_TABLE",
    storage_descriptor: {
      location: "s3://the-logs/AWSLogs/",
      input_format: "com.amazon.emr.cloudtrail.CloudTrailInputFormat",
      ser_de_info: { serialization_library: "org.apache.hive.hcatalog.data.JsonSerDe" },
    },
    partition_keys: ["account", "region", "day"].map((name) => ({ name, type: "string" })),
  });
});

test("each folder of log files has a table of its own, with its own columns", () => {
  const tables = Object.keys(query().resource["aws_glue_catalog_table"]!);
  expect(tables).toHaveLength(LOG_FOLDERS.length);
  const columnsOf = (name: string): string[] =>
    (tableOf(query(), name).storage_descriptor as { columns: { name: string }[] }).columns.map(
      (column) => column.name,
    );
  const placeOf = (name: string): unknown =>
    (tableOf(query(), name).parameters as Record<string, string>)["storage.location.template"];
  for (const [name, folder, column] of [
    ["cloudtrail_logs_insights", "CloudTrail-Insight", "insightdetails"],
    ["cloudtrail_logs_network_activity", "CloudTrail-NetworkActivity", "vpcendpointaccountid"],
    ["cloudtrail_logs_aggregated", "CloudTrail-Aggregated", "timewindow"],
  ] as const) {
    expect(columnsOf(name)).toContain(column);
    expect(placeOf(name)).toBe(`s3://the-logs/AWSLogs/$\${account}/${folder}/$\${region}/$\${day}`);
  }
  expect(columnsOf("cloudtrail_logs_aggregated")).not.toContain("eventtime");
});

test("a table's name leaves room for those that begin with it", () => {
  const tableName = "t".repeat(128);
  expect(() => query({ tableName })).toThrow(/is too long: the table t+_insights begins with it/);
  expect(() => query({ tableName: "t".repeat(128 - "_network_activity".length) })).not.toThrow();
});

test("resources have arnprefix, which S3's objects have in place of the ARN", () => {
  const { columns } = tableOf(query()).storage_descriptor as {
    columns: { name: string; type: string }[];
  };
  expect(columns.find(({ name }) => name === "resources")!.type).toBe(
    "array<struct<arn:string,accountid:string,type:string,arnprefix:string>>",
  );
  expect(columns.map(({ name }) => name)).toEqual(expect.arrayContaining(["sharedeventid"]));
});

test("a prefix, and a bucket that only Terraform knows, are in the template", () => {
  const reference = "data.terraform_remote_state.destination.outputs.s3_bucket_name";
  const bucketName = `\${${reference}}`;
  const configuration = query({ s3KeyPrefix: "org", bucketName: expression(reference) });
  expect(parametersOf(configuration)["storage.location.template"]).toBe(
    `s3://${bucketName}/org/AWSLogs/$\${account}/CloudTrail/$\${region}/$\${day}`,
  );
  expect(tableOf(configuration).storage_descriptor).toMatchObject({
    location: `s3://${bucketName}/org/AWSLogs/`,
  });
});

test.each<[string, Partial<LogQueryProps>, string]>([
  ["a few dozen accounts", { accountIds: many(ENUM_ACCOUNTS) }, "enum"],
  ["more", { accountIds: many(ENUM_ACCOUNTS + 1) }, "injected"],
  ["few, but wanted", { accountProjection: "injected" }, "injected"],
  ["more, but wanted", { accountIds: many(100), accountProjection: "enum" }, "enum"],
])("projection of %s", (_, overrides, type) => {
  const parameters = parametersOf(query(overrides));
  expect(parameters["projection.account.type"]).toBe(type);
  expect("projection.account.values" in parameters).toBe(type === "enum");
});

test("without a list, all known regions of the partition", () => {
  const regions = (overrides: Partial<LogQueryProps>): string[] =>
    parametersOf(query(overrides))["projection.region.values"]!.split(",");
  expect(regions({})).toEqual(expect.arrayContaining(["us-east-1", "me-south-1"]));
  expect(regions({}).filter((region) => /^(us-gov|cn)-/.test(region))).toEqual([]);
  expect(regions({ partition: "aws-us-gov" })).toEqual(["us-gov-east-1", "us-gov-west-1"]);
});

test("the workgroup's limit, results bucket and encryption bind whoever queries", () => {
  const configuration = query();
  const [results] = Object.keys(configuration.resource.aws_s3_bucket!);
  const [policy] = Object.keys(configuration.resource.aws_s3_bucket_policy!);
  expect(only(configuration, "aws_athena_workgroup")).toMatchObject({
    name: "central-trail",
    force_destroy: false,
    configuration: {
      enforce_workgroup_configuration: true,
      publish_cloudwatch_metrics_enabled: true,
      bytes_scanned_cutoff_per_query: 107_374_182_400,
      result_configuration: {
        output_location: `s3://\${aws_s3_bucket.${results}.id}/`,
        expected_bucket_owner: "111111111111",
        encryption_configuration: { encryption_option: "SSE_S3" },
      },
    },
    depends_on: [`aws_s3_bucket_policy.${policy}`],
  });
});

test("results are closed in, encrypted, and expire, old versions too", () => {
  const configuration = query({ resultsExpireDays: 7 });
  expect(only(configuration, "aws_s3_bucket").bucket).toBe("the-results");
  expect(only(configuration, "aws_s3_bucket_public_access_block")).toMatchObject({
    block_public_policy: true,
  });
  expect(only(configuration, "aws_s3_bucket_lifecycle_configuration").rule).toMatchObject([
    { expiration: [{ days: 7 }], noncurrent_version_expiration: [{ noncurrent_days: 1 }] },
  ]);
  const policy = JSON.parse(only(configuration, "aws_s3_bucket_policy").policy as string) as {
    Statement: { Effect: string; Sid: string }[];
  };
  expect(policy.Statement.map(({ Effect, Sid }) => [Effect, Sid])).toEqual([
    ["Deny", "DenyInsecureTransport"],
  ]);
});

test("a key for results is the bucket's and the workgroup's", () => {
  const resultsKmsKeyArn = "arn:aws:kms:us-east-1:111111111111:key/results";
  const configuration = query({ resultsKmsKeyArn });
  expect(
    only(configuration, "aws_s3_bucket_server_side_encryption_configuration").rule,
  ).toMatchObject([
    {
      apply_server_side_encryption_by_default: { kms_master_key_id: resultsKmsKeyArn },
      bucket_key_enabled: true,
    },
  ]);
  expect(only(configuration, "aws_athena_workgroup").configuration).toMatchObject({
    result_configuration: {
      encryption_configuration: { encryption_option: "SSE_KMS", kms_key_arn: resultsKmsKeyArn },
    },
  });
});

test("the saved queries are the workgroup's, and ask the table", () => {
  const configuration = query({ tableName: "logs" });
  const queries = Object.values(configuration.resource.aws_athena_named_query!);
  expect(queries.map(({ name }) => name)).toContain("redacted-bucket-owners");
  const [table] = Object.entries(configuration.resource.aws_glue_catalog_table!).find(
    ([, { name }]) => name === "logs",
  )!;
  const [workgroup] = Object.keys(configuration.resource.aws_athena_workgroup!);
  for (const one of queries) {
    expect(one).toMatchObject({
      database: `\${aws_glue_catalog_table.${table}.database_name}`,
      workgroup: `\${aws_athena_workgroup.${workgroup}.name}`,
      query: expect.stringMatching(/"central_trail"\."logs(_[a-z_]+)?"/) as string,
    });
  }
  const asked = queries.map(
    (one) => /"central_trail"\."(\w+)"/.exec((one as { query: string }).query)![1],
  );
  expect([...new Set(asked)].sort()).toEqual(Object.values(logTableNames("logs")).sort());
});

test("refuses what AWS refuses, all at once", () => {
  const act = (): Configuration =>
    query({
      databaseName: "Central-Trail",
      tableName: "1",
      workgroupName: "a b",
      firstDay: "2026-02-29",
      s3KeyPrefix: "AWSLogs",
      accountIds: ["1", "111111111111", "111111111111"],
      regions: ["mars"],
      bytesScannedCutoffPerQuery: 10_485_759,
      resultsBucketName: "the-logs",
    });
  const message = ((): string => {
    try {
      act();
      return "nothing was refused";
    } catch (error) {
      return (error as Error).message;
    }
  })();
  expect(message.split("\n")).toEqual([
    'test/query: databaseName "Central-Trail" must have 1 to 128 lower-case letters, digits and underscores, a letter first.',
    'test/query: tableName "1" must have 1 to 128 lower-case letters, digits and underscores, a letter first.',
    'test/query: workgroupName "a b" must have 1 to 128 letters, digits or . _ -.',
    'test/query: firstDay "2026-02-29" must be a day of the calendar.',
    'test/query: s3KeyPrefix "AWSLogs" may not hold AWSLogs/: CloudTrail adds that part itself.',
    'test/query: accountIds[0] "1" must have exactly 12 digits, leading zeros included.',
    'test/query: accountIds[2] "111111111111" is there twice.',
    'test/query: regions[0] "mars" is not a region name.',
    "test/query: bytesScannedCutoffPerQuery 10485759 is not a whole number of bytes from 10485760 on.",
    'test/query: resultsBucketName "the-logs" is the log bucket: results would lie among the logs.',
  ]);
  expect(() => query({ accountIds: [] })).toThrow('accountIds "" has nothing in it');
});

test("refuses accounts whose list no query has room for", () => {
  expect(() => query({ accountIds: many(16_500) })).toThrow(
    /saved query redacted-bucket-owners has \d+ bytes with 16500 accounts; Athena takes 262144/,
  );
});
