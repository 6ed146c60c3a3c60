import type { Partition } from "./regions";

/**
 * The six parts of an ARN that matter here.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
 */
export interface Arn {
  /** `aws`, `aws-us-gov` and the others of AWS's partitions. */
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

/** The reverse of {@link parseArn}. */
export function formatArn({ partition, service, region, account, resource }: Arn): string {
  return ["arn", partition, service, region, account, resource].join(":");
}

/** An account in its partition. */
export interface AccountPlace {
  /** The account's partition. */
  readonly partition: Partition;
  /** Twelve digits. */
  readonly accountId: string;
}

/** A region of an account. */
export interface RegionPlace extends AccountPlace {
  /** The region's name. */
  readonly region: string;
}

/** What names the topic before it exists, so that policies can name it without depending on it. */
export interface TopicIdentity {
  /** The topic's partition. */
  readonly partition: Partition;
  /** The topic's region. */
  readonly region: string;
  /** The account that owns the topic: twelve digits. */
  readonly accountId: string;
  /** The topic's name. */
  readonly topicName: string;
}

/** `arn:aws:s3:::name` */
export function bucketArn(bucket: {
  readonly partition: Partition;
  readonly bucketName: string;
}): string {
  const { partition, bucketName } = bucket;
  return formatArn({ partition, service: "s3", region: "", account: "", resource: bucketName });
}

/** The ARN of what a service names by region and account: `arn:aws:glue:us-east-1:111111111111:database/logs` */
export function regionalArn(place: RegionPlace, service: string, resource: string): string {
  const { partition, region, accountId: account } = place;
  return formatArn({ partition, service, region, account, resource });
}

/** `arn:aws:sns:us-east-1:111111111111:name` */
export function topicArn(topic: TopicIdentity): string {
  return regionalArn(topic, "sns", topic.topicName);
}

/** `arn:aws:sqs:us-east-1:111111111111:name`: a queue beside the topic, in the same account and region. */
export function queueArn(place: RegionPlace, queueName: string): string {
  return regionalArn(place, "sqs", queueName);
}

/** `arn:aws:kms:us-east-1:111111111111:key/…` */
export function keyArn(place: RegionPlace, keyId: string): string {
  return regionalArn(place, "kms", `key/${keyId}`);
}

/** As long as any KMS key's ARN: for documents that are measured or checked before the key exists. */
export function standInKeyArn(place: RegionPlace): string {
  return keyArn(place, "00000000-0000-0000-0000-000000000000");
}

/** `arn:aws:iam::111111111111:role/path/name` */
export function roleArn(account: AccountPlace, name: string): string {
  return iamArn(account, `role/${name}`);
}

/** `arn:aws:iam::111111111111:root`: the account, and in aws:PrincipalArn its root user. */
export function rootArn(account: AccountPlace): string {
  return iamArn(account, "root");
}

function iamArn({ partition, accountId: account }: AccountPlace, resource: string): string {
  return formatArn({ partition, service: "iam", region: "", account, resource });
}
