import type { Partition } from "../../cloudtrail/regions";
import type { PolicyDocument, Statement } from "../../iam/policy-document";
import { rootArn } from "../../cloudtrail/arn";
import { keyHardening, type Hardening } from "../hardening/hardening";
import { KEY_SHAPES } from "../shapes/key-shapes";
import { keyStatementsForReaders, type LogReader } from "../readers/readers";
import type { CloudTrailPrincipalInput } from "./service-principal";
import { type KeyPolicyShape, DEFAULT_SHAPE } from "../shapes/shapes";
import type { TrailRegistry } from "../trail-registry";

/** What the policy of the log encryption key follows from. */
export interface LogKeyPolicyInput extends CloudTrailPrincipalInput {
  /** The key's partition. */
  readonly partition: Partition;
  /** The account that owns the key: twelve digits. */
  readonly accountId: string;
  /** Every trail whose files the key encrypts. */
  readonly trails: TrailRegistry;
  /**
   * Whether the bucket has an S3 Bucket Key. CloudTrail needs `kms:Decrypt` then.
   * @default false
   */
  readonly bucketKey?: boolean;
  /**
   * In which words the policy says whose trails may encrypt.
   * @default "trail-arns"
   */
  readonly shape?: KeyPolicyShape;
  /**
   * Who may read whose logs: the same as in the bucket's policy.
   * @default - nobody by this policy's own statements
   */
  readonly readers?: readonly LogReader[];
  /**
   * What is denied on top: the same as in the bucket's policy.
   * @default - nothing
   */
  readonly hardening?: Hardening;
}

/**
 * The key policy: the owner's account administers the key through IAM, CloudTrail may encrypt
 * with it in the words of the shape, and readers may decrypt; nobody may do what the hardening denies.
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
    ],
  };
}

/**
 * The account, and so its IAM policies, administers the key. Without this statement a key whose deployer
 * is gone can never be changed again.
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
