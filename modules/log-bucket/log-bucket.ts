import { Token } from "cdktf";
import type { Construct } from "constructs";
import { keyPrefixProblem } from "../../cloudtrail/names";
import type { TrailIdentity } from "../../cloudtrail/trails/trail-identity";
import { standInKeyArn } from "../../cloudtrail/arn";
import { bucketPolicyBudget } from "../../policies/shapes/budget";
import { logBucketPolicy } from "../../policies/documents/log-bucket-policy";
import type { LogBucketPolicyInput } from "../../policies/documents/inputs";
import { TrailRegistry } from "../../policies/trail-registry";
import { ClosedBucket, type ClosedBucketProps } from "../closed-bucket";
import { checkProps } from "../module-options";
import { statementChecks } from "../own-statements";
import { holdToBudget } from "../policy-budget";

/**
 * Props of {@link LogBucket}: the bucket's own, and what its policy follows from.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
 */
export interface LogBucketProps
  extends
    Omit<ClosedBucketProps, "policy" | "bucketName">,
    Omit<LogBucketPolicyInput, "kmsKeyArn" | "trails"> {
  /** Every trail that may deliver, the bucket's own account's included. */
  readonly trails: readonly TrailIdentity[];
}

/**
 * The bucket that receives the log files of all accounts: versioned, closed to the public, owned by
 * its account alone, TLS only for everyone but AWS services, and writable by CloudTrail for the
 * listed trails.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html
 */
export class LogBucket extends ClosedBucket {
  /**
   * @throws Error where the bucket name or the prefix is not one that AWS takes, or
   *   {@link logBucketPolicy} throws
   */
  constructor(scope: Construct, id: string, props: LogBucketProps) {
    const { kmsKeyArn } = props.encryption ?? {};
    const trails = new TrailRegistry(props.trails);
    const policy = logBucketPolicy({ ...props, trails, kmsKeyArn });
    super(scope, id, { ...props, policy });
    const measured = { ...props, trails, kmsKeyArn: measurable(kmsKeyArn, props) };
    holdToBudget(this, bucketPolicyBudget(measured));
    checkProps(this, [
      {
        prop: "s3KeyPrefix",
        value: props.s3KeyPrefix,
        problem: props.s3KeyPrefix === undefined ? undefined : keyPrefixProblem(props.s3KeyPrefix),
      },
      ...statementChecks(policy, props.statements),
    ]);
  }
}

/** Only Terraform knows the ARN of a key that is made: one that is as long stands for it. */
function measurable(
  kmsKeyArn: string | undefined,
  { partition, trails }: LogBucketProps,
): string | undefined {
  const { homeRegion: region, accountId } = trails[0]!;
  return Token.isUnresolved(kmsKeyArn)
    ? standInKeyArn({ partition, region, accountId })
    : kmsKeyArn;
}
