import type { PolicyDocument, Statement } from "../../iam/policy-document";
import { rootArn } from "../../cloudtrail/arn";
import { keyHardening } from "../hardening/hardening";
import { KEY_SHAPES } from "../shapes/key-shapes";
import { keyStatementsForReaders } from "../readers/readers";
import { DEFAULT_SHAPE } from "../shapes/shapes";
import type { LogKeyPolicyInput } from "./inputs";

/**
 * The key policy: the owner's account administers the key through IAM, CloudTrail may encrypt
 * with it in the words of the shape, and readers may decrypt; nobody may do what the hardening
 * denies.
 *
 * @throws Error where the hardening lacks a role that it has to spare
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
 */
export function logKeyPolicy(input: LogKeyPolicyInput): PolicyDocument {
  return {
    Version: "2012-10-17",
    Statement: [
      administration(input),
      ...KEY_SHAPES[input.shape ?? DEFAULT_SHAPE].statements(input),
      ...keyStatementsForReaders(input),
      ...keyHardening(input),
      ...(input.statements ?? []),
    ],
  };
}

/**
 * The account, and so its IAM policies, administers the key. Without this statement a key whose
 * deployer is gone can never be changed again.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
export function administration(
  account: Pick<LogKeyPolicyInput, "partition" | "accountId">,
): Statement {
  return {
    Sid: "EnableIAMUserPermissions",
    Effect: "Allow",
    Principal: { AWS: rootArn(account) },
    Action: "kms:*",
    Resource: "*",
  };
}
