import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { TerraformStack } from "cdktf";
import { AccessLogBucket } from "../../modules/access-log-bucket/access-log-bucket";
import { LogBucket } from "../../modules/log-bucket/log-bucket";
import { LogDestination } from "../../modules/log-destination/log-destination";
import { LogEncryptionKey } from "../../modules/log-encryption-key/log-encryption-key";
import { LogQuery } from "../../modules/log-query/log-query";
import { LogRetention } from "../../modules/log-retention/log-retention";
import { Trail } from "../../modules/trail/trail";
import { TrailRegistry } from "../../policies/trail-registry";
import { emptyStack, synthesized } from "../support/synthesized";
import { trailOf } from "../support/trails";

const identity = trailOf("111111111111");
const trails = new TrailRegistry([identity]);
const owner = { partition: "aws", accountId: "111111111111" } as const;

/** Each module alone, and how many AWS resources it makes. */
const modules: [string, number, (stack: TerraformStack, provider: AwsProvider) => unknown][] = [
  [
    "LogBucket",
    6,
    (stack, provider) =>
      new LogBucket(stack, "m", { provider, partition: "aws", bucketName: "logs", trails }),
  ],
  [
    "LogEncryptionKey",
    2,
    (stack, provider) =>
      new LogEncryptionKey(stack, "m", { provider, ...owner, alias: "logs", trails }),
  ],
  [
    "Trail",
    1,
    (stack, provider) =>
      new Trail(stack, "m", {
        provider,
        identity,
        destination: LogDestination.fromAttributes({ bucketName: "logs" }),
      }),
  ],
  [
    "LogRetention",
    1,
    (stack, provider) =>
      new LogRetention(stack, "m", { provider, bucketName: "logs", expireDays: 1 }),
  ],
  [
    "AccessLogBucket",
    7,
    (stack, provider) =>
      new AccessLogBucket(stack, "m", {
        provider,
        ...owner,
        bucketName: "access",
        sourceBucketName: "logs",
      }),
  ],
  [
    "LogQuery",
    22,
    (stack, provider) =>
      new LogQuery(stack, "m", {
        provider,
        ...owner,
        bucketName: "logs",
        accountIds: ["111111111111"],
        firstDay: "2026-01-01",
        databaseName: "central_trail",
        workgroupName: "central-trail",
        resultsBucketName: "results",
      }),
  ],
  [
    "LogDestination",
    9,
    (stack, provider) =>
      new LogDestination(stack, "m", {
        provider,
        bucketName: "logs",
        trail: identity,
        newKey: { alias: "logs" },
      }),
  ],
];

test.each(modules)("%s works alone, all of it with the provider passed in", (_, count, make) => {
  const stack = emptyStack();
  make(stack, new AwsProvider(stack, "other", { alias: "other", region: "us-east-1" }));
  const aws = Object.entries(synthesized(stack).resource)
    .filter(([type]) => type.startsWith("aws_"))
    .flatMap(([, resources]) => Object.values(resources));
  expect(aws.map(({ provider }) => provider)).toEqual(Array(count).fill("aws.other"));
});
