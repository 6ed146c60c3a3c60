import fc from "fast-check";
import { comparePolicies } from "../../iam/policy-comparison";
import type { PolicyDocument, Statement } from "../../iam/policy-document";
import { isPolicy, normalText } from "../../iam/policy-normal-form";
import { compareRights, isGain, rightOf } from "../../iam/policy-rights";
import { anonymous, BUCKET, cloudTrail, MEMBER, OWNER, policy, session, trail } from "./requests";

const WRITE: Statement = {
  Sid: "Write",
  Effect: "Allow",
  Principal: { Service: "cloudtrail.amazonaws.com" },
  Action: "s3:PutObject",
  Resource: `${BUCKET}/AWSLogs/${MEMBER}/*`,
  Condition: { StringEquals: { "aws:SourceArn": [trail(OWNER), trail(MEMBER)] } },
};
const DENY: Statement = {
  Sid: "Deny",
  Effect: "Deny",
  Principal: "*",
  Action: ["s3:DeleteObject", "s3:PutBucketPolicy"],
  Resource: [BUCKET, `${BUCKET}/*`],
  Condition: { ArnNotLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/break-glass" } },
};

/** The verdicts of a change from one statement to another, `Sid: verdict`. */
function verdicts(before: readonly Statement[], after: readonly Statement[]): string[] {
  return comparePolicies(policy(...before), policy(...after)).statements.map(
    ({ sid, verdict, effect }) =>
      `${sid ?? "-"}: ${verdict}${["added", "removed"].includes(verdict) ? ` ${effect}` : ""}`,
  );
}

const UNCONDITIONAL = without("Condition", WRITE);

function without(element: keyof Statement, statement: Statement): Statement {
  const { [element]: left, ...rest } = statement;
  expect(left).toBeDefined();
  return rest as Statement;
}

const CHANGES: Readonly<Record<string, [Statement, Statement, string]>> = {
  "an account less in the list": [
    WRITE,
    { ...WRITE, Condition: { StringEquals: { "aws:SourceArn": trail(OWNER) } } },
    "tightened",
  ],
  "a condition less": [WRITE, UNCONDITIONAL, "weakened"],
  "a condition more": [UNCONDITIONAL, WRITE, "tightened"],
  "a wider resource": [WRITE, { ...WRITE, Resource: `${BUCKET}/AWSLogs/*` }, "weakened"],
  "a narrower resource": [{ ...WRITE, Resource: `${BUCKET}/*` }, WRITE, "tightened"],
  "another resource": [WRITE, { ...WRITE, Resource: `${BUCKET}/AWSLogs/${OWNER}/*` }, "changed"],
  "an action that a pattern covers already": [
    { ...WRITE, Action: "s3:Put*" },
    { ...WRITE, Action: ["s3:Put*", "s3:PutObject"] },
    "changed",
  ],
  "an action with a wildcard that a ? does not cover": [
    { ...WRITE, Action: "s3:Get?*" },
    { ...WRITE, Action: ["s3:Get?*", "s3:Get*"] },
    "weakened",
  ],
  "all actions": [WRITE, { ...WRITE, Action: "*" }, "weakened"],
  everybody: [WRITE, { ...WRITE, Principal: "*" }, "weakened"],
  "a principal more": [
    { ...WRITE, Principal: { AWS: OWNER } },
    { ...WRITE, Principal: { AWS: [OWNER, MEMBER] } },
    "weakened",
  ],
  "an action less in a Deny": [DENY, { ...DENY, Action: "s3:DeleteObject" }, "weakened"],
  "somebody more whom a Deny spares": [
    DENY,
    {
      ...DENY,
      Condition: {
        ArnNotLike: {
          "aws:PrincipalArn": ["arn:aws:iam::*:role/break-glass", "arn:aws:iam::*:role/x"],
        },
      },
    },
    "weakened",
  ],
  "a Deny for fewer, by a condition more": [
    DENY,
    { ...DENY, Condition: { ...DENY.Condition, Bool: { "aws:SecureTransport": "false" } } },
    "weakened",
  ],
  "NotAction in place of Action": [
    { ...WRITE, Action: "s3:PutObject" },
    { ...without("Action", WRITE), NotAction: "s3:GetObject" },
    "changed",
  ],
  "an operator that passes where the key is missing": [
    WRITE,
    {
      ...WRITE,
      Condition: { StringEqualsIfExists: { "aws:SourceArn": [trail(OWNER), trail(MEMBER)] } },
    },
    "changed",
  ],
  "a number": [
    { ...WRITE, Condition: { NumericLessThan: { "s3:max-keys": 10 } } },
    { ...WRITE, Condition: { NumericLessThan: { "s3:max-keys": 100 } } },
    "changed",
  ],
};

describe("one statement that changes", () => {
  test.each(Object.entries(CHANGES))("%s", (_name, [before, after, verdict]) => {
    expect(verdicts([before], [after])).toEqual([`${before.Sid}: ${verdict}`]);
  });
});

describe("statements that come, go, and get other names", () => {
  test("a statement more opens where it allows, and closes where it denies", () => {
    expect(verdicts([], [WRITE, DENY])).toEqual(["Deny: added tightened", "Write: added weakened"]);
    expect(verdicts([WRITE, DENY], [])).toEqual([
      "Deny: removed weakened",
      "Write: removed tightened",
    ]);
  });

  test("a Sid alone is a new name, and the elements stay together by it", () => {
    expect(comparePolicies(policy(WRITE), policy({ ...WRITE, Sid: "New" })).statements).toEqual([
      {
        verdict: "renamed",
        effect: "none",
        kind: "Allow",
        sid: "New",
        previousSid: "Write",
        elements: [],
      },
    ]);
  });

  test("without Sids, those that differ in one element belong together", () => {
    const [write, deny] = [without("Sid", WRITE), without("Sid", DENY)];
    expect(verdicts([write, deny], [deny, { ...write, Action: "*" }])).toEqual(["-: weakened"]);
  });

  test("an Allow that becomes a Deny of the same Sid is none of its changes", () => {
    expect(verdicts([WRITE], [{ ...WRITE, Effect: "Deny" }])).toEqual([
      "Write: added tightened",
      "Write: removed tightened",
    ]);
  });

  test("what is new and gone is named as it is written", () => {
    const after = { ...WRITE, Action: ["s3:PutObject", "s3:GetObject"] };
    expect(comparePolicies(policy(WRITE), policy(after)).statements[0]?.elements).toEqual([
      { element: "Action", added: ["s3:GetObject"], removed: [] },
    ]);
  });

  test("the version counts, since the old one has no variables", () => {
    const old = { ...policy(WRITE), Version: "2008-10-17" };
    expect(comparePolicies(old, policy(WRITE))).toEqual({
      version: { before: "2008-10-17", after: "2012-10-17" },
      statements: [],
    });
  });
});

/** The same document, written in another way. */
function rewritten(document: PolicyDocument): fc.Arbitrary<unknown> {
  const shuffledList = (value: unknown): fc.Arbitrary<unknown> => {
    if (Array.isArray(value)) {
      const several = fc.shuffledSubarray(value as unknown[], { minLength: value.length });
      return value.length === 1 ? fc.oneof(several, fc.constant(value[0])) : several;
    }
    return fc.oneof(fc.constant(value), fc.constant([value]));
  };
  const shuffledKeys = (entries: [string, fc.Arbitrary<unknown>][]): fc.Arbitrary<unknown> =>
    fc
      .tuple(
        fc.tuple(...entries.map(([, value]) => value)),
        fc.shuffledSubarray(
          entries.map((_entry, index) => index),
          { minLength: entries.length },
        ),
      )
      .map(([values, order]) =>
        Object.fromEntries(order.map((index) => [entries[index]![0], values[index]])),
      );
  const anyCase = (text: string): fc.Arbitrary<string> =>
    fc.constantFrom(text, text.toLowerCase(), text.toUpperCase());
  const statement = (one: Statement): fc.Arbitrary<unknown> =>
    shuffledKeys(
      Object.entries(one).map(([name, value]) => {
        if (name === "Action")
          return [
            name,
            fc
              .tuple(...[value as string | string[]].flat().map(anyCase))
              .chain((texts) => shuffledList(texts)),
          ];
        if (name === "Resource") return [name, shuffledList(value)];
        if (name === "Principal" && value === "*")
          return [name, fc.constantFrom("*", { AWS: "*" }, { AWS: ["*"] })];
        if (name === "Condition")
          return [
            name,
            shuffledKeys(
              Object.entries(value as object).map(([operator, keys]) => [
                operator,
                shuffledKeys(
                  Object.entries(keys as object).map(([key, values]) => [
                    key,
                    shuffledList(values),
                  ]),
                ),
              ]),
            ),
          ];
        return [name, fc.constant(value)];
      }),
    );
  return fc
    .tuple(...document.Statement.map(statement))
    .chain((statements) =>
      fc
        .shuffledSubarray(statements, { minLength: statements.length })
        .map((Statements) => ({ Statement: Statements, Id: "any", Version: document.Version })),
    );
}

test("a document that is written in another way is the same document", () => {
  const document = policy(WRITE, DENY, { ...WRITE, Sid: "Other", Action: ["s3:Get*", "s3:List*"] });
  fc.assert(
    fc.property(rewritten(document), (other) => {
      expect(comparePolicies(document, other)).toEqual({ statements: [] });
      expect(normalText(other)).toBe(normalText(document));
    }),
  );
});

test("a comparison does not hang on how either document is written", () => {
  const before = policy(WRITE, DENY);
  const after = policy(
    { ...WRITE, Resource: `${BUCKET}/*` },
    { ...DENY, Action: "s3:DeleteObject" },
  );
  // The names of actions are reported as they are written, so only their case may differ.
  const told = (one: unknown, other: unknown): string =>
    JSON.stringify(comparePolicies(one, other)).toLowerCase();
  fc.assert(
    fc.property(rewritten(before), rewritten(after), (one, other) => {
      expect(told(one, other)).toBe(told(before, after));
    }),
  );
});

test("an account's root is the account, and truth has no case", () => {
  const one = policy({
    ...DENY,
    Principal: { AWS: OWNER },
    Condition: { Bool: { "aws:SecureTransport": false } },
  });
  const other = policy({
    ...DENY,
    Principal: { AWS: `arn:aws:iam::${OWNER}:root` },
    Condition: { bool: { "AWS:SecureTransport": "False" } },
  });
  expect(comparePolicies(one, other).statements).toEqual([]);
});

test("what is not a policy is recognized", () => {
  expect(isPolicy(policy(WRITE))).toBe(true);
  expect(isPolicy({ Version: "2012-10-17", Statement: WRITE })).toBe(true);
  expect(isPolicy({ Statement: [] })).toBe(false);
  expect(isPolicy({ Statement: ["x"] })).toBe(false);
  expect(isPolicy("x")).toBe(false);
});

describe("rights", () => {
  const request = {
    principal: cloudTrail,
    action: "s3:PutObject",
    resource: `${BUCKET}/AWSLogs/${MEMBER}/x`,
    context: { "aws:SourceArn": trail(MEMBER) },
  };
  const resource = { account: OWNER };
  const read = { principal: session(MEMBER), action: "s3:GetObject", resource: `${BUCKET}/x` };
  const letsRead = policy({
    Effect: "Allow",
    Principal: { AWS: MEMBER },
    Action: "s3:*",
    Resource: "*",
  });

  test("how far a policy lets somebody go", () => {
    expect(rightOf(request, policy(WRITE), resource)).toBe("allowed");
    expect(rightOf(request, undefined, resource)).toBe("denied");
    expect(rightOf(read, letsRead, resource)).toBe("if-identity-allows");
    expect(rightOf({ ...read, principal: session(OWNER) }, policy(DENY), resource)).toBe(
      "if-identity-allows",
    );
    expect(rightOf({ ...read, principal: anonymous }, letsRead, resource)).toBe("denied");
  });

  test("only what differs is reported, and whether it is a gain", () => {
    const probes = [
      { request, id: 1 },
      { request: read, id: 2 },
    ];
    const changes = compareRights(probes, policy(WRITE), letsRead, resource);
    expect(changes.map((one) => [one.probe.id, one.before, one.after, isGain(one)])).toEqual([
      [1, "allowed", "denied", false],
      [2, "denied", "if-identity-allows", true],
    ]);
  });
});
