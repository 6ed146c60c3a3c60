/**
 * A bucket's settings stand in resources of their own, and the AWS provider reads them into the bucket as well: that
 * the bucket's own state does not have them yet is no drift. What no resource owns, somebody put there.
 */
import type { Environment } from "../../envs/types";
import { stackNames } from "../../envs/stack-names";
import type { Estate } from "./estate";
import type { ResourceChange } from "./plan-json";
import {
  ABSENT,
  type AttributeChange,
  at,
  describeValue,
  isEmpty,
  items,
  textOf,
} from "./plan-value";

/** Attribute of `aws_s3_bucket` → the type of the resource that owns it. */
const OWNERS: Readonly<Record<string, string>> = {
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
};

/** Whether a stack holds a setting of a bucket in a resource of its own, so that Terraform compares it there. */
export type IsOwned = (bucket: string, type: string) => boolean;

/** By the states of all stacks; of a stack that is not among them, by what the environment file says. */
export function ownership({
  environment,
  stacks,
}: Pick<Estate, "environment" | "stacks">): IsOwned {
  const held = stacks.flatMap(({ plan: { prior = [] } }) =>
    prior.map(({ type, texts }) => ({ type, bucket: texts["bucket"] })),
  );
  const missing = declaredSettings(environment).filter(
    ({ holder }) => !stacks.some(({ stack }) => stack === stackNames[holder](environment)),
  );
  const owned = new Set([...held, ...missing].map(({ type, bucket }) => `${type} ${bucket}`));
  return (bucket, type) => owned.has(`${type} ${bucket}`);
}

function declaredSettings({ destination }: Environment): {
  readonly holder: "destination" | "upkeep";
  readonly type: string;
  readonly bucket?: string;
}[] {
  const { bucket, retention, query, accessLogBucket, objectLock } = destination;
  const rules = { holder: "upkeep", type: "aws_s3_bucket_lifecycle_configuration" } as const;
  return [
    ...(retention ? [{ ...rules, bucket }] : []),
    ...(query ? [{ ...rules, bucket: query.resultsBucket }] : []),
    ...(accessLogBucket === undefined ? [] : [{ ...rules, type: "aws_s3_bucket_logging", bucket }]),
    ...(objectLock
      ? [
          {
            holder: "destination",
            type: "aws_s3_bucket_object_lock_configuration",
            bucket,
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
 * What no resource owns and the bucket has all the same, as Terraform has just read it. The next apply takes it into
 * the bucket's state, and from then on Terraform tells of no change.
 */
export function settledAttributes({ before }: ResourceChange, isOwned: IsOwned): AttributeChange[] {
  const bucket = textOf(at(before, "bucket")) ?? "";
  return EMPTY_AT_FIRST.filter((attribute) => !isOwned(bucket, OWNERS[attribute]!)).flatMap(
    (attribute) =>
      items(at(before, attribute)).map((item, index) => ({
        ...{ path: `${attribute}[${index}]`, before: describeValue(ABSENT) },
        after: describeValue(item),
      })),
  );
}

/** Of a bucket's changed attributes those that are its own, and those that no resource owns. */
export function ownAttributes(
  { before, after }: ResourceChange,
  attributes: readonly AttributeChange[],
  isOwned: IsOwned,
): AttributeChange[] {
  const bucket = textOf(at(before, "bucket")) ?? "";
  return attributes.filter(({ path }) => {
    const attribute = /^\w+/.exec(path)?.[0] ?? "";
    const owner = OWNERS[attribute];
    if (owner === undefined) return true;
    // What is gone from the bucket's state was taken away with the resource that owned it.
    return !isOwned(bucket, owner) && !isEmpty(at(after, attribute));
  });
}
