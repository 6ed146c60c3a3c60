import type { ResourceBlock } from "./configuration";

/** Settings of a bucket that Terraform reads with it, and the resource that declares each. */
const BUCKET_SETTINGS: Readonly<Record<string, string>> = {
  acceleration_status: "aws_s3_bucket_accelerate_configuration",
  cors_rule: "aws_s3_bucket_cors_configuration",
  lifecycle_rule: "aws_s3_bucket_lifecycle_configuration",
  logging: "aws_s3_bucket_logging",
  object_lock_configuration: "aws_s3_bucket_object_lock_configuration",
  policy: "aws_s3_bucket_policy",
  replication_configuration: "aws_s3_bucket_replication_configuration",
  website: "aws_s3_bucket_website_configuration",
};

/**
 * What a bucket that is to be imported has beside its name: settings that nobody declared, which
 * stay, and those that the next deploy writes anew.
 *
 * @param attributes as the provider reads them
 * @param declared the resources of all stacks
 */
export function bucketSettings(
  attributes: Readonly<Record<string, unknown>>,
  declared: readonly ResourceBlock[],
): readonly string[] {
  return Object.entries(BUCKET_SETTINGS).flatMap(([name, owner]) => {
    const value = attributes[name];
    if (isNothing(value)) return [];
    const fate = declared.some(({ type }) => type === owner)
      ? "the next deploy writes its own"
      : "nobody declared it, and it stays";
    return [`${name} (${fate}): ${shortly(value)}`];
  });
}

function isNothing(value: unknown): boolean {
  return (
    value === null ||
    value === undefined ||
    value === "" ||
    (Array.isArray(value) && value.length === 0)
  );
}

function shortly(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(withoutEmpty(value));
  return text.length > 300 ? `${text.slice(0, 300)} …` : text;
}

/** The provider lists every argument that it knows, in use or not. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (typeof value !== "object" || value === null) return value;
  const used = Object.entries(value).filter(
    ([, one]) => !isNothing(one) && one !== false && one !== 0,
  );
  return Object.fromEntries(used.map(([key, one]) => [key, withoutEmpty(one)]));
}
