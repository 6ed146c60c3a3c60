import {
  LogDestination,
  type LogDestinationProps,
} from "../../modules/log-destination/log-destination";
import { Trail } from "../../modules/trail/trail";
import { logDestinationStack } from "../support/log-destination";
import { type Configuration, emptyStack, only, synthesized } from "../support/synthesized";
import { FOUR_TRAILS } from "../support/trails";

const [own, ...members] = FOUR_TRAILS;

const destination = (overrides: Partial<LogDestinationProps> = {}): Configuration =>
  synthesized(logDestinationStack(overrides));

const PROTECTED = ["aws_s3_bucket", "aws_kms_key", "aws_cloudtrail"];

test("bucket, key and trail are protected from destruction unless opted out", () => {
  const kept = destination();
  const throwaway = destination({ throwaway: true });
  for (const type of PROTECTED) {
    expect(only(kept, type).lifecycle?.prevent_destroy).toBe(true);
    expect(only(throwaway, type).lifecycle?.prevent_destroy).toBeUndefined();
  }
  expect(only(kept, "aws_s3_bucket").force_destroy).toBe(false);
  expect(only(throwaway, "aws_s3_bucket").force_destroy).toBe(true);
});

test("the bucket is closed, versioned, owned by its account and encrypted with the key", () => {
  const configuration = destination();
  expect(only(configuration, "aws_s3_bucket_public_access_block")).toMatchObject({
    block_public_acls: true,
    block_public_policy: true,
    ignore_public_acls: true,
    restrict_public_buckets: true,
  });
  expect(only(configuration, "aws_s3_bucket_ownership_controls").rule).toEqual({
    object_ownership: "BucketOwnerEnforced",
  });
  expect(only(configuration, "aws_s3_bucket_versioning").versioning_configuration).toEqual({
    status: "Enabled",
  });
  expect(only(configuration, "aws_s3_bucket_server_side_encryption_configuration").rule).toEqual([
    {
      apply_server_side_encryption_by_default: {
        kms_master_key_id: expect.stringMatching(/^\$\{aws_kms_key\..*\.arn\}$/) as string,
        sse_algorithm: "aws:kms",
      },
      bucket_key_enabled: false,
    },
  ]);
  expect(only(configuration, "aws_kms_key")).toMatchObject({
    enable_key_rotation: true,
    deletion_window_in_days: 30,
  });
  expect(only(configuration, "aws_kms_alias").name).toBe("alias/logs");
});

test("without a key the bucket has SSE-S3 and no key ARN leaves the gate", () => {
  const configuration = destination({ encryption: { sseAlgorithm: "AES256" } });
  expect(configuration.resource.aws_kms_key).toBeUndefined();
  expect(
    only(configuration, "aws_s3_bucket_server_side_encryption_configuration").rule,
  ).toMatchObject([{ apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } }]);
  expect(Object.keys(configuration.output!)).toEqual(["s3_bucket_name", "trails"]);
});

test("depends_on holds AWS's order: policies, wait, own trail, gate", () => {
  const configuration = destination();
  const { terraform_data: data } = configuration.resource;
  const address = (type: string): string =>
    `${type}.${Object.keys(configuration.resource[type]!)[0]}`;
  const named = (part: string): [string, { depends_on?: string[] }] =>
    Object.entries(data!).find(([name]) => name.includes(part))!;
  const [waitName, wait] = named("wait");
  const [, gate] = named("gate");
  const policies = [address("aws_s3_bucket_policy"), address("aws_kms_key")];
  expect(wait.depends_on).toEqual(policies);
  expect(only(configuration, "aws_cloudtrail").depends_on).toEqual([`terraform_data.${waitName}`]);
  expect(gate.depends_on).toEqual([
    ...policies,
    `terraform_data.${waitName}`,
    address("aws_cloudtrail"),
  ]);
});

test("everything leaves the stack through the gate, under stable names", () => {
  const configuration = destination({ s3KeyPrefix: "org" });
  const [gate] = Object.keys(configuration.resource.terraform_data!).filter((name) =>
    name.includes("gate"),
  );
  expect(configuration.output).toEqual({
    kms_key_arn: { value: `\${terraform_data.${gate}.output.kms_key_arn}` },
    s3_bucket_name: { value: `\${terraform_data.${gate}.output.s3_bucket_name}` },
    s3_key_prefix: { value: `\${terraform_data.${gate}.output.s3_key_prefix}` },
    trails: { value: `\${terraform_data.${gate}.output.trails}` },
  });
  expect(configuration.resource.terraform_data![gate!]!.input).toMatchObject({
    s3_bucket_name: "the-log-bucket",
    s3_key_prefix: "org",
    trails: {
      "arn:aws:cloudtrail:us-east-1:444444444444:trail/central-trail": "org/AWSLogs/444444444444/",
    },
  });
});

