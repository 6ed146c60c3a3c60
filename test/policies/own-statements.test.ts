import { checkEnvironment } from "../../envs/check";
import type { Environment } from "../../envs/types";
import type { Statement } from "../../iam/policy-document";
import { explained } from "../../operations/explain/explain";
import { destinationBudgets } from "../../policies/documents/destination-policies";
import { statementProblems } from "../../policies/documents/own-statements";
import { destinationSettings } from "../../envs/destination-settings";
import { reviewPlans } from "../../review/review";
import { fourAccounts } from "../support/environment";
import { logDestinationStack } from "../support/log-destination";
import { plansBetween } from "../support/plans";
import { only, synthesized } from "../support/synthesized";
import { TODAY } from "../support/today";

const FOUR = fourAccounts();
const BUCKET = `arn:aws:s3:::${FOUR.destination.bucket}`;

/** Nobody may write below one account's folder. */
const DENY_ONE: Statement = {
  Sid: "DenyOneAccount",
  Effect: "Deny",
  Principal: "*",
  Action: "s3:PutObject",
  Resource: `${BUCKET}/AWSLogs/222222222222/*`,
};

const withStatements = (bucket: readonly Statement[]): Environment => ({
  ...FOUR,
  destination: { ...FOUR.destination, statements: { bucket } },
});

test("a change of them waits again before trails are made", () => {
  const triggers = (bucket: readonly Statement[]) =>
    Object.values(
      synthesized(logDestinationStack({ statements: { bucket } })).resource["terraform_data"]!,
    ).flatMap(({ triggers_replace: of }) => (of as { bucket: string } | undefined) ?? []);
  const [before] = triggers([]);
  const [after] = triggers([DENY_ONE]);
  expect(before!.bucket).toMatch(/\w/);
  expect(after!.bucket).not.toBe(before!.bucket);
  expect({ ...after, bucket: "" }).toEqual({ ...before, bucket: "" });
});

test("they stand last in the policy that AWS gets", () => {
  const configuration = synthesized(logDestinationStack({ statements: { bucket: [DENY_ONE] } }));
  const policy = JSON.parse(String(only(configuration, "aws_s3_bucket_policy")["policy"])) as {
    Statement: Statement[];
  };
  expect(policy.Statement.at(-1)).toEqual(DENY_ONE);
});

test("they count against the limit of the policy", () => {
  const bytes = (environment: Environment): number =>
    destinationBudgets(destinationSettings(environment))[0]!.bytes;
  const own = JSON.stringify(DENY_ONE).length;
  expect(bytes(withStatements([DENY_ONE])) - bytes(FOUR)).toBe(own + ",".length);
  const many = Array.from({ length: 200 }, (_, index) => ({ ...DENY_ONE, Sid: `Deny${index}` }));
  expect(() => synthesized(logDestinationStack({ statements: { bucket: many } }))).toThrow(
    /The bucket policy .* has [\d,]+ bytes; AWS takes at most 20,480 bytes/,
  );
});

test("explain names the one that decides", () => {
  const question = { mayWrite: true, account: "222222222222", key: "AWSLogs/222222222222/x" };
  const before = explained(FOUR, question);
  expect({ ...before.result }).toMatchObject({ write: { decision: "allowed" } });
  const { lines, result } = explained(withStatements([DENY_ONE]), question);
  expect({ ...result }).toMatchObject({ write: { decision: "explicitDeny" } });
  expect(lines.join("\n")).toMatch(/Decided by resource policy, statement \d+ \(DenyOneAccount\)/);
});

test("the review finds the account that one cuts off", () => {
  const reviewed = (after: Environment) =>
    reviewPlans({ environment: after, today: TODAY, stacks: plansBetween(FOUR, after) });
  expect(reviewed(FOUR).findings).toEqual([]);
  const { verdict, findings } = reviewed(withStatements([DENY_ONE]));
  expect(verdict).toBe("blocked");
  expect(findings.map(({ subject }) => subject)).toEqual(["222222222222"]);
});

test("problems are said all at once, with the place", () => {
  const statements = [
    { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: `${BUCKET}/*` },
    { ...DENY_ONE, Condition: { StringEqual: { "aws:PrincipalArn": "x" } } },
    { ...DENY_ONE, Sid: "DenyInsecureTransport" },
  ] satisfies Statement[];
  const others: Statement[] = [{ ...DENY_ONE, Sid: "DenyInsecureTransport" }];
  expect(
    statementProblems(statements, others).map(({ index, element }) => [index, element]),
  ).toEqual(
    expect.arrayContaining([
      [0, "Principal"],
      [1, expect.stringContaining("Condition")],
      [2, "Sid"],
    ]),
  );
  expect(statementProblems([DENY_ONE], others)).toEqual([]);
});

describe("in an environment file", () => {
  const checked = (statements: string) =>
    checkEnvironment(
      "test",
      "test.yaml",
      `destination:
  account: "111111111111"
  region: us-east-1
  bucket: example-logs
  statements:
    ${statements}
deployer: { role: deployer }
`,
    );
  const DENY =
    "Effect: Deny, Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::example-logs'";

  test("they are the destination's, word for word", () => {
    const { environment, problems } = checked(
      `bucket: [{ Sid: Own, ${DENY}, Condition: { StringNotEquals: { 'aws:username': '\${aws:username}' } } }]`,
    );
    expect(problems).toBeUndefined();
    expect(environment!.destination.statements?.bucket).toEqual([
      {
        Sid: "Own",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: "arn:aws:s3:::example-logs",
        Condition: { StringNotEquals: { "aws:username": "${aws:username}" } },
      },
    ]);
  });

  test.each([
    [
      "a Sid that another has",
      `bucket: [{ Sid: DenyInsecureTransport, ${DENY} }]`,
      /bucket\[0\]\.Sid/,
    ],
    [
      "an operator that IAM does not have",
      `bucket: [{ ${DENY}, Condition: { StringEqual: { a: b } } }]`,
      /StringEqual/,
    ],
    ["a topic that is not made", `topic: [{ ${DENY} }]`, /no notifications/],
    ["everybody let in", `bucket: [{ ${DENY.replace("Deny", "Allow")} }]`, /lets everybody in/],
  ])("refuses %s", (_, text, said) => {
    const { problems = [] } = checked(text);
    expect(problems.map(({ path, found }) => `${path}: ${found}`).join("\n")).toMatch(said);
  });
});
