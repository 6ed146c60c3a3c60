import { parsePolicy } from "../../iam/parse";
import { PolicyError } from "../../iam/policy-error";
import type { PolicyKind } from "../../iam/compile";

const problems = (text: string, kind?: PolicyKind): string[] => {
  try {
    parsePolicy(text, kind);
  } catch (error) {
    if (error instanceof PolicyError) return error.message.split("\n");
    throw error;
  }
  return [];
};
const statement = (change: object) => ({
  Effect: "Allow",
  Principal: "*",
  Action: "s3:GetObject",
  Resource: "*",
  ...change,
});
const documentOf = (...statements: unknown[]) =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

test("a sound document is returned as it is", () => {
  const text = documentOf(statement({ Sid: "One" }), statement({ Sid: "Two" }));
  expect(parsePolicy(text)).toEqual(JSON.parse(text));
});

test("a single statement becomes a list, a missing Version the old one", () => {
  const text = JSON.stringify({ Statement: statement({}) });
  expect(parsePolicy(text)).toEqual({ Version: "2008-10-17", Statement: [statement({})] });
});

test.each<[string, string, RegExp]>([
  ["no JSON", "{", /^The policy is not JSON: /],
  ["a list", "[]", /^The policy is not a JSON object$/],
  [
    "a wrong Version",
    JSON.stringify({ Version: "2012-10-18", Statement: [statement({})] }),
    /^Version: is "2012-10-18"; "2012-10-17", "2008-10-17" are allowed$/,
  ],
  ["no Statement", JSON.stringify({ Version: "2012-10-17" }), /^Statement: is missing or empty/],
  ["an empty Statement", documentOf(), /^Statement: is missing or empty/],
  [
    "an unknown element of the document",
    JSON.stringify({ Version: "2012-10-17", Statements: [], Statement: [statement({})] }),
    /^Statements: is not an element of a policy; did you mean Statement\?/,
  ],
  [
    "an unknown element of a statement",
    documentOf(statement({ Conditions: {} })),
    /^Statement\[0\]\.Conditions: is not an element of a policy statement; did you mean Condition\?/,
  ],
  [
    "an element in other case",
    documentOf(statement({ effect: "Allow" })),
    /^Statement\[0\]\.effect: .*did you mean Effect\?/,
  ],
  ["a statement that is not an object", documentOf("x"), /^Statement\[0\]: is not an object$/],
  [
    "no Effect",
    documentOf(statement({ Effect: undefined })),
    /^Statement\[0\]\.Effect: is missing; "Allow" or "Deny" is allowed$/,
  ],
  [
    "a wrong Effect",
    documentOf(statement({ Effect: "allow" })),
    /^Statement\[0\]\.Effect: is "allow"; /,
  ],
  [
    "no Principal",
    documentOf(statement({ Principal: undefined })),
    /^Statement\[0\]: has neither Principal nor NotPrincipal/,
  ],
  [
    "Principal and NotPrincipal",
    documentOf(statement({ Effect: "Deny", NotPrincipal: "*" })),
    /^Statement\[0\]: has both Principal and NotPrincipal/,
  ],
  [
    "no Action",
    documentOf(statement({ Action: undefined })),
    /^Statement\[0\]: has neither Action nor NotAction/,
  ],
  [
    "Action and NotAction",
    documentOf(statement({ NotAction: "s3:*" })),
    /^Statement\[0\]: has both Action and NotAction/,
  ],
  [
    "an action that is none",
    documentOf(statement({ Action: "GetObject" })),
    /^Statement\[0\]\.Action: "GetObject" is not an action/,
  ],
  [
    "an action as number",
    documentOf(statement({ Action: [1] })),
    /^Statement\[0\]\.Action: is neither a text nor a list/,
  ],
  [
    "no Resource",
    documentOf(statement({ Resource: undefined })),
    /^Statement\[0\]: has neither Resource nor NotResource/,
  ],
  [
    "Resource and NotResource",
    documentOf(statement({ NotResource: "*" })),
    /^Statement\[0\]: has both Resource and NotResource/,
  ],
  [
    "a resource that is none",
    documentOf(statement({ Resource: "my-bucket/*" })),
    /^Statement\[0\]\.Resource: "my-bucket\/\*" is not a resource/,
  ],
  [
    "an ARN that lacks parts",
    documentOf(statement({ Resource: "arn:aws:s3" })),
    /^Statement\[0\]\.Resource: "arn:aws:s3" is not a resource/,
  ],
  [
    "an ARN of another partition",
    documentOf(statement({ Resource: "arn:amazon:s3:::logs" })),
    /^Statement\[0\]\.Resource: "arn:amazon:s3:::logs" is not a resource.* It has the partition "amazon"/,
  ],
  [
    "an ARN without a service",
    documentOf(statement({ Resource: "arn:aws::::logs" })),
    /^Statement\[0\]\.Resource: .* It has the service ""; a service's name in lower case is allowed$/,
  ],
  [
    "an ARN of an account that has no 12 digits",
    documentOf(statement({ Resource: "arn:aws:sns:us-east-1:1234:topic" })),
    /^Statement\[0\]\.Resource: .* It has the account "1234"; an account ID of 12 digits/,
  ],
  [
    "an ARN of no region",
    documentOf(statement({ Resource: "arn:aws:sns:US-EAST-1:111111111111:topic" })),
    /^Statement\[0\]\.Resource: .* It has the region "US-EAST-1"; /,
  ],
  [
    "a list of resources with one that is none",
    documentOf(statement({ Resource: ["arn:aws:s3:::logs", ""] })),
    /^Statement\[0\]\.Resource: "" is not a resource/,
  ],
  [
    "an empty list of resources",
    documentOf(statement({ Resource: [] })),
    /^Statement\[0\]\.Resource: is neither/,
  ],
  [
    "duplicate Sids",
    documentOf(statement({ Sid: "A" }), statement({}), statement({ Sid: "A" })),
    /^Statement\[2\]\.Sid: "A" is also the Sid of Statement\[0\]/,
  ],
  [
    "a Sid that is not text",
    documentOf(statement({ Sid: 1 })),
    /^Statement\[0\]\.Sid: is not a text$/,
  ],
  [
    "an Id that is not text",
    JSON.stringify({ Version: "2012-10-17", Id: 1, Statement: [statement({})] }),
    /^Id: is not a text$/,
  ],
  [
    "a Condition that is a list",
    documentOf(statement({ Condition: [] })),
    /^Statement\[0\]\.Condition: is not an object/,
  ],
  [
    "an operator without keys",
    documentOf(statement({ Condition: { Bool: "true" } })),
    /^Statement\[0\]\.Condition\.Bool: is not an object/,
  ],
  [
    "a condition key that is none",
    documentOf(statement({ Condition: { Bool: { SecureTransport: "true" } } })),
    /^Statement\[0\]\.Condition\.Bool\.SecureTransport: "SecureTransport" is not a condition key/,
  ],
  [
    "a value that is an object",
    documentOf(statement({ Condition: { Bool: { "a:b": {} } } })),
    /^Statement\[0\]\.Condition\.Bool\.a:b: has the value \{\}/,
  ],
  [
    "an unknown operator",
    documentOf(statement({ Condition: { StringIs: { "a:b": "c" } } })),
    /^Statement\[0\]\.Condition\.StringIs: StringIs is not a condition operator/,
  ],
  [
    "a value's problem, with its place",
    documentOf(statement({ Condition: { StringLike: { "a:b": ["x", "${y}"] } } })),
    /^Statement\[0\]\.Condition\.StringLike\.a:b\[1\]: \$\{y\} is not a policy variable/,
  ],
  [
    "a key twice",
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*",\n"Action":"s3:*","Action":"s3:GetObject","Resource":"*"}]}',
    /^Line 2, column 17: this key stands twice/,
  ],
])("%s", (_, text, message) => {
  expect(problems(text)).toEqual([expect.stringMatching(message)]);
});

