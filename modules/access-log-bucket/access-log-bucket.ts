import { S3BucketLoggingA } from "@cdktf/provider-aws/lib/s3-bucket-logging";
import type { Construct } from "constructs";
import type { Partition } from "../../cloudtrail/regions";
import {
  ACCESS_LOG_PREFIX,
  accessLogBucketPolicy,
} from "../../policies/documents/access-log-bucket-policy";
import { ClosedBucket } from "../closed-bucket";
import { checkProps, type ModuleOptions } from "../module-options";
import { verbatim } from "../terraform-text";

/**
 * Props of {@link AccessLogBucket}.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
 */
export interface AccessLogBucketProps extends ModuleOptions {
  /** The partition of both buckets. */
  readonly partition: Partition;
  /** The account that owns both buckets: twelve digits. Has to be the provider's. */
  readonly accountId: string;
  /** The new bucket's name. */
  readonly bucketName: string;
  /** The bucket whose accesses are logged, of the same account and region. */
  readonly sourceBucketName: string;
  /**
   * What the keys of the access logs start with.
   * @default "s3-access/"
   */
  readonly targetPrefix?: string;
}

/**
 * A bucket for the server access logs of the log bucket, and the order to write them. It is one
 * that can take them: S3 delivers no access logs to a bucket with default SSE-KMS or Object Lock,
 * so this one has SSE-S3 and no lock.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html
 */
export class AccessLogBucket extends ClosedBucket {
  /** The order to log accesses, as a resource. */
  readonly loggingResource: S3BucketLoggingA;

  /** @throws Error where the name is not one that S3 takes, or is the source bucket's */
  constructor(scope: Construct, id: string, props: AccessLogBucketProps) {
    const targetPrefix = props.targetPrefix ?? ACCESS_LOG_PREFIX;
    super(scope, id, { ...props, policy: accessLogBucketPolicy({ ...props, targetPrefix }) });
    checkProps(this, [
      {
        prop: "bucketName",
        value: props.bucketName,
        problem:
          props.bucketName === props.sourceBucketName
            ? "is the bucket whose accesses are logged: each access log would be logged in turn"
            : undefined,
      },
    ]);
    this.loggingResource = new S3BucketLoggingA(
      this,
      "logging",
      verbatim({
        provider: props.provider,
        bucket: props.sourceBucketName,
        targetBucket: this.resource.id,
        targetPrefix,
        dependsOn: [this.policyResource],
      }),
    );
  }
}
