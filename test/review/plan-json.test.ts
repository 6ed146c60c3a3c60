import fc from "fast-check";
import { checkPlan, PlanError } from "../../review/plans/plan-format";
import { readPlan as read } from "../../review/plans/plan-json";
import {
  at,
  describeValue,
  differences,
  mergeValue,
  scalar,
  secretFinder,
  sensitiveTexts,
} from "../../review/plans/plan-value";
import { configurationOf, entry, planJson } from "../support/plans";

const readPlan = (json: unknown) => read(checkPlan(json), () => false);
const only = (change: Parameters<typeof entry>[0]) => readPlan(planJson([change])).changes[0]!;

describe("what is not a plan of a known format", () => {
  test.each([
    [{}, "it has no format_version"],
    ["text", "it has no format_version"],
    [{ format_version: "2.0" }, 'The plan\'s format is "2.0"; 1.x is read here'],
    [{ format_version: "1.x" }, 'The plan\'s format is "1.x"'],
    [{ format_version: "1.2", resource_changes: [{}] }, "resource_changes.0.address"],
    [
      planJson([{ address: "aws_x.y", actions: ["invent"] }]),
      'actions ["invent"] for aws_x.y, which are not known here',
    ],
  ])("%j", (json, message) => {
    expect(() => readPlan(json)).toThrow(PlanError);
    expect(() => readPlan(json)).toThrow(message);
  });

  test("format 1.0 and later ones of 1 are read", () => {
    for (const format_version of ["1.0", "1.2", "1.13"])
      expect(readPlan({ format_version }).changes).toEqual([]);
  });
});

describe("what is too deep to be walked", () => {
  const nested = (levels: number): string => '{"a":'.repeat(levels) + "1" + "}".repeat(levels);

  test("is not a plan", () => {
    const after: unknown = JSON.parse(nested(20_000));
    const json = planJson([{ address: "aws_x.y", actions: ["create"], after: { a: after } }]);
    expect(() => readPlan(json)).toThrow(PlanError);
    expect(() => readPlan(json)).toThrow(
      "deep in one another, at resource_changes[0].change.after",
    );
  });

  test.each([20_000, 65])("a text of JSON of %d levels is a text", (levels) => {
    const policy = (condition: string): string =>
      `{"Statement":[{"Effect":"Allow","Condition":${condition}}]}`;
    const [before, after] = [nested(levels), nested(levels - 1)].map((condition) =>
      mergeValue({ policy: policy(condition) }, undefined, undefined),
    );
    const found = differences(before!, after!);
    expect(found).toHaveLength(1);
    expect(found[0]!.path).toBe("policy");
    expect(found[0]!.before).toContain('"{\\"Statement');
  });
});

describe("what Terraform will do", () => {
  test.each([
    [["no-op"], "no-op", false],
    [["create"], "create", false],
    [["read"], "read", false],
    [["update"], "update", false],
    [["delete"], "destroy", false],
    [["delete", "create"], "replace", false],
    [["create", "delete"], "replace", true],
    [["forget"], "forget", false],
  ])("%j", (actions, action, createBeforeDestroy) => {
    expect(only({ address: "aws_x.y", actions })).toMatchObject({ action, createBeforeDestroy });
  });

  test("moves, imports and reasons", () => {
    const moved = { address: "aws_x.new", previous_address: "aws_x.old", actions: ["no-op"] };
    expect(only(moved).previousAddress).toBe("aws_x.old");
    expect(
      only({ address: "aws_x.y", actions: ["no-op"], importing: { id: "i" } }).importedId,
    ).toBe("i");
    expect(only({ address: "aws_x.y", actions: ["no-op"], importing: {} }).importedId).toBe("");
    expect(
      only({ address: "aws_x.y", actions: ["update"], action_reason: "why" }).actionReason,
    ).toBe("why");
  });

  test("drift, providers, and the types in the state", () => {
    const plan = readPlan(
      planJson([], {
        resource_drift: [entry({ address: "aws_x.y", actions: ["update"] })],
        configuration: configurationOf({
          account: "111111111111",
          roleArn: "arn:aws:iam::111111111111:role/x",
        }),
        prior_state: {
          values: {
            root_module: {
              resources: [
                {
                  type: "aws_cloudtrail",
                  mode: "managed",
                  values: { arn: "arn:x", enable_logging: true, tags: {} },
                },
                { type: "terraform_remote_state", mode: "data" },
              ],
              child_modules: [{ resources: [{ type: "aws_s3_bucket", mode: "managed" }] }],
            },
          },
        },
        errored: true,
      }),
    );
    expect(plan.drift).toHaveLength(1);
    expect(plan.providers).toEqual([
      {
        key: "aws.any",
        name: "aws",
        allowedAccountIds: ["111111111111"],
        roleArns: ["arn:aws:iam::111111111111:role/x"],
        inUse: true,
      },
    ]);
    expect(plan.prior).toEqual([
      { type: "aws_cloudtrail", texts: { arn: "arn:x" } },
      { type: "aws_s3_bucket", texts: {} },
    ]);
    expect(plan.errored).toBe(true);
  });

  test("what only Terraform can work out about a provider is said to be so", () => {
    const [provider] = readPlan(
      planJson([], {
        configuration: {
          provider_config: {
            aws: {
              name: "aws",
              expressions: {
                allowed_account_ids: { references: ["terraform.applying"] },
                assume_role: [{ role_arn: { references: ["var.role"] } }],
              },
            },
          },
        },
      }),
    ).providers;
    expect(provider).toMatchObject({ allowedAccountIds: "expression", roleArns: "expression" });
  });
});

