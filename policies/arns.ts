import type { Partition } from "../cloudtrail/regions";

/** `arn:aws:s3:::name` */
export function bucketArn(bucket: {
  readonly partition: Partition;
  readonly bucketName: string;
}): string {
  return `arn:${bucket.partition}:s3:::${bucket.bucketName}`;
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

/** `arn:aws:sns:us-east-1:111111111111:name` */
export function topicArn(topic: TopicIdentity): string {
  return `arn:${topic.partition}:sns:${topic.region}:${topic.accountId}:${topic.topicName}`;
}

/** `arn:aws:sqs:us-east-1:111111111111:name`: a queue beside the topic, in the same account and region. */
export function queueArn(topic: TopicIdentity, queueName: string): string {
  return `arn:${topic.partition}:sqs:${topic.region}:${topic.accountId}:${queueName}`;
}

/** `arn:aws:iam::111111111111:root`: the account, and in aws:PrincipalArn its root user. */
export function rootArn(account: {
  readonly partition: Partition;
  readonly accountId: string;
}): string {
  return `arn:${account.partition}:iam::${account.accountId}:root`;
}

/** As long as any KMS key's ARN: for documents that are measured or checked before the key exists. */
export function standInKeyArn(key: {
  readonly partition: Partition;
  readonly region: string;
  readonly accountId: string;
}): string {
  return `arn:${key.partition}:kms:${key.region}:${key.accountId}:key/00000000-0000-0000-0000-000000000000`;
}
