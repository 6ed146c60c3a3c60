import { planDifferences } from "../../../operations/plan/same-plan";

const ADDRESS = "aws_cloudtrail.trail";

type Change = Record<string, unknown>;

/** The plan of a trail that is created, its key not known yet. */
function trailPlan(changed: Change = {}): unknown {
  const change = {
    actions: ["create"],
    before: null,
    after: { name: "trail", s3_bucket_name: "logs", tags: { team: "security" }, list: [1, 2] },
    after_unknown: { arn: true, kms_key_id: true, tags: {} },
    ...changed,
  };
  return {
    resource_changes: [{ address: ADDRESS, mode: "managed", type: "aws_cloudtrail", change }],
  };
}

/** The same once the destination is applied, its key known. */
function freshPlan(after: Change = {}, changed: Change = {}): unknown {
  return trailPlan({
    after: {
      name: "trail",
      s3_bucket_name: "logs",
      tags: { team: "security" },
      list: [1, 2],
      kms_key_id: "key",
      ...after,
    },
    after_unknown: { arn: true },
    ...changed,
  });
}

test("what was announced as unknown may be anything, and nulls are no difference", () => {
  expect(planDifferences(trailPlan(), freshPlan())).toEqual([]);
  expect(planDifferences(trailPlan(), freshPlan({ sns_topic_name: null }))).toEqual([]);
});

test.each<[string, Change, string]>([
  ["another value", { s3_bucket_name: "other" }, "s3_bucket_name"],
  ["a value within", { tags: { team: "other" } }, "tags.team"],
  ["one more entry", { list: [1, 2, 3] }, "list.2"],
  ["one more attribute", { enable_logging: false }, "enable_logging"],
  ["one less", { name: undefined }, "name"],
  ["another kind of value", { name: {} }, "name"],
])("%s is a difference", (_what, after, path) => {
  expect(planDifferences(trailPlan(), freshPlan(after))).toEqual([
    `${ADDRESS}: ${path} will be another than in the review`,
  ]);
});

test("what was known in the review and is unknown now is a difference", () => {
  const fresh = freshPlan({ name: undefined }, { after_unknown: { arn: true, name: true } });
  expect(planDifferences(trailPlan(), fresh)).toEqual([
    `${ADDRESS}: name will be another than in the review`,
  ]);
});

test("so is what was nothing in the review", () => {
  const fresh = freshPlan({}, { after_unknown: { arn: true, sns_topic_name: true } });
  expect(planDifferences(trailPlan(), fresh)).toEqual([
    `${ADDRESS}: sns_topic_name will be another than in the review`,
  ]);
});

test("other actions, a resource more and one less are differences", () => {
  const none = { resource_changes: [] };
  expect(planDifferences(trailPlan(), none)).toEqual([
    `${ADDRESS}: nothing; the review has create`,
  ]);
  expect(planDifferences(none, trailPlan())).toEqual([
    `${ADDRESS}: create; the review has nothing of it`,
  ]);
  expect(planDifferences(trailPlan(), freshPlan({}, { actions: ["delete", "create"] }))).toEqual([
    `${ADDRESS}: delete and create; the review has create`,
  ]);
});

test("what was changed since the review is a difference", () => {
  const update = (before: Change): unknown => trailPlan({ actions: ["update"], before });
  expect(planDifferences(update({ name: "a" }), update({ name: "a" }))).toEqual([]);
  expect(planDifferences(update({ name: "a" }), update({ name: "b" }))).toEqual([
    `${ADDRESS}: it was changed since the review`,
  ]);
});

test("what stays, what is read, and the review's own stand-in are none", () => {
  const others = ["no-op", "read"].map((action) => ({
    address: action,
    mode: action === "read" ? "data" : "managed",
    type: "aws_x",
    change: { actions: [action], before: null, after: null, after_unknown: {} },
  }));
  const standIn = {
    address: "terraform_data.known-after-apply",
    mode: "managed",
    type: "terraform_data",
    change: { actions: ["create"], before: null, after: {}, after_unknown: {} },
  };
  expect(planDifferences({ resource_changes: [standIn] }, { resource_changes: others })).toEqual(
    [],
  );
});

test("a stack's own terraform_data is none of the review's", () => {
  const gate = (input: string): unknown => ({
    resource_changes: [
      {
        address: "terraform_data.gate",
        mode: "managed",
        type: "terraform_data",
        change: { actions: ["update"], before: {}, after: { input }, after_unknown: {} },
      },
    ],
  });
  expect(planDifferences(gate("a"), gate("b"))).toEqual([
    "terraform_data.gate: input will be another than in the review",
  ]);
});

test("no value stands in a difference", () => {
  const differences = planDifferences(trailPlan(), freshPlan({ name: "s3cret" }));
  expect(differences).toHaveLength(1);
  expect(differences.join()).not.toContain("s3cret");
});
