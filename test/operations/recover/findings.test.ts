import { candidatesOf } from "../../../operations/recover/candidates";
import { hasWork, importProblem, taintDecision } from "../../../operations/recover/findings";
import { bucketSettings } from "../../../operations/recover/undeclared";
import { parseState, taintedIn } from "../../../operations/recover/state-file";

const place = { partition: "aws", region: "eu-central-1", accountId: "111111111111" } as const;

test("what AWS refuses to make twice, or makes twice, is looked for by what the configuration says", () => {
  const resource = (type: string, body: object, name = "x") => ({
    address: `${type}.${name}`,
    type,
    body: body as Record<string, unknown>,
  });
  const found = candidatesOf(
    [
      resource("aws_s3_bucket", { bucket: "logs" }),
      resource("aws_kms_key", { tags: { team: "a", "central-trail:log-key": "trail-logs" } }),
      resource("aws_kms_key", { tags: { team: "a" } }, "unmarked"),
      resource("aws_kms_alias", { name: "alias/trail-logs" }),
      resource("aws_cloudtrail", { name: "trail" }),
      resource("aws_sns_topic", { name: "files" }),
      resource("aws_sqs_queue", { name: "queue" }),
      resource("aws_glue_catalog_database", { name: "db" }),
      resource("aws_glue_catalog_table", {
        name: "logs",
        database_name: "${aws_glue_catalog_database.x.name}",
      }),
      resource("aws_athena_workgroup", { name: "group" }),
      resource("aws_s3_bucket_policy", { bucket: "logs" }),
    ],
    place,
  );
  expect(found.map(({ address, sought }) => [address, sought])).toEqual([
    ["aws_s3_bucket.x", { kind: "bucket", name: "logs" }],
    ["aws_kms_key.x", { kind: "key", tag: { key: "central-trail:log-key", value: "trail-logs" } }],
    ["aws_kms_alias.x", { kind: "alias", name: "alias/trail-logs" }],
    [
      "aws_cloudtrail.x",
      { kind: "trail", arn: "arn:aws:cloudtrail:eu-central-1:111111111111:trail/trail" },
    ],
    ["aws_sns_topic.x", { kind: "topic", arn: "arn:aws:sns:eu-central-1:111111111111:files" }],
    [
      "aws_sqs_queue.x",
      { kind: "other", id: "https://sqs.eu-central-1.amazonaws.com/111111111111/queue" },
    ],
    ["aws_glue_catalog_database.x", { kind: "other", id: "111111111111:db" }],
    ["aws_glue_catalog_table.x", { kind: "other", id: "111111111111:db:logs" }],
    ["aws_athena_workgroup.x", { kind: "other", id: "group" }],
  ]);
});

const planned = (kind: "none" | "update" | "replace", attributes: string[] = []) => ({
  changes: new Map([["aws_kms_key.x", { kind, attributes }]]),
});

test("what is tainted stays so unless the next deploy would then keep it", () => {
  const decide = (plan: Parameters<typeof taintDecision>[1]) =>
    taintDecision("aws_kms_key.x", plan);
  expect(decide(planned("none"))).toMatchObject({ untaint: { change: { kind: "none" } } });
  expect(decide(planned("update", ["policy"]))).toMatchObject({
    untaint: { change: { attributes: ["policy"] } },
  });
  expect(decide(planned("replace", ["key_usage"]))).toEqual({
    left: expect.stringContaining("is not as the configuration wants it: key_usage") as string,
  });
  expect(decide({ changes: new Map() })).toEqual({
    left: expect.stringContaining("the configuration no longer has it") as string,
  });
  expect(decide({ changes: new Map(), error: "Error: no" })).toEqual({
    left: expect.stringContaining("could not be compared: Error: no") as string,
  });
});

test("what the next deploy would replace is not imported", () => {
  expect(
    importProblem("bucket x", { kind: "replace", attributes: ["object_lock_enabled"] }),
  ).toMatch(/is not imported: the next deploy would replace it, for its object_lock_enabled/);
  expect(importProblem("bucket x", { kind: "update", attributes: ["tags"] })).toBeUndefined();
  expect(importProblem("bucket x", undefined)).toBeUndefined();
});

test("a bucket's settings are shown, with what becomes of them", () => {
  const attributes = {
    bucket: "logs",
    cors_rule: [],
    website: null,
    policy: '{"Statement":[]}',
    lifecycle_rule: [{ enabled: true, expiration: [{ days: 1, date: "" }], prefix: "" }],
    replication_configuration: [{ role: "arn:aws:iam::222222222222:role/theirs", rules: [] }],
  };
  const declared = [{ address: "aws_s3_bucket_policy.x", type: "aws_s3_bucket_policy", body: {} }];
  expect(bucketSettings(attributes, declared)).toEqual([
    'lifecycle_rule (nobody declared it, and it stays): [{"enabled":true,"expiration":[{"days":1}]}]',
    'policy (the next deploy writes its own): {"Statement":[]}',
    'replication_configuration (nobody declared it, and it stays): [{"role":"arn:aws:iam::222222222222:role/theirs"}]',
  ]);
});

test("a wait that was cut short stays tainted: nothing is lost with it", () => {
  const resource = (type: string, status?: string) => ({
    mode: "managed",
    type,
    name: "x",
    instances: [{ status, attributes: {} }],
  });
  const state = parseState(
    JSON.stringify({
      version: 4,
      lineage: "l",
      serial: 1,
      resources: [
        resource("terraform_data", "tainted"),
        resource("aws_kms_key", "tainted"),
        resource("aws_s3_bucket"),
      ],
    }),
  );
  expect(taintedIn(state)).toEqual(["aws_kms_key.x"]);
});

test("a lock of a run that lives is not work", () => {
  const info = { id: "1", operation: "", who: "", created: "" };
  const findings = { stack: "a", imports: [], untaints: [], notes: [], left: [] };
  expect(hasWork(findings)).toBe(false);
  expect(hasWork({ ...findings, lock: { kind: "alive", info, why: "" } })).toBe(false);
  expect(hasWork({ ...findings, lock: { kind: "dead", info, why: "" } })).toBe(true);
});
