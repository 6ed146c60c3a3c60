import {
  AccessLogBucket,
  type AccessLogBucketProps,
} from "../../modules/access-log-bucket/access-log-bucket";
import { LogRetention } from "../../modules/log-retention/log-retention";
import type { RetentionDays } from "../../policies/retention";
import { type Configuration, emptyStack, only, synthesized } from "../support/synthesized";

function retention(days: RetentionDays): Configuration {
  const stack = emptyStack();
  new LogRetention(stack, "retention", { bucketName: "the-log-bucket", ...days });
  return synthesized(stack);
}

function accessLogs(overrides: Partial<AccessLogBucketProps> = {}): Configuration {
  const stack = emptyStack();
  new AccessLogBucket(stack, "access", {
    partition: "aws",
    accountId: "111111111111",
    bucketName: "the-access-logs",
    sourceBucketName: "the-log-bucket",
    ...overrides,
  });
  return synthesized(stack);
}

test("retention becomes one lifecycle rule for all objects", () => {
  const configuration = retention({
    transitionToGlacierDays: 90,
    expireDays: 2557,
    noncurrentExpireDays: 30,
  });
  expect(only(configuration, "aws_s3_bucket_lifecycle_configuration")).toMatchObject({
    bucket: "the-log-bucket",
    transition_default_minimum_object_size: "all_storage_classes_128K",
    rule: [
      {
        status: "Enabled",
        filter: [{}],
        transition: [{ days: 90, storage_class: "GLACIER" }],
        expiration: [{ days: 2557 }],
        noncurrent_version_expiration: [{ noncurrent_days: 30 }],
        abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
      },
    ],
  });
});

test("what is not given is not written", () => {
  const configuration = only(retention({ expireDays: 1 }), "aws_s3_bucket_lifecycle_configuration");
  expect(configuration).not.toHaveProperty("transition_default_minimum_object_size");
  const [rule] = configuration.rule as Record<string, unknown>[];
  expect(Object.keys(rule!).sort()).toEqual([
    "abort_incomplete_multipart_upload",
    "expiration",
    "filter",
    "id",
    "status",
  ]);
});

test("refuses days that S3 refuses, all at once", () => {
  expect(() => retention({ expireDays: 0, noncurrentExpireDays: 1.5 })).toThrow(
    /expireDays 0 is not a whole number.*\n.*noncurrentExpireDays 1.5 is not a whole number/,
  );
  expect(() => retention({ transitionToGlacierDays: 90, expireDays: 90 })).toThrow(
    "expireDays 90 is not after transitionToGlacierDays 90",
  );
});

test("the access log bucket can take access logs: SSE-S3, and its own policy comes first", () => {
  const configuration = accessLogs();
  expect(
    only(configuration, "aws_s3_bucket_server_side_encryption_configuration").rule,
  ).toMatchObject([{ apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } }]);
  const logging = only(configuration, "aws_s3_bucket_logging");
  expect(logging).toMatchObject({ bucket: "the-log-bucket", target_prefix: "s3-access/" });
  expect(logging.depends_on).toEqual([
    `aws_s3_bucket_policy.${Object.keys(configuration.resource.aws_s3_bucket_policy!)[0]}`,
  ]);
  expect(only(configuration, "aws_s3_bucket").lifecycle?.prevent_destroy).toBe(true);
});

test("refuses to log accesses into the bucket itself", () => {
  expect(() => accessLogs({ bucketName: "the-log-bucket" })).toThrow(
    'bucketName "the-log-bucket" is the bucket whose accesses are logged',
  );
});
