import { evaluate } from "../../iam/evaluate";
import type { PolicyDocument } from "../../iam/policy-document";
import type { AccessRequest } from "../../iam/request";
import { BUCKET, cloudTrail, conditionHolds, OWNER, user } from "./requests";

const resourceMatches = (
  Resource: string,
  key: string,
  context: AccessRequest["context"],
  Version: PolicyDocument["Version"] = "2012-10-17",
) =>
  evaluate(
    { principal: cloudTrail, action: "s3:PutObject", resource: `${BUCKET}/${key}`, context },
    {
      resourceAccount: OWNER,
      resourcePolicy: {
        Version,
        Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:PutObject", Resource }],
      },
    },
  ).decision === "allowed";

const OWN = `${BUCKET}/AWSLogs/\${aws:SourceAccount}/*`;

test("a variable in Resource pins each account to its folder", () => {
  const context = { "aws:SourceAccount": "222222222222" };
  expect(resourceMatches(OWN, "AWSLogs/222222222222/x", context)).toBe(true);
  expect(resourceMatches(OWN, "AWSLogs/333333333333/x", context)).toBe(false);
});

test("a variable without a value matches nothing", () => {
  expect(resourceMatches(OWN, "AWSLogs//x", {})).toBe(false);
  expect(resourceMatches(OWN, "AWSLogs/222222222222/x", {})).toBe(false);
});

test("a variable's value is never a wildcard", () => {
  expect(resourceMatches(OWN, "AWSLogs/222222222222/x", { "aws:SourceAccount": "*" })).toBe(false);
  expect(resourceMatches(OWN, "AWSLogs/*/x", { "aws:SourceAccount": "*" })).toBe(true);
  expect(conditionHolds({ StringLike: { "x:a": "${x:b}" } }, { "x:a": "long", "x:b": "l*" })).toBe(
    false,
  );
  expect(
    conditionHolds(
      { ArnLike: { "x:a": "arn:aws:iam::1:role/${x:b}" } },
      { "x:a": "arn:aws:iam::1:role/admin", "x:b": "*" },
    ),
  ).toBe(false);
});

test("a default stands in for a missing value only", () => {
  const resource = `${BUCKET}/\${aws:PrincipalTag/team, 'company-wide'}/*`;
  expect(resourceMatches(resource, "company-wide/x", {})).toBe(true);
  expect(resourceMatches(resource, "yellow/x", { "aws:PrincipalTag/team": "yellow" })).toBe(true);
  expect(resourceMatches(resource, "company-wide/x", { "aws:PrincipalTag/team": "yellow" })).toBe(
    false,
  );
});

test("${*}, ${?} and ${$} are the characters themselves", () => {
  expect(resourceMatches(`${BUCKET}/\${*}`, "*", {})).toBe(true);
  expect(resourceMatches(`${BUCKET}/\${*}`, "abc", {})).toBe(false);
  expect(resourceMatches(`${BUCKET}/a\${?}`, "ab", {})).toBe(false);
  expect(conditionHolds({ StringLike: { "x:a": "${$}{x}*" } }, { "x:a": "${x}yz" })).toBe(true);
  expect(conditionHolds({ StringEquals: { "x:a": "${*}" } }, { "x:a": "*" })).toBe(true);
});

test("a dollar sign alone is a dollar sign", () => {
  expect(conditionHolds({ StringEquals: { "x:a": "$5" } }, { "x:a": "$5" })).toBe(true);
});

test("Version 2008-10-17 has no variables", () => {
  const context = { "aws:SourceAccount": "222222222222" };
  expect(resourceMatches(OWN, "AWSLogs/222222222222/x", context, "2008-10-17")).toBe(false);
  expect(resourceMatches(OWN, "AWSLogs/${aws:SourceAccount}/x", context, "2008-10-17")).toBe(true);
  expect(
    conditionHolds({ StringEquals: { "x:a": "${x:b}" } }, { "x:a": "1", "x:b": "1" }, "2008-10-17"),
  ).toBe(false);
});

test("in conditions: equal, unequal, and without a value", () => {
  const equals = { StringEquals: { "s3:prefix": "home/${aws:username}" } };
  expect(conditionHolds(equals, { "s3:prefix": "home/Bob" })).toBe(true);
  expect(conditionHolds(equals, { "s3:prefix": "home/Eve" })).toBe(false);
  expect(
    conditionHolds({ StringEqualsIgnoreCase: { "x:a": "${X:B}" } }, { "x:a": "q", "x:b": "Q" }),
  ).toBe(true);
  const team = { "s3:ExistingObjectTag/Team": "${aws:PrincipalTag/Team}" };
  const tagged = { "s3:ExistingObjectTag/Team": "blue" };
  expect(conditionHolds({ StringEquals: team }, tagged)).toBe(false);
  // AWS: an inverted operator does match against a variable without a value.
  expect(conditionHolds({ StringNotEquals: team }, tagged)).toBe(true);
  expect(
    conditionHolds({ StringNotLike: team }, { ...tagged, "aws:PrincipalTag/Team": "blue" }),
  ).toBe(false);
  expect(
    conditionHolds(
      { ArnLike: { "x:a": "${aws:PrincipalArn}" } },
      { "x:a": `arn:aws:iam::${OWNER}:user/Bob` },
    ),
  ).toBe(true);
});

test.each([
  ["${aws:SourceAccount", /without its "}"/],
  ["${SourceAccount}", /\$\{SourceAccount\} is not a policy variable/],
  ["${}", /is not a policy variable/],
  ["${aws:PrincipalTag/team,'x'}", /is not a policy variable/],
  ["${aws:PrincipalTag/team, x}", /is not a policy variable/],
])("%s is an error, in Resource and in Condition", (text, message) => {
  expect(() => resourceMatches(`${BUCKET}/${text}`, "x", {})).toThrow(message);
  expect(() => conditionHolds({ StringLike: { "x:a": text } }, {})).toThrow(message);
});

test("before the fifth colon of a Resource no variable may stand", () => {
  expect(() => resourceMatches("arn:aws:sqs:us-east-1:${aws:SourceAccount}:q", "x", {})).toThrow(
    /before the fifth colon/,
  );
});

test("a multivalued key is not a variable", () => {
  expect(() =>
    conditionHolds(
      { StringEquals: { "x:a": "${aws:TagKeys}" } },
      { "x:a": "1", "aws:TagKeys": ["1"] },
    ),
  ).toThrow(/multivalued condition key; only single-valued/);
});

test("the user's name follows from the principal", () => {
  const decision = evaluate(
    {
      principal: user(OWNER, "path/Ann"),
      action: "s3:GetObject",
      resource: `${BUCKET}/home/Ann/x`,
    },
    {
      resourceAccount: OWNER,
      identityPolicies: [
        {
          Version: "2012-10-17",
          Statement: [
            { Effect: "Allow", Action: "s3:*", Resource: `${BUCKET}/home/\${aws:username}/*` },
          ],
        },
      ],
    },
  );
  expect(decision.decision).toBe("allowed");
});
