import { Testing } from "cdktf";
import type { LogDestinationProps } from "../../modules/log-destination/log-destination";
import { logDestinationStack } from "../support/log-destination";
import { type Configuration, only, synthesized } from "../support/synthesized";
import { trailOf } from "../support/trails";

const destination = (overrides: Partial<LogDestinationProps> = {}): Configuration =>
  synthesized(logDestinationStack(overrides));

/** A resource's address by its type and part of its name. */
function address(configuration: Configuration, type: string, part = ""): string {
  const names = Object.keys(configuration.resource[type] ?? {}).filter((n) => n.includes(part));
  expect(names).toHaveLength(1);
  return `${type}.${names[0]}`;
}

const many = (count: number) =>
  Array.from({ length: count }, (_, index) => trailOf(String(200_000_000_000 + index)));

const NOTIFIED = { notifications: { topicName: "log-files", queueName: "log-file-queue" } };

test("addresses of what is deployed: a change needs a moved block and a major version", () => {
  const addresses = (overrides: Partial<LogDestinationProps>): string[] =>
    Object.entries(destination(overrides).resource).flatMap(([type, resources]) =>
      // Without the hash that cdktf puts behind a construct's path.
      Object.keys(resources).map((name) => `${type}.${name.replace(/_[0-9A-F]{8}$/, "")}`),
    );
  const plain = [
    "aws_cloudtrail.logs_trail",
    "aws_kms_alias.logs_key_alias",
    "aws_kms_key.logs_key",
    "aws_s3_bucket.logs_bucket",
    "aws_s3_bucket_ownership_controls.logs_bucket_ownership",
    "aws_s3_bucket_policy.logs_bucket_policy",
    "aws_s3_bucket_public_access_block.logs_bucket_public-access-block",
    "aws_s3_bucket_server_side_encryption_configuration.logs_bucket_encryption",
    "aws_s3_bucket_versioning.logs_bucket_versioning",
    "terraform_data.logs_gate",
    "terraform_data.logs_policy-wait",
  ];
  expect(addresses({}).sort()).toEqual(plain);
  const all = { ...NOTIFIED, objectLock: { mode: "GOVERNANCE", days: 1 } } as const;
  expect(addresses(all).sort()).toEqual(
    [
      ...plain,
      "aws_kms_key.logs_notifications_key",
      "aws_s3_bucket_object_lock_configuration.logs_bucket_object-lock",
      "aws_sns_topic.logs_notifications_topic",
      "aws_sns_topic_policy.logs_notifications_policy",
      "aws_sns_topic_subscription.logs_notifications_subscription",
      "aws_sqs_queue.logs_notifications_queue",
      "aws_sqs_queue_policy.logs_notifications_queue-policy",
    ].sort(),
  );
});

test("the topic is encrypted with a key of its own, and so is the queue behind it", () => {
  const configuration = destination(NOTIFIED);
  const key = `\${${address(configuration, "aws_kms_key", "notifications")}.arn}`;
  const topic = `\${${address(configuration, "aws_sns_topic")}.arn}`;
  const queue = address(configuration, "aws_sqs_queue");
  expect(only(configuration, "aws_sns_topic")).toMatchObject({
    name: "log-files",
    kms_master_key_id: key,
  });
  expect(only(configuration, "aws_sqs_queue")).toMatchObject({
    name: "log-file-queue",
    kms_master_key_id: key,
  });
  expect(only(configuration, "aws_sns_topic_policy").arn).toBe(topic);
  expect(only(configuration, "aws_sqs_queue_policy").queue_url).toBe(`\${${queue}.url}`);
  expect(only(configuration, "aws_sns_topic_subscription")).toMatchObject({
    topic_arn: topic,
    protocol: "sqs",
    endpoint: `\${${queue}.arn}`,
    raw_message_delivery: true,
  });
});

test("a topic alone has no queue, and none is the default", () => {
  const alone = destination({ notifications: { topicName: "log-files" } }).resource;
  expect(Object.keys(alone).filter((type) => type.startsWith("aws_s"))).toContain("aws_sns_topic");
  expect(Object.keys(alone).filter((type) => type.startsWith("aws_sqs"))).toEqual([]);
  const none = destination().resource;
  expect(Object.keys(none).filter((type) => /^aws_(sns|sqs)/.test(type))).toEqual([]);
});

test("wait and gate come after the topic's policy and its key's, and the gate gives out the topic's ARN", () => {
  const configuration = destination(NOTIFIED);
  const policies = [
    address(configuration, "aws_kms_key", "notifications"),
    address(configuration, "aws_sns_topic_policy"),
  ];
  const data = Object.entries(configuration.resource.terraform_data!);
  const [, wait] = data.find(([name]) => name.includes("wait"))!;
  const [gateName, gate] = data.find(([name]) => name.includes("gate"))!;
  expect(wait.depends_on).toEqual(expect.arrayContaining(policies));
  expect(gate.depends_on).toEqual(expect.arrayContaining(policies));
  expect(Object.keys(wait.triggers_replace as object)).toEqual([
    "bucket",
    "key",
    "keyArn",
    "topic",
    "topicKey",
  ]);
  const arn = `\${${address(configuration, "aws_sns_topic")}.arn}`;
  expect(gate.input).toMatchObject({ sns_topic_arn: arn });
  expect(configuration.output!.sns_topic_arn).toEqual({
    value: `\${terraform_data.${gateName}.output.sns_topic_arn}`,
  });
  // In the topic's own account and region the provider reads the name back.
  expect(only(configuration, "aws_cloudtrail").sns_topic_name).toBe(arn.replace(".arn}", ".name}"));
});

