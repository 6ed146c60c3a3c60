import type { OneOrMany, Statement } from "../../iam/policy-document";

/**
 * Nobody may use plain HTTP. AWS services' own calls are spared, since their context says nothing
 * certain about the network.
 *
 * @param Action what is denied; SNS takes no `sns:*` in a topic policy
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-securetransport
 */
export function denyInsecureTransport(Action: string, Resource: OneOrMany<string>): Statement {
  return {
    Sid: "DenyInsecureTransport",
    Effect: "Deny",
    Principal: "*",
    Action,
    Resource,
    Condition: {
      Bool: { "aws:SecureTransport": "false", "aws:PrincipalIsAWSService": "false" },
    },
  };
}