describe("values with what Terraform says of them", () => {
  test("known, unknown and sensitive parts", () => {
    const value = mergeValue(
      { a: 1, list: [null, "x"], secret: "s", nested: [{ deep: "s" }] },
      { list: [true, false], late: true },
      { secret: true, nested: [{ deep: true }] },
    );
    expect(describeValue(value)).toBe(
      '{a: 1, late: (known after apply), list: [(known after apply), "x"], nested: [{deep: (sensitive)}], secret: (sensitive)}',
    );
    expect(scalar(at(value, "list", 1))).toBe("x");
    expect(at(value, "nested", 0, "deep").kind).toBe("sensitive");
    expect(at(value, "late", "anything").kind).toBe("unknown");
  });

  test("what is both unknown and sensitive is sensitive, and a marked whole hides its parts", () => {
    expect(mergeValue(undefined, true, true).kind).toBe("sensitive");
    expect(describeValue(mergeValue({ a: { b: 1 } }, {}, { a: true }))).toBe("{a: (sensitive)}");
  });

  test("a list of which nothing is known but its marks", () => {
    expect(describeValue(mergeValue(undefined, [true, { id: true }], undefined))).toBe(
      "[(known after apply), {id: (known after apply)}]",
    );
  });

  test("names such as __proto__ are names", () => {
    const value = mergeValue(
      JSON.parse('{"__proto__": {"x": 1}}'),
      JSON.parse('{"__proto__": {"y": true}}'),
      {},
    );
    expect(describeValue(value)).toBe("{__proto__: {x: 1, y: (known after apply)}}");
  });

  test("differences by path", () => {
    const before = mergeValue({ a: 1, rule: [{ days: 30 }], gone: "x" }, {}, {});
    const after = mergeValue({ a: 1, rule: [{ days: 7 }, { days: 1 }] }, { id: true }, {});
    expect(differences(before, after)).toEqual([
      { path: "gone", before: '"x"', after: "null" },
      { path: "id", before: "null", after: "(known after apply)" },
      { path: "rule[0].days", before: "30", after: "7" },
      { path: "rule[1]", before: "null", after: "{days: 1}" },
    ]);
  });

  test("a copy of what is marked elsewhere is sensitive too", () => {
    const secrets = sensitiveTexts(
      { tags: { note: "s3cr3t", open: "x" }, list: [{ a: "long-one" }], short: "ab" },
      { tags: { note: true }, list: true, short: true },
    );
    expect(secrets).toEqual(["s3cr3t", "long-one", "ab"]);
    const copy = { all: "s3cr3t", within: "a long-one too", same: "ab", cab: "cab", open: "x" };
    expect(describeValue(mergeValue(copy, {}, {}, secretFinder(secrets)))).toBe(
      '{all: (sensitive), cab: "cab", open: "x", same: (sensitive), within: (sensitive)}',
    );
  });

  test("of any values, the text holds none that is marked", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (value, marks) => {
        const secret = "5ecret";
        const text = describeValue(
          mergeValue({ open: value, hidden: [secret, { [secret]: secret }] }, marks, {
            hidden: true,
          }),
        );
        expect(text).not.toContain(secret);
      }),
    );
  });
});