test("the wait runs again when a policy changes, and only then", () => {
  const triggers = (configuration: Configuration): unknown =>
    Object.entries(configuration.resource.terraform_data!).find(([name]) =>
      name.includes("wait"),
    )![1].triggers_replace;
  const before = triggers(destination());
  expect(triggers(destination({ policyWaitSeconds: 5, throwaway: true }))).toEqual(before);
  expect(triggers(destination({ memberTrails: members.slice(1) }))).not.toEqual(before);
});

test.each([
  [undefined, "sleep 30"],
  [7, "sleep 7"],
])("a wait of %p seconds runs %p", (policyWaitSeconds, command) => {
  const text = JSON.stringify(destination({ policyWaitSeconds }));
  expect(text).toContain(`"local-exec":{"command":"${command}"}`);
});

test("a wait of 0 seconds runs nothing", () => {
  expect(JSON.stringify(destination({ policyWaitSeconds: 0 }))).not.toContain("local-exec");
});

test("refuses what AWS or Terraform would refuse, naming prop and value", () => {
  expect(() => destination({ policyWaitSeconds: 601 })).toThrow(
    "seconds 601 is not a whole number from 0 to 600",
  );
  expect(() => destination({ bucketName: "Bad_Name" })).toThrow(
    'bucketName "Bad_Name" may hold only lower-case letters',
  );
  expect(() => destination({ s3KeyPrefix: "AWSLogs/x" })).toThrow(
    's3KeyPrefix "AWSLogs/x" may not hold AWSLogs/',
  );
  expect(() => destination({ encryption: { alias: "alias x", deletionWindowInDays: 3 } })).toThrow(
    /deletionWindowInDays 3 is outside 7 to 30.*\n.*alias "alias x" must have 1 to 250 letters, digits or \/ _ -/,
  );
  expect(() =>
    destination({ encryption: { kmsKeyArn: "arn:aws:kms:us-east-1:1:key/k", alias: "logs" } }),
  ).toThrow(
    "test/logs: encryption has kmsKeyArn, a key that exists, and alias of one to make; remove either.",
  );
  expect(() =>
    destination({ encryption: { sseAlgorithm: "AES256", bucketKeyEnabled: true } }),
  ).toThrow(
    'test/logs: encryption has sseAlgorithm "AES256", which uses no KMS key, and bucketKeyEnabled of one; remove either.',
  );
  expect(() =>
    destination({ trailSettings: { isMultiRegionTrail: true, includeGlobalServiceEvents: false } }),
  ).toThrow("does not go with isMultiRegionTrail");
  expect(() => destination({ trail: { ...own!, name: "a..b" } })).toThrow('trail.name "a..b"');
});

test("a member's trail in the same stack waits for the gate", () => {
  const stack = emptyStack();
  const logs = new LogDestination(stack, "logs", {
    bucketName: "the-log-bucket",
    trail: own!,
    memberTrails: members,
  });
  new Trail(stack, "member", { trail: members[0]!, destination: logs });
  const configuration = synthesized(stack);
  const gate = Object.keys(configuration.resource.terraform_data!).find((n) => n.includes("gate"));
  const member = Object.entries(configuration.resource.aws_cloudtrail!).find(([name]) =>
    name.startsWith("member"),
  )![1];
  expect(member.depends_on).toEqual([`terraform_data.${gate}`]);
});

test("a trail delivers to a bucket that someone else owns", () => {
  const stack = emptyStack("foreign");
  new Trail(stack, "trail", {
    trail: members[0]!,
    destination: LogDestination.fromAttributes({
      bucketName: "someone-elses",
      s3KeyPrefix: "org",
      kmsKeyArn: "arn:aws:kms:us-east-1:999999999999:key/abc",
    }),
  });
  expect(only(synthesized(stack), "aws_cloudtrail")).toMatchObject({
    s3_bucket_name: "someone-elses",
    s3_key_prefix: "org",
    kms_key_id: "arn:aws:kms:us-east-1:999999999999:key/abc",
    is_multi_region_trail: true,
    include_global_service_events: true,
    enable_log_file_validation: true,
    enable_logging: true,
    lifecycle: { prevent_destroy: true },
  });
});
