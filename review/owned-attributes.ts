/**
 * A bucket's settings stand in resources of their own, and the AWS provider reads them into the
 * bucket as well; so it does with the policies of topics and queues. That the whole's own state
 * does not have them yet is not drift. What no resource owns, somebody put there.
 */
import type { Environment } from "../envs/types";
import { stackNames } from "../envs/stack-names";
import type { Estate } from "./plans/estate";
import type { ResourceChange } from "./plans/plan";
import {
  ABSENT,
  type AttributeChange,
  at,
  describeValue,
  isEmpty,
  items,
  textOf,
} from "./plans/plan-value";

/** What has parts in resources of their own. */
interface Whole {
  /** The attribute that names it. */
  readonly name: string;
  /** Its attribute → the type of the resource that owns it. */
  readonly owners: Readonly<Record<string, string>>;
}

const BUCKET: Whole = {
  name: "bucket",
  owners: {
    acceleration_status: "aws_s3_bucket_accelerate_configuration",
    acl: "aws_s3_bucket_acl",
    cors_rule: "aws_s3_bucket_cors_configuration",
    grant: "aws_s3_bucket_acl",
    lifecycle_rule: "aws_s3_bucket_lifecycle_configuration",
    logging: "aws_s3_bucket_logging",
    object_lock_configuration: "aws_s3_bucket_object_lock_configuration",
    policy: "aws_s3_bucket_policy",
    replication_configuration: "aws_s3_bucket_replication_configuration",
    request_payer: "aws_s3_bucket_request_payment_configuration",
    server_side_encryption_configuration: "aws_s3_bucket_server_side_encryption_configuration",
    versioning: "aws_s3_bucket_versioning",
    website: "aws_s3_bucket_website_configuration",
  },
};

/** By type. */
const WHOLES: Readonly<Record<string, Whole>> = {
  aws_s3_bucket: BUCKET,
  aws_sns_topic: { name: "arn", owners: { policy: "aws_sns_topic_policy" } },
  aws_sqs_queue: { name: "url", owners: { policy: "aws_sqs_queue_policy" } },
};

/**
 * Whether a stack holds a part of a bucket, topic or queue in a resource of this type, so that
 * Terraform compares it there. The whole is named as its parts name it: a bucket's name, a topic's
 * ARN, a queue's URL.
 */
export type IsOwned = (whole: string, type: string) => boolean;

/**
 * By the states of all stacks; of a stack that is not among them, by what the environment file
 * says.
 */
export function ownership({
  environment,
  stacks,
}: Pick<Estate, "environment" | "stacks">): IsOwned {
  const held = stacks.flatMap(({ plan: { prior = [] } }) =>
    prior.map(({ type, texts }) => ({
      type,
      whole: texts["bucket"] ?? texts["queue_url"] ?? texts["arn"],
    })),
  );
  const missing = declaredSettings(environment).filter(
    ({ holder }) => !stacks.some(({ stack }) => stack === stackNames[holder](environment)),
  );
  const owned = new Set([...held, ...missing].map(({ type, whole }) => `${type} ${whole}`));
  return (whole, type) => owned.has(`${type} ${whole}`);
}

function declaredSettings({ destination }: Environment): {
  readonly holder: "destination" | "upkeep";
  readonly type: string;
  readonly whole: string;
}[] {
  const { bucket, retention, query, accessLogBucket, objectLock } = destination;
  const rules = { holder: "upkeep", type: "aws_s3_bucket_lifecycle_configuration" } as const;
  return [
    ...(retention ? [{ ...rules, whole: bucket }] : []),
    ...(query ? [{ ...rules, whole: query.resultsBucket }] : []),
    ...(accessLogBucket === undefined
      ? []
      : [{ ...rules, type: "aws_s3_bucket_logging", whole: bucket }]),
    ...(objectLock
      ? [
          {
            holder: "destination",
            type: "aws_s3_bucket_object_lock_configuration",
            whole: bucket,
          } as const,
        ]
      : []),
  ];
}

/** Attributes that are empty on a bucket just made. Of the others AWS has a value of its own. */
const EMPTY_AT_FIRST = [
  "cors_rule",
  "lifecycle_rule",
  "logging",
  "replication_configuration",
  "website",
];

/**
 * What no resource owns and the bucket has all the same, as Terraform has just read it. The next
 * apply takes it into the bucket's state, and from then on Terraform tells of no change.
 */
export function settledAttributes({ before }: ResourceChange, isOwned: IsOwned): AttributeChange[] {
  const bucket = textOf(at(before, "bucket")) ?? "";
  return EMPTY_AT_FIRST.filter((attribute) => !isOwned(bucket, BUCKET.owners[attribute]!)).flatMap(
    (attribute) =>
      items(at(before, attribute)).map((item, index) => ({
        path: `${attribute}[${index}]`,
        before: describeValue(ABSENT),
        after: describeValue(item),
      })),
  );
}

/** Of a resource's changed attributes those that are its own, and those that no resource owns. */
export function ownAttributes(
  { type, before, after }: ResourceChange,
  attributes: readonly AttributeChange[],
  isOwned: IsOwned,
): readonly AttributeChange[] {
  const whole = WHOLES[type];
  if (whole === undefined) return attributes;
  const name = textOf(at(before, whole.name)) ?? "";
  return attributes.filter(({ path }) => {
    const attribute = /^\w+/.exec(path)?.[0] ?? "";
    const owner = whole.owners[attribute];
    if (owner === undefined) return true;
    // What is gone from the whole's state was taken away with the resource that owned it.
    return !isOwned(name, owner) && !isEmpty(at(after, attribute));
  });
}
