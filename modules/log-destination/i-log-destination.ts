import type { ITerraformDependable, TerraformResourceLifecycle } from "cdktf";

/** One condition of a trail's `lifecycle` block. */
export type TrailPrecondition = NonNullable<TerraformResourceLifecycle["precondition"]>[number];

/** What is known of a destination that is not made in this app. */
export interface LogDestinationAttributes {
  /** The bucket's name. */
  readonly bucketName: string;
  /**
   * The part of every log file's key before `AWSLogs/`.
   * @default - none
   */
  readonly s3KeyPrefix?: string;
  /**
   * The ARN of the KMS key that log files are encrypted with, in the bucket's region.
   * @default - SSE-S3
   */
  readonly kmsKeyArn?: string;
  /**
   * The ARN of the SNS topic to which CloudTrail publishes a message for each log file. Its policy
   * has to let the trails publish.
   * @default - no notifications
   */
  readonly snsTopicArn?: string;
}

/** Where trails deliver to: all that a trail needs to know of a bucket. */
export interface ILogDestination extends LogDestinationAttributes {
  /**
   * What has to be there before a trail is made, in the trail's own stack.
   * @default - nothing
   */
  readonly dependsOn?: readonly ITerraformDependable[];
  /**
   * The condition under which the destination takes the trail, checked when Terraform plans it.
   * @default - none: the destination is nothing that Terraform can ask
   */
  precondition?(trailArn: string): TrailPrecondition;
}
