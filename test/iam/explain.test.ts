import { evaluate } from "../../iam/evaluate";
import { explain } from "../../iam/explain";
import {
  ADMIN,
  BUCKET,
  cloudTrail,
  MEMBER,
  OWNER,
  policy,
  STRANGER,
  trail,
  user,
} from "./requests";

const source = trail(MEMBER);
const resourcePolicy = policy(
  {
    Sid: "Write",
    Effect: "Allow",
    Principal: { Service: "cloudtrail.amazonaws.com" },
    Action: "s3:PutObject",
    Resource: `${BUCKET}/*`,
    Condition: { StringEquals: { "aws:SourceArn": source } },
  },
  { Effect: "Deny", Principal: "*", Action: "s3:DeleteObject", Resource: `${BUCKET}/*` },
  {
    Sid: "Read",
    Effect: "Allow",
    Principal: { AWS: OWNER },
    Action: "s3:GetObject",
    Resource: `${BUCKET}/*`,
  },
);

test("an allowed request", () => {
  const decision = evaluate(
    {
      principal: cloudTrail,
      action: "s3:PutObject",
      resource: `${BUCKET}/x`,
      context: { "aws:SourceArn": source },
    },
    { resourceAccount: OWNER, resourcePolicy },
  );
  expect(explain(decision)).toBe(
    [
      "ALLOWED: The resource policy allows it, which is all that this caller needs.",
      "Decided by resource policy, statement 1 (Write).",
      "  + resource policy, statement 1 (Write), Allow: matches",
      '  - resource policy, statement 2, Deny: Action "s3:DeleteObject" does not cover s3:PutObject',
      `  - resource policy, statement 3 (Read), Allow: Principal does not name cloudtrail.amazonaws.com; the policy has "${OWNER}"`,
    ].join("\n"),
  );
});

test("an implicit deny", () => {
  const decision = evaluate(
    {
      principal: cloudTrail,
      action: "s3:PutObject",
      resource: `${BUCKET}/x`,
      context: { "aws:SourceArn": source.replace(MEMBER, STRANGER) },
    },
    { resourceAccount: OWNER, resourcePolicy },
  );
  const lines = explain(decision).split("\n");
  expect(lines[0]).toBe(
    "DENIED since nothing allows it: This caller needs an Allow of the resource policy, and none matches.",
  );
  expect(lines[1]).toBe(
    `  - resource policy, statement 1 (Write), Allow: Condition StringEquals of aws:SourceArn: the request has "${trail(STRANGER)}"; the policy has "${source}"`,
  );
});

test("an explicit deny, and what an account's name means", () => {
  const denied = evaluate(
    { principal: user(OWNER), action: "s3:DeleteObject", resource: `${BUCKET}/x` },
    { resourceAccount: OWNER, resourcePolicy, identityPolicies: [ADMIN] },
  );
  expect(explain(denied).split("\n").slice(0, 2)).toEqual([
    "DENIED by a statement: A Deny statement matches, and Deny wins.",
    "Decided by resource policy, statement 2.",
  ]);
  expect(explain(denied)).toContain("  + identity policy 1, statement 1, Allow: matches");
  const read = evaluate(
    { principal: user(OWNER), action: "s3:GetObject", resource: `${BUCKET}/x` },
    { resourceAccount: OWNER, resourcePolicy },
  );
  expect(explain(read)).toContain(
    "statement 3 (Read), Allow: matches, by the principal's account: its identity policies have to allow it too",
  );
});

test("a long list is cut", () => {
  const sources = Array.from(
    { length: 50 },
    (_, index) => `arn:aws:cloudtrail:us-east-1:${MEMBER}:trail/t${index}`,
  );
  const decision = evaluate(
    {
      principal: cloudTrail,
      action: "s3:PutObject",
      resource: `${BUCKET}/x`,
      context: { "aws:SourceArn": source },
    },
    {
      resourceAccount: OWNER,
      resourcePolicy: policy({
        ...resourcePolicy.Statement[0],
        Effect: "Allow",
        Condition: { StringEquals: { "aws:SourceArn": sources } },
      }),
    },
  );
  expect(explain(decision)).toContain(`"${sources[2]}" and 47 more`);
});
