import { isAccountId, topicNameProblem } from "./names";
import { isRegionName, type Partition } from "./regions";

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

/** Whether the text is meant as an ARN, well-formed or not: names of resources begin otherwise. */
export function isArn(text: string): boolean {
  return text.startsWith("arn:");
}

/** The parts of an ARN; undefined where the text is none. */
export function parseArn(text: string): Arn | undefined {
  const match = /^arn:([^:]+):([^:]+):([^:]*):([^:]*):(.+)$/.exec(text);
  if (!match) return undefined;
  const [, partition, service, region, account, resource] = match as unknown as string[];
  return { partition, service, region, account, resource } as Arn;
}

/**
 * The service whose resources of an account are all meant by the beginning of an ARN, as selectors
 * of events have it: `lambda` of `arn:aws:lambda`, `s3` of `arn:aws:s3` and of `arn:aws:s3:::`.
 */
export function serviceOfAll(text: string): string | undefined {
  return /^arn:[a-z-]+:([a-z0-9]+)$/.exec(text)?.[1] ?? /^arn:[a-z-]+:(s3):::$/.exec(text)?.[1];
}

/** Whether it is a KMS key's ARN, not an alias's. */
export function isKeyArn(arn: Arn | undefined): boolean {
  return arn?.service === "kms" && hasPlace(arn) && /^key\/[A-Za-z0-9-]+$/.test(arn.resource);
}

/** Whether it is an SNS topic's ARN. */
export function isTopicArn(arn: Arn | undefined): boolean {
  return arn?.service === "sns" && hasPlace(arn) && topicNameProblem(arn.resource) === undefined;
}

/** Whether region and account are such: services that have none leave them out. */
export function hasPlace({ region, account }: Arn): boolean {
  return isRegionName(region) && isAccountId(account);
}

/** The role or user that an ARN of IAM names, with its path; undefined for anything else. */
export function iamName(
  arn: Arn | undefined,
): { readonly kind: "role" | "user"; readonly name: string } | undefined {
  if (arn?.service !== "iam" || arn.region !== "" || !isAccountId(arn.account)) return undefined;
  const [kind = "", ...name] = arn.resource.split("/");
  if ((kind !== "role" && kind !== "user") || name.join("/") === "") return undefined;
  return { kind, name: name.join("/") };
}

/** The role that a session's ARN names, without the role's path; undefined for anything else. */
export function sessionRole(arn: Arn | undefined): string | undefined {
  if (arn?.service !== "sts" || arn.region !== "" || !isAccountId(arn.account)) return undefined;
  const [kind, role, session] = arn.resource.split("/");
  return kind === "assumed-role" && session ? role : undefined;
}

/**
 * The bucket that an ARN of S3 names, be it the bucket's own or an object's; undefined for anything
 * else.
 */
export function bucketOfArn(arn: Arn | undefined): string | undefined {
  if (arn?.service !== "s3" || arn.region !== "" || arn.account !== "") return undefined;
  return arn.resource.split("/")[0];
}

/** The reverse of {@link parseArn}. */
export function formatArn({ partition, service, region, account, resource }: Arn): string {
  return ["arn", partition, service, region, account, resource].join(":");
}

/** An account in its partition. */
export interface AccountPlace {
  /** The account's partition. */
  readonly partition: string;
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

/**
 * The ARN of what a service names by region and account:
 * `arn:aws:glue:us-east-1:111111111111:database/logs`
 */
export function regionalArn(place: RegionPlace, service: string, resource: string): string {
  const { partition, region, accountId: account } = place;
  return formatArn({ partition, service, region, account, resource });
}

/** `arn:aws:sns:us-east-1:111111111111:name` */
export function topicArn(topic: TopicIdentity): string {
  return regionalArn(topic, "sns", topic.topicName);
}

/**
 * `arn:aws:sqs:us-east-1:111111111111:name`: a queue beside the topic, in the same account and
 * region.
 */
export function queueArn(place: RegionPlace, queueName: string): string {
  return regionalArn(place, "sqs", queueName);
}

/** `arn:aws:kms:us-east-1:111111111111:key/…` */
export function keyArn(place: RegionPlace, keyId: string): string {
  return regionalArn(place, "kms", `key/${keyId}`);
}

/**
 * As long as any KMS key's ARN: for documents that are measured or checked before the key exists.
 */
export function standInKeyArn(place: RegionPlace): string {
  return keyArn(place, "00000000-0000-0000-0000-000000000000");
}

/** `arn:aws:iam::111111111111:role/path/name` */
export function roleArn(account: AccountPlace, name: string): string {
  return iamArn(account, `role/${name}`);
}

/** `arn:aws:sts::111111111111:assumed-role/name/session` */
export function sessionArn(account: AccountPlace, role: string, session: string): string {
  const { partition, accountId } = account;
  const resource = `assumed-role/${role}/${session}`;
  return formatArn({ partition, service: "sts", region: "", account: accountId, resource });
}

/** `arn:aws:iam::111111111111:root`: the account, and in aws:PrincipalArn its root user. */
export function rootArn(account: AccountPlace): string {
  return iamArn(account, "root");
}

function iamArn({ partition, accountId: account }: AccountPlace, resource: string): string {
  return formatArn({ partition, service: "iam", region: "", account, resource });
}
