import type { Construct } from "constructs";
import { keyPrefixProblem } from "../../cloudtrail/names";
import type { Partition } from "../../cloudtrail/regions";
import type { PolicyDocument } from "../../iam/policy-document";
import { logBucketPolicy } from "../../policies/log-bucket-policy";
import type { TrailRegistry } from "../../policies/trail-registry";
import { ClosedBucket, type ClosedBucketProps } from "../closed-bucket";
import { checkProps } from "../module-options";

/** Props of {@link LogBucket}. */
export interface LogBucketProps extends Omit<ClosedBucketProps, "policy"> {
  /** The partition of the bucket's region. */
  readonly partition: Partition;
  /**
   * The part of every log file's key before `AWSLogs/`.
   * @default - none
   */
  readonly keyPrefix?: string;
  /** Every trail that may deliver to the bucket. */
  readonly trails: TrailRegistry;
}

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

  /** @throws Error where the bucket name or the prefix is not one that AWS takes */
  constructor(scope: Construct, id: string, props: LogBucketProps) {
    const policy = logBucketPolicy(props);
    super(scope, id, { ...props, policy });
    this.policy = policy;
    checkProps(this, [
      {
        prop: "keyPrefix",
        value: props.keyPrefix,
        problem: props.keyPrefix === undefined ? undefined : keyPrefixProblem(props.keyPrefix),
      },
    ]);
  }
}