test("Object Lock is there from the start, comes before the policy, and never replaces a bucket", () => {
  const configuration = destination({ objectLock: { mode: "COMPLIANCE", days: 365 } });
  expect(only(configuration, "aws_s3_bucket")).toMatchObject({
    object_lock_enabled: true,
    lifecycle: { prevent_destroy: true, ignore_changes: ["object_lock_enabled"] },
  });
  expect(only(configuration, "aws_s3_bucket_object_lock_configuration").rule).toEqual({
    default_retention: { mode: "COMPLIANCE", days: 365 },
  });
  expect(only(configuration, "aws_s3_bucket_policy").depends_on).toEqual([
    address(configuration, "aws_s3_bucket_object_lock_configuration"),
  ]);
  const unlocked = only(destination(), "aws_s3_bucket");
  expect(unlocked.object_lock_enabled).toBeUndefined();
  expect(unlocked.lifecycle).toEqual({ prevent_destroy: true });
});

test("policies name the key that is made by reference, and IAM's variables reach AWS", () => {
  const configuration = destination({
    bucketPolicyShape: "own-prefix",
    hardening: { denyOtherEncryption: true },
  });
  const key = `\${${address(configuration, "aws_kms_key")}.arn}`;
  const { policy } = only(configuration, "aws_s3_bucket_policy") as { policy: string };
  expect(policy).toContain(`"s3:x-amz-server-side-encryption-aws-kms-key-id":"${key}"`);
  expect(policy).toContain("/AWSLogs/$${aws:SourceAccount}/*");
  const [, wait] = Object.entries(configuration.resource.terraform_data!).find(([name]) =>
    name.includes("wait"),
  )!;
  // What Terraform does not know before the key is made can't be hashed at synthesis.
  expect((wait.triggers_replace as { bucket: string }).bucket).toBe(policy);
});

test("a policy over its limit fails validation, with the shapes that fit and the line to write", () => {
  const stack = logDestinationStack({ memberTrails: many(200) });
  const problems = stack.node.findAll().flatMap(({ node }) => node.validate());
  expect(problems).toHaveLength(2);
  expect(problems[0]).toMatch(/^The key policy \(shape trail-arns, 201 accounts\) has /);
  expect(problems[0]).toContain("- destination: {keyPolicyShape: account-list}");
  expect(problems[1]).toMatch(/^The bucket policy \(shape trail-arns, 201 accounts\) has /);
  expect(problems[1]).toContain("- destination: {bucketPolicyShape: account-list}");
  expect(() => Testing.synth(stack, true)).toThrow("The bucket policy (shape trail-arns");
});

test("from 80 % of the limit on there is a warning, and no error", () => {
  const warnings = (count: number): unknown[] =>
    logDestinationStack({ memberTrails: many(count), newKey: undefined })
      .node.findAll()
      .flatMap(({ node }) => [
        ...node.validate(),
        ...node.metadata.map(({ data }) => data as unknown),
      ])
      .filter((text) => typeof text === "string" && text.includes("policy"));
  expect(warnings(40)).toEqual([]);
  expect(warnings(90)).toEqual([
    expect.stringMatching(/^The bucket policy .*with room for \d+ more/),
  ]);
});

test("the topic's policy has its limit too", () => {
  const problems = logDestinationStack({
    memberTrails: many(500),
    newKey: undefined,
    bucketPolicyShape: "account-list",
    notifications: { topicName: "log-files" },
  })
    .node.findAll()
    .flatMap(({ node }) => node.validate());
  expect(problems).toEqual([expect.stringContaining("{topicPolicyShape: account-list}")]);
});

test("what stands in a deploy's own way, or cannot be, fails validation, all at once", () => {
  const arn = (name: string): string => `arn:aws:iam::111111111111:role/${name}`;
  const stack = logDestinationStack({
    throwaway: true,
    hardening: {
      denyLogDeletion: true,
      breakGlassRoleArn: arn("break-glass"),
      deployerRoleArn: arn("deployer"),
    },
    readers: [{ name: "x", principals: [arn("x")], accounts: ["999999999999"] }],
    objectLock: { mode: "COMPLIANCE", days: 1 },
  });
  const problems = stack.node.findAll().flatMap(({ node }) => node.validate());
  expect(problems).toEqual(
    expect.arrayContaining([
      expect.stringContaining("no trail of account 999999999999 is listed"),
      expect.stringMatching(/would stop the deployer .*deployer at s3:DeleteObject/),
      expect.stringMatching(/would stop the deployer .*deployer at kms:ScheduleKeyDeletion/),
      expect.stringContaining("in mode COMPLIANCE nobody can delete"),
    ]),
  );
  expect(new Set(problems).size).toBe(problems.length);
});

test("refuses settings that make no document, and names that AWS refuses", () => {
  expect(() => destination({ bucketPolicyShape: "source-org-id" })).toThrow("organization's ID");
  expect(() => destination({ hardening: { readersOnly: true } })).toThrow("breakGlassRoleArn");
  expect(() =>
    destination({ notifications: { topicName: "log files", queueName: "q.fifo" } }),
  ).toThrow(
    /topicName "log files" must have 1 to 256 letters.*\n.*queueName "q.fifo" must have 1 to 80 letters/,
  );
});
