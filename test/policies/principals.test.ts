import type { PolicyDocument, Statement } from "../../iam/policy-document";
import {
  accountOf,
  accountOutside,
  namedPrincipals,
  onlyForPrincipals,
  principalOf,
  wholeAccount,
} from "../../policies/principals";

function documentOf(...statements: Partial<Statement>[]): PolicyDocument {
  return {
    Version: "2012-10-17",
    Statement: statements.map((statement) => ({
      Effect: "Deny",
      Action: "s3:*",
      Resource: "arn:aws:s3:::logs/*",
      ...statement,
    })),
  };
}

test("everyone whom a document names is found, in elements and in conditions, once", () => {
  const document = documentOf(
    { Principal: "*" },
    { Principal: { AWS: ["arn:aws:iam::1:role/a", "*"], Service: "s3.amazonaws.com" } },
    { NotPrincipal: { AWS: "arn:aws:iam::1:role/b" } },
    {
      Principal: "*",
      Condition: {
        ArnNotLike: { "AWS:PrincipalArn": ["arn:aws:iam::1:role/c*", "arn:aws:iam::1:role/a"] },
        StringNotEquals: { "aws:PrincipalAccount": "222222222222", "aws:SourceVpc": "vpc-1" },
      },
    },
  );
  expect(namedPrincipals(document)).toEqual([
    "arn:aws:iam::1:role/a",
    "arn:aws:iam::1:role/b",
    "arn:aws:iam::1:role/c*",
    "222222222222",
  ]);
});

test("conditions on the principal stay, those that a request may meet or not go", () => {
  const document = documentOf(
    { Principal: "*", Sid: "First" },
    {
      Principal: "*",
      Sid: "Second",
      Condition: {
        Bool: { "aws:SecureTransport": "false", "aws:PrincipalIsAWSService": "false" },
        IpAddress: { "aws:SourceIp": "10.0.0.0/8" },
      },
    },
  );
  expect(onlyForPrincipals(document, 0).Statement).toEqual([document.Statement[0]]);
  expect(onlyForPrincipals(document, 1).Statement).toEqual([
    {
      ...document.Statement[1],
      Condition: { Bool: { "aws:PrincipalIsAWSService": "false" } },
    },
  ]);
});

const ACCOUNT = "222222222222";

test.each([
  [`arn:aws:iam::${ACCOUNT}:role/a/b`, { kind: "role", accountId: ACCOUNT }],
  [`arn:aws-eusc:iam::${ACCOUNT}:user/u`, { kind: "user", accountId: ACCOUNT }],
  ["arn:aws:iam::*:user/u", { kind: "user", accountId: "000000000000" }],
  ["AROAEXAMPLE", { kind: "role", accountId: "000000000000" }],
])("%s as a principal", (name, expected) => {
  expect(principalOf(name)).toEqual({ ...expected, arn: name });
});

test.each(["aws", "aws-eusc", "aws-iso-f"])("a session in %s is one of its role", (partition) => {
  const sessionArn = `arn:${partition}:sts::${ACCOUNT}:assumed-role/r/session`;
  expect(principalOf(sessionArn)).toEqual({
    kind: "role",
    arn: `arn:${partition}:iam::${ACCOUNT}:role/r`,
    accountId: ACCOUNT,
    sessionArn,
  });
});

test.each([
  [ACCOUNT, ACCOUNT],
  [`arn:aws:iam::${ACCOUNT}:root`, ACCOUNT],
  [`arn:aws:iam::${ACCOUNT}:*`, ACCOUNT],
  [`arn:aws:iam::${ACCOUNT}:role/*`, undefined],
  ["arn:aws:iam::*:root", undefined],
  [`arn:aws:sts::${ACCOUNT}:*`, undefined],
  ["*", undefined],
])("%s stands for the whole account %s", (name, account) => {
  expect(wholeAccount(name)).toBe(account);
});

test("the account of a name, and one outside of all", () => {
  expect(accountOf(`arn:aws:iam::${ACCOUNT}:role/a`)).toBe(ACCOUNT);
  expect(accountOf(ACCOUNT)).toBe(ACCOUNT);
  expect(accountOutside(["000000000000", "000000000001", ACCOUNT])).toBe("000000000002");
});
