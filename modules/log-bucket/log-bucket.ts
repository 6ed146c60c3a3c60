import { Token } from "cdktf";
import type { Construct } from "constructs";
import { keyPrefixProblem } from "../../cloudtrail/names";
import type { PolicyDocument } from "../../iam/policy-document";
import { standInKeyArn } from "../../cloudtrail/arn";
import { bucketPolicyBudget } from "../../policies/shapes/budget";
import { logBucketPolicy } from "../../policies/documents/log-bucket-policy";
import type { LogBucketPolicyInput } from "../../policies/documents/inputs";
import { ClosedBucket, type ClosedBucketProps } from "../closed-bucket";
import { checkProps } from "../module-options";
import { holdToBudget } from "../policy-budget";

/**
 * Props of {@link LogBucket}: the bucket's own, and what its policy follows from.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
 */
export interface LogBucketProps
  extends
    Omit<ClosedBucketProps, "policy" | "bucketName">,
    Omit<LogBucketPolicyInput, "kmsKeyArn"> {}

/**
 * The bucket that receives the log files of all accounts: versioned, closed to the public, owned by
 * its account alone, TLS only for everyone but AWS services, and writable by CloudTrail for the
 * listed trails.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html
 */
export class LogBucket extends ClosedBucket {
  /** The bucket's policy. */
  readonly policy: PolicyDocument;

  /**
   * @throws Error where the bucket name or the prefix is not one that AWS takes, or
   *   {@link logBucketPolicy} throws
   */
  constructor(scope: Construct, id: string, props: LogBucketProps) {
    const { kmsKeyArn } = props.encryption ?? {};
    const policy = logBucketPolicy({ ...props, kmsKeyArn });
    super(scope, id, { ...props, policy });
    this.policy = policy;
    holdToBudget(this, bucketPolicyBudget({ ...props, kmsKeyArn: measurable(kmsKeyArn, props) }));
    checkProps(this, [
      {
        prop: "keyPrefix",
        value: props.keyPrefix,
        problem: props.keyPrefix === undefined ? undefined : keyPrefixProblem(props.keyPrefix),
      },
    ]);
  }
}

/** Only Terraform knows the ARN of a key that is made: one that is as long stands for it. */
function measurable(
  kmsKeyArn: string | undefined,
  { partition, trails }: LogBucketProps,
): string | undefined {
  const { homeRegion: region, accountId } = trails.trails[0]!;
  return Token.isUnresolved(kmsKeyArn)
    ? standInKeyArn({ partition, region, accountId })
    : kmsKeyArn;
}
