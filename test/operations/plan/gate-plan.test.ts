import {
  type GatePlan,
  readGatePlan,
  type StackReads,
  waitsForApply,
} from "../../../operations/plan/gate-plan";

const T2 = "arn:aws:cloudtrail:us-east-1:222222222222:trail/central-trail";
const T3 = "arn:aws:cloudtrail:us-east-1:333333333333:trail/central-trail";
const KEY = "arn:aws:kms:us-east-1:111111111111:key/1";

type Inputs = Record<string, unknown>;

/** The gate's input with the trail of 222222222222 let in. */
function inputs(changed: Inputs = {}): Inputs {
  return {
    s3_bucket_name: "logs",
    kms_key_arn: KEY,
    trails: { [T2]: "AWSLogs/222222222222/" },
    ...changed,
  };
}

/** A destination's plan as Terraform shows it. */
function plan(before: Inputs | null, after: Inputs | null, unknown: Inputs = {}): GatePlan {
  const change = {
    actions: ["update"],
    before: before && { id: "1", input: before, output: before },
    after: after && { id: "1", input: after },
    after_unknown: { input: unknown, output: true },
  };
  const wait = {
    actions: ["no-op"],
    before: { input: null },
    after: { input: null },
    after_unknown: {},
  };
  return readGatePlan({
    resource_changes: [
      {
        type: "aws_s3_bucket",
        change: { actions: ["create"], before: null, after: {}, after_unknown: {} },
      },
      { type: "terraform_data", change: wait },
      { type: "terraform_data", change },
    ],
  });
}

const trail = (trailArn: string): StackReads => ({ kind: "trail", trailArn });

test.each<[string, GatePlan, StackReads, boolean]>([
  ["nothing changes", plan(inputs(), inputs()), trail(T2), false],
  ["nothing is applied yet", plan(null, inputs()), trail(T2), true],
  ["nothing is applied yet", plan(null, inputs()), { kind: "bucket" }, true],
  ["nothing is applied yet, and nothing is read", plan(null, inputs()), { kind: "nothing" }, false],
  ["the destination goes", plan(inputs(), null), trail(T2), true],
  ["the plan has no gate", readGatePlan({ resource_changes: [] }), trail(T2), true],
  [
    "another account comes",
    plan(inputs(), inputs({ trails: { [T2]: "", [T3]: "" } })),
    trail(T2),
    false,
  ],
  [
    "the account itself comes",
    plan(inputs(), inputs({ trails: { [T2]: "", [T3]: "" } })),
    trail(T3),
    true,
  ],
  ["another bucket", plan(inputs(), inputs({ s3_bucket_name: "new" })), trail(T2), true],
  ["another bucket", plan(inputs(), inputs({ s3_bucket_name: "new" })), { kind: "bucket" }, true],
  ["a prefix", plan(inputs(), inputs({ s3_key_prefix: "org" })), trail(T2), true],
  ["a prefix", plan(inputs(), inputs({ s3_key_prefix: "org" })), { kind: "bucket" }, false],
  [
    "a prefix that was null and is left out",
    plan(inputs({ s3_key_prefix: null }), inputs()),
    trail(T2),
    false,
  ],
  ["no key any more", plan(inputs(), { ...inputs(), kms_key_arn: undefined }), trail(T2), true],
  ["a topic", plan(inputs(), inputs({ sns_topic_arn: "arn" })), trail(T2), true],
  [
    "a new key",
    plan(inputs(), { ...inputs(), kms_key_arn: undefined }, { kms_key_arn: true }),
    trail(T2),
    true,
  ],
])("%s: %#", (_what, gate, reads, waits) => {
  expect(waitsForApply(reads, gate)).toBe(waits);
});

test("an unknown key is distinguished from none, and a known one is there to be used", () => {
  expect(
    plan(null, { ...inputs(), kms_key_arn: undefined }, { kms_key_arn: true }).planned?.kmsKeyArn,
  ).toBeUndefined();
  expect(plan(null, { ...inputs(), kms_key_arn: undefined }).planned?.kmsKeyArn).toBeNull();
  expect(plan(null, inputs()).planned?.kmsKeyArn).toBe(KEY);
});