test("all problems at once", () => {
  expect(
    problems(
      JSON.stringify({
        Version: "1",
        Statement: [
          statement({ Effect: "Maybe", Action: undefined }),
          statement({ Condition: { Nope: {}, Bool: { "a:b": "c" } } }),
        ],
      }),
    ).map((line) => line.split(": ")[0]),
  ).toEqual([
    "Version",
    "Statement[0].Effect",
    "Statement[0]",
    "Statement[1].Condition.Nope",
    "Statement[1].Condition.Bool.a:b[0]",
  ]);
});

describe("the kind of policy", () => {
  test("an identity policy has no Principal, no Id, and plain Sids", () => {
    const text = JSON.stringify({
      Version: "2012-10-17",
      Id: "x",
      Statement: [statement({ Sid: "with space" })],
    });
    expect(problems(text, "identity")).toEqual([
      expect.stringMatching(/^Id: is allowed in resource policies only/),
      expect.stringMatching(/^Statement\[0\]\.Sid: "with space" may hold only letters and digits/),
      expect.stringMatching(/^Statement\[0\]\.Principal: is not allowed in an identity policy/),
    ]);
    expect(
      problems(documentOf({ Effect: "Allow", Action: "*", Resource: "*" }), "identity"),
    ).toEqual([]);
  });
  test("a trust policy has no Resource", () => {
    expect(problems(documentOf(statement({ Action: "sts:AssumeRole" })), "trust")).toEqual([
      expect.stringMatching(/^Statement\[0\]\.Resource: is not allowed in a role's trust policy/),
    ]);
    expect(
      problems(documentOf(statement({ Action: "sts:AssumeRole", Resource: undefined })), "trust"),
    ).toEqual([]);
  });
  const trust = (change: object) =>
    problems(
      documentOf({ Effect: "Allow", Principal: "*", Action: "sts:AssumeRole", ...change }),
      "trust",
    );
  test("a trust policy has no NotPrincipal", () => {
    expect(
      trust({ Effect: "Deny", Principal: undefined, NotPrincipal: { AWS: "111111111111" } }),
    ).toEqual([
      expect.stringMatching(
        /^Statement\[0\]\.NotPrincipal: is not allowed in a role's trust policy/,
      ),
    ]);
  });
  test.each([
    ["s3:GetObject", /^Statement\[0\]\.Action: "s3:GetObject" is not allowed in a role's trust/],
    [["sts:AssumeRole", "iam:PassRole"], /Action: "iam:PassRole" is not allowed/],
    ["*", /Action: "\*" is not allowed/],
    ["s*:AssumeRole", /Action: "s\*:AssumeRole" is/],
  ])("a trust policy does not speak of %j", (Action, message) => {
    expect(trust({ Action })[0]).toMatch(message);
  });
  test("a trust policy has no NotAction, which covers other services' actions", () => {
    expect(trust({ Action: undefined, NotAction: "sts:AssumeRole" })).toEqual([
      expect.stringMatching(/^Statement\[0\]\.NotAction: covers actions of other services/),
    ]);
  });
  test("a trust policy may speak of all sts actions", () => {
    expect(trust({ Action: ["sts:AssumeRole", "sts:TagSession", "STS:Set*", "sts:*"] })).toEqual(
      [],
    );
  });
});
