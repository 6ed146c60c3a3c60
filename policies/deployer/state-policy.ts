import { bucketArn } from "../../cloudtrail/arn";
import type { Partition } from "../../cloudtrail/regions";
import type { PolicyDocument, Statement } from "../../iam/policy-document";

/** What access to Terraform's state in S3 follows from. */
export interface StatePolicyInput {
  /** The partition of the state bucket. */
  readonly partition: Partition;
  /** The state bucket. */
  readonly bucketName: string;
  /** The keys of the state files; `*` and `?` are wildcards. The lock files' keys follow. */
  readonly stateKeys: readonly string[];
  /**
   * The KMS key that the state is encrypted with.
   * @default - SSE-S3, or a key that asks nothing of the caller
   */
  readonly kmsKeyArn?: string;
  /** Whether state may be written. A plan only reads it; it takes the lock all the same. */
  readonly mayWrite: boolean;
}

/**
 * Access to the state of one environment in an S3 backend with S3's own lock file. State files are
 * never deleted, lock files are.
 *
 * @see https://developer.hashicorp.com/terraform/language/backend/s3#permissions-required
 */
export function statePolicy(input: StatePolicyInput): PolicyDocument {
  const { mayWrite, kmsKeyArn } = input;
  const stateBucket = bucketArn(input);
  const states = input.stateKeys.map((key) => `${stateBucket}/${key}`);
  const statements: Statement[] = [
    {
      // No condition on s3:prefix: Terraform looks for workspaces below env:/ too, and without this
      // right S3 answers 403 instead of 404 for a state that is not there yet.
      Sid: "ListStates",
      Effect: "Allow",
      Action: "s3:ListBucket",
      Resource: stateBucket,
    },
    {
      Sid: mayWrite ? "ReadAndWriteState" : "ReadState",
      Effect: "Allow",
      Action: mayWrite ? ["s3:GetObject", "s3:PutObject"] : "s3:GetObject",
      Resource: states,
    },
    {
      Sid: "LockState",
      Effect: "Allow",
      Action: ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
      Resource: states.map((state) => `${state}.tflock`),
    },
    ...(kmsKeyArn === undefined
      ? []
      : [
          {
            // Both for plans as well, since the lock file is written encrypted.
            Sid: "EncryptState",
            Effect: "Allow",
            Action: ["kms:Decrypt", "kms:GenerateDataKey"],
            Resource: kmsKeyArn,
          } as const,
        ]),
  ];
  return { Version: "2012-10-17", Statement: statements };
}
