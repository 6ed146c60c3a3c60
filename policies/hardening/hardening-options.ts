/**
 * What the policies of bucket and key deny on top of plain HTTP. A Deny wins over every Allow, so
 * it binds administrators too.
 */
export interface Hardening {
  /**
   * Deny writing objects that are encrypted with anything but the log key (SSE-S3, where there is
   * none). What says nothing about encryption passes, since the bucket's default encryption is
   * the same; digest files and the empty objects that mark folders may have SSE-S3.
   * @default false
   */
  readonly denyOtherEncryption?: boolean;
  /**
   * Deny deleting log files, weakening their Object Lock and changing their encryption, and
   * deleting the log key, to everyone but the break-glass role; the deployer is not spared.
   * Lifecycle rules still work: S3 asks no policy for them.
   * @default false
   */
  readonly denyLogDeletion?: boolean;
  /**
   * Deny changing the policies of bucket and key, and the settings that the logs' safety hangs
   * on, to everyone but the break-glass role and the deployer.
   * @default false
   */
  readonly denyPolicyChange?: boolean;
  /**
   * Deny reading logs to everyone but the readers, each for its accounts alone, and the break-glass
   * role: the destination's own administrators included. Those who deploy and plan may list, which
   * Terraform needs, and not read.
   * @default false
   */
  readonly readersOnly?: boolean;
  /**
   * The ARN of the role that is spared from the denies: for emergencies, and not the deployer's.
   * @default - none; each deny but that of other encryption needs it
   */
  readonly breakGlassRoleArn?: string;
  /**
   * The ARN of the role that deploys the destination.
   * @default - none; `denyPolicyChange` and `readersOnly` need it
   */
  readonly deployerRoleArn?: string;
  /**
   * The ARN of the role that plans the destination, where that is another one.
   * @default - the role that deploys
   */
  readonly planRoleArn?: string;
}
