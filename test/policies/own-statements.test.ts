import { checkEnvironment } from "../../envs/check";
import type { Environment } from "../../envs/types";
import type { Statement } from "../../iam/policy-document";
import { explained } from "../../operations/explain/explain";
import { destinationBudgets } from "../../policies/documents/destination-policies";
import { type OwnStatements, statementProblems } from "../../policies/documents/own-statements";
import { destinationSettings } from "../../envs/destination-settings";
import { reviewPlans } from "../../review/review";
import { fourAccounts } from "../support/environment";
import { logDestinationStack } from "../support/log-destination";
import { plansBetween } from "../support/plans";
import { only, synthesized } from "../support/synthesized";
import { TODAY } from "../support/today";

const FOUR = withNotifications(fourAccounts());
const BUCKET = `arn:aws:s3:::${FOUR.destination.bucket}`;

/** Nobody may write below one account's folder. */
const DENY_ONE: Statement = {
  Sid: "DenyOneAccount",
  Effect: "Deny",
  Principal: "*",
  Action: "s3:PutObject",
  Resource: `${BUCKET}/AWSLogs/222222222222/*`,
};

/** CloudTrail may not encrypt the log files of one account. */
const DENY_KEY: Statement = {
  Sid: "DenyOneAccount",
  Effect: "Deny",
  Principal: "*",
  Action: "kms:GenerateDataKey*",
  Resource: "*",
  Condition: {
    StringLike: {
      "kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:222222222222:trail/*",
    },
  },
};

/** CloudTrail may not send messages of the log files of one account. */
const DENY_TOPIC: Statement = {
  Sid: "DenyOneAccount",
  Effect: "Deny",
  Principal: "*",
  Action: "sns:Publish",
  Resource: "arn:aws:sns:us-east-1:111111111111:log-files",
  Condition: { StringEquals: { "aws:SourceAccount": "222222222222" } },
};

/** Each policy that takes them, with one that cuts an account off. */
const CARRIERS = [
  ["bucket", DENY_ONE, "s3:PutObject by the bucket policy"],
  ["key", DENY_KEY, "kms:GenerateDataKey by the key policy"],
  ["topic", DENY_TOPIC, "sns:Publish by the topic policy"],
] as const;

function withNotifications(environment: Environment): Environment {
  const notifications = { topicName: "log-files" };
  return { ...environment, destination: { ...environment.destination, notifications } };
}

const withStatements = (statements: OwnStatements): Environment => ({
  ...FOUR,
  destination: { ...FOUR.destination, statements },
});

/** What the wait before the trails depends on, by the policy's name. */
function waitTriggers(statements: OwnStatements): Readonly<Record<string, unknown>> {
  const notifications = { topicName: "log-files" };
  const stack = logDestinationStack({ notifications, statements });
  const data = Object.values(synthesized(stack).resource["terraform_data"]!);
  const wait = data.find((one) => "triggers_replace" in one)!;
  return wait["triggers_replace"] as Readonly<Record<string, unknown>>;
}

test.each(CARRIERS)("a change of the %s's waits again before trails are made", (carrier, own) => {
  const before = waitTriggers({});
  const after = waitTriggers({ [carrier]: [own] });
  expect(before[carrier]).toMatch(/\w/);
  expect(after[carrier]).not.toBe(before[carrier]);
  expect({ ...after, [carrier]: "" }).toEqual({ ...before, [carrier]: "" });
});

test("they stand last in the policy that AWS gets", () => {
  const configuration = synthesized(logDestinationStack({ statements: { bucket: [DENY_ONE] } }));
  const policy = JSON.parse(String(only(configuration, "aws_s3_bucket_policy")["policy"])) as {
    Statement: Statement[];
  };
  expect(policy.Statement.at(-1)).toEqual(DENY_ONE);
});

test.each(CARRIERS)("the %s's count against the limit of its policy", (carrier, own) => {
  const bytes = (environment: Environment): number =>
    destinationBudgets(destinationSettings(environment)).find(
      ({ document }) => document === `${carrier} policy`,
    )!.bytes;
  const grown = bytes(withStatements({ [carrier]: [own] })) - bytes(FOUR);
  expect(grown).toBe(JSON.stringify(own).length + ",".length);
});

test("more of them than the limit has room for are refused", () => {
  const many = Array.from({ length: 200 }, (_, index) => ({ ...DENY_ONE, Sid: `Deny${index}` }));
  expect(() => synthesized(logDestinationStack({ statements: { bucket: many } }))).toThrow(
    /The bucket policy .* has [\d,]+ bytes; AWS takes at most 20,480 bytes/,
  );
});

test.each(CARRIERS)("explain says what the %s's refuse", (carrier, own, refused) => {
  const said = (environment: Environment): string => explained(environment, {}).lines.join("\n");
  expect(said(FOUR)).not.toContain("CloudTrail is refused");
  expect(said(withStatements({ [carrier]: [own] }))).toContain(
    `CloudTrail is refused ${refused}, for the trails of 222222222222.`,
  );
});

test("explain names the one that decides", () => {
  const question = { mayWrite: true, account: "222222222222", key: "AWSLogs/222222222222/x" };
  const before = explained(FOUR, question);
  expect({ ...before.result }).toMatchObject({ write: { decision: "allowed" } });
  const { lines, result } = explained(withStatements({ bucket: [DENY_ONE] }), question);
  expect({ ...result }).toMatchObject({ write: { decision: "explicitDeny" } });
  expect(lines.join("\n")).toMatch(/Decided by resource policy, statement \d+ \(DenyOneAccount\)/);
});

test.each(CARRIERS)("the review finds the account that the %s's cut off", (carrier, own) => {
  const reviewed = (after: Environment) =>
    reviewPlans({ environment: after, today: TODAY, stacks: plansBetween(FOUR, after) });
  expect(reviewed(FOUR).findings).toEqual([]);
  const { verdict, findings } = reviewed(withStatements({ [carrier]: [own] }));
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
