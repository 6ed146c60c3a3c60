/**
 * The six parts of an ARN that matter here.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
 */
export interface Arn {
  /** `aws`, `aws-us-gov` or `aws-cn`. */
  readonly partition: string;
  /** `s3`, `kms` and so on. */
  readonly service: string;
  /** Empty for services that are global within a partition, such as IAM. */
  readonly region: string;
  /** Twelve digits; empty for services that leave it out, such as S3. */
  readonly account: string;
  /** All that follows, colons included. */
  readonly resource: string;
}

/** The parts of an ARN; undefined where the text is none. */
export function parseArn(text: string): Arn | undefined {
  const match = /^arn:([^:]+):([^:]+):([^:]*):([^:]*):(.+)$/.exec(text);
  if (!match) return undefined;
  const [, partition, service, region, account, resource] = match as unknown as string[];
  return { partition, service, region, account, resource } as Arn;
}
