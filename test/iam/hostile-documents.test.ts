import { comparePolicies, evaluate, parsePolicy, PolicyError } from "../../iam";
import { lookAtJson, tooDeepAt } from "../../iam/json-limits";
import type { PolicyDocument } from "../../iam/policy-document";

const STATEMENT = { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*" };

function text(...statements: object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

function nested(levels: number, inside = "1"): string {
  return '{"a":'.repeat(levels) + inside + "}".repeat(levels);
}

function withCondition(condition: string): string {
  return text({ ...STATEMENT, Condition: "here" }).replace('"here"', condition);
}

function problemsOf(work: () => unknown): PolicyError["problems"] {
  try {
    work();
  } catch (error) {
    if (error instanceof PolicyError) return error.problems;
    throw error;
  }
  return [];
}

function seconds(work: () => unknown): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

test.each([
  ["20,000 lists", "[".repeat(20_000) + "]".repeat(20_000), "Line 1, column 17: "],
  ["lists without an end", "[".repeat(1_000_000), "Line 1, column 17: "],
  ["a condition of 20,000 levels", withCondition(nested(20_000)), "Line 1, column "],
  ["the same on its own line", withCondition(`\n${nested(20_000)}`), "Line 2, column "],
  ["brackets in texts are none", JSON.stringify({ Id: "[{".repeat(50_000) }), "Statement: "],
])("%s: a problem with its place", (_, json, place) => {
  const [problem] = problemsOf(() => parsePolicy(json));
  expect(`${problem!.path}: ${problem!.message}`.replace(/^: /, "")).toMatch(
    new RegExp(`^${place}`),
  );
});

test("a text of more than 1 MiB is not looked into", () => {
  const big = text({ ...STATEMENT, Sid: "x".repeat(1_100_000) });
  expect(problemsOf(() => parsePolicy(big))).toEqual([
    {
      path: "",
      message: expect.stringMatching(/^The policy has 1100\d\d\d bytes; 1048576/) as unknown,
    },
  ]);
});

test("a document that is given as a value is as safe, whatever it holds", () => {
  const document = JSON.parse(withCondition(nested(20_000))) as PolicyDocument;
  const request = {
    principal: { kind: "anonymous" },
    action: "s3:GetObject",
    resource: "arn:aws:s3:::bucket/key",
  } as const;
  const policies = { resourcePolicy: document, resourceAccount: "111111111111" };
  const [problem] = problemsOf(() => evaluate(request, policies));
  expect(problem!.path).toMatch(/^resourcePolicy\.Statement\[0\]\.Condition(\.a)+$/);
  const circle: Record<string, unknown> = { Version: "2012-10-17" };
  circle["Statement"] = circle;
  expect(
    problemsOf(() => evaluate(request, { ...policies, resourcePolicy: circle as never })),
  ).toHaveLength(1);
});

test("of many problems the first 100 are reported, and how many more there are", () => {
  const problems = problemsOf(() => parsePolicy(text(...Array<object>(10_000).fill({ a: 1 }))));
  expect(problems).toHaveLength(101);
  expect(problems.at(-1)!.message).toMatch(/^There are \d+ problems more$/);
});

test.each(["toString", "constructor", "__proto__", "hasOwnProperty"])(
  "%s is not an element, operator, key or kind of principal",
  (name) => {
    const named = (json: string): string => json.replaceAll("NAME", name);
    const documents = [
      named(text(STATEMENT).replace("{", '{"NAME":1,')),
      named(text({ ...STATEMENT, NAME: 1 })),
      named(withCondition('{"NAME":{"aws:SourceArn":"x"}}')),
      named(withCondition('{"StringEquals":{"NAME":"x"}}')),
      named(text({ ...STATEMENT, Principal: { NAME: "x" } })),
      named(text({ ...STATEMENT, Effect: "NAME" })),
      named(text({ ...STATEMENT, Action: "NAME" })),
    ];
    for (const document of documents)
      expect(problemsOf(() => parsePolicy(document))).not.toHaveLength(0);
  },
);

describe("keys that stand twice", () => {
  test.each([
    ['{"a":1,"a":2}', 1],
    ['{"a":1,"\\u0061":2}', 1],
    ['{"a":{"b":1},"c":{"b":1}}', 0],
    ['[{"a":1},{"a":1}]', 0],
    ['{"a":["a","a"],"b":"a"}', 0],
    ['{"a":"\\"","b":",\\"a\\":","a":1}', 1],
    ['{"__proto__":1,"__proto__":2}', 1],
  ])("%s", (json, count) => {
    expect(lookAtJson(json, 64).duplicates).toHaveLength(count);
  });

  test("60,000 keys of one object take no longer than they should", () => {
    const json = JSON.stringify(
      Object.fromEntries(Array.from({ length: 60_000 }, (_, index) => [`k${index}`, 1])),
    );
    expect(seconds(() => lookAtJson(json, 64))).toBeLessThan(2);
  });
});

test("depth is counted in texts and values alike", () => {
  for (const levels of [15, 16, 17]) {
    const json = nested(levels);
    expect(lookAtJson(json, 16).tooDeep === undefined).toBe(levels <= 16);
    expect(tooDeepAt(JSON.parse(json), 16) === undefined).toBe(levels <= 16);
  }
});

describe("patterns that were made to take long do not", () => {
  const evaluated = (statement: object, context: Record<string, string | string[]> = {}): string =>
    evaluate(
      {
        principal: { kind: "anonymous" },
        action: "s3:GetObject",
        resource: `arn:aws:s3:::${"a".repeat(20_000)}`,
        context,
      },
      {
        resourcePolicy: parsePolicy(text({ ...STATEMENT, ...statement })),
        resourceAccount: "111111111111",
      },
    ).decision;

  test.each<[string, object, Record<string, string | string[]>]>([
    ["many stars", { Resource: `arn:aws:s3:::${"*a".repeat(10_000)}b` }, {}],
    [
      "a long text behind a star",
      { Condition: { StringLike: { "aws:UserAgent": `*${"a".repeat(10_000)}b*` } } },
      { "aws:UserAgent": "a".repeat(20_000) },
    ],
    [
      "many question marks behind a star",
      { Condition: { StringLike: { "aws:UserAgent": `*${"?".repeat(10_000)}b*` } } },
      { "aws:UserAgent": "a".repeat(20_000) },
    ],
    [
      "2,000 patterns for 1,000 values",
      {
        Condition: {
          "ForAnyValue:StringLike": {
            "aws:TagKeys": Array.from({ length: 2_000 }, (_, index) => `*${index}x*`),
          },
        },
      },
      { "aws:TagKeys": Array.from({ length: 1_000 }, (_, index) => "q".repeat(100) + index) },
    ],
  ])("%s", (_, statement, context) => {
    let decision = "";
    expect(seconds(() => (decision = evaluated(statement, context)))).toBeLessThan(2);
    expect(decision).toBe("implicitDeny");
  });

  test("two documents of 20 KB that have nothing in common are compared at once", () => {
    const patterns = (start: string): object => ({
      Statement: {
        ...STATEMENT,
        Resource: Array.from({ length: 1_800 }, (_, index) => `${start}${index}*`),
      },
    });
    const time = seconds(() => comparePolicies(patterns("a"), patterns("b")));
    expect(time).toBeLessThan(2);
  });
});
