import type { PolicyDocument, Statement } from "../../iam/policy-document";
import { namedPrincipals, onlyForPrincipals } from "../../policies/named-principals";

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
