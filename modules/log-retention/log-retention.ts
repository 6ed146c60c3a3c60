import {
  S3BucketLifecycleConfiguration,
  type S3BucketLifecycleConfigurationRule,
} from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { Construct } from "constructs";
import type { RetentionDays } from "../../policies/retention";
import { checkProps, type ModuleOptions, type PropCheck } from "../module-options";
import { verbatim } from "../terraform-text";

/**
 * Props of {@link LogRetention}.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html
 */
export interface LogRetentionProps extends Pick<ModuleOptions, "provider">, RetentionDays {
  /** The log bucket's name. */
  readonly bucketName: string;
}

/**
 * S3's own default since September 2024. Written, since a bucket whose rules are older keeps the
 * one before, by which small files move too: each for the price of a request that hardly any wins
 * back, and with 40 KB of overhead.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
 */
const SMALL_FILES_STAY = "all_storage_classes_128K";

/**
 * The lifecycle rules of a log bucket. A module of its own, because AWS's provider takes about 55
 * seconds to settle them and no trail has to wait for that.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html
 */
export class LogRetention extends Construct {
  /** The rules as a resource of the AWS provider, for what the props do not cover. */
  readonly resource: S3BucketLifecycleConfiguration;

  /**
   * @throws Error where a number of days is none that S3 takes, or files would expire before they
   *   move
   */
  constructor(scope: Construct, id: string, props: LogRetentionProps) {
    super(scope, id);
    const { transitionToGlacierDays, expireDays, noncurrentExpireDays } = props;
    checkProps(this, [
      { prop: "transitionToGlacierDays", ...positive(transitionToGlacierDays) },
      { prop: "expireDays", ...positive(expireDays) },
      { prop: "noncurrentExpireDays", ...positive(noncurrentExpireDays) },
      {
        prop: "expireDays",
        value: expireDays,
        problem:
          (transitionToGlacierDays ?? 0) >= (expireDays ?? Infinity)
            ? `is not after transitionToGlacierDays ${transitionToGlacierDays}`
            : undefined,
      },
    ]);
    const rule: S3BucketLifecycleConfigurationRule = {
      id: "log-retention",
      status: "Enabled",
      filter: [{}],
      abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
      ...(transitionToGlacierDays === undefined
        ? {}
        : { transition: [{ days: transitionToGlacierDays, storageClass: "GLACIER" }] }),
      ...(expireDays === undefined ? {} : { expiration: [{ days: expireDays }] }),
      ...(noncurrentExpireDays === undefined
        ? {}
        : { noncurrentVersionExpiration: [{ noncurrentDays: noncurrentExpireDays }] }),
    };
    this.resource = new S3BucketLifecycleConfiguration(
      this,
      "configuration",
      verbatim({
        provider: props.provider,
        bucket: props.bucketName,
        ...(transitionToGlacierDays === undefined
          ? {}
          : { transitionDefaultMinimumObjectSize: SMALL_FILES_STAY }),
        rule: [rule],
      }),
    );
  }
}

function positive(value: number | undefined): Omit<PropCheck, "prop"> {
  const fits = value === undefined || (Number.isInteger(value) && value >= 1);
  return { value, problem: fits ? undefined : "is not a whole number of days from 1 on" };
}
