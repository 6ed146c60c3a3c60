import { evaluate } from "../iam/evaluate";
import type { PolicyDocument } from "../iam/policy-document";
import { table } from "../text/table";
import { bucketPolicyBudget, keyPolicyBudget, topicPolicyBudget } from "../policies/shapes/budget";
import { TrailRegistry } from "../policies/trail-registry";

const ACCOUNTS = 2000;

/**
 * Building and checking the policies of many accounts, and evaluating a large one, in milliseconds.
 */
export function benchPolicies(): string[] {
  const trails = Array.from({ length: ACCOUNTS }, (_, index) => ({
    partition: "aws" as const,
    homeRegion: "us-east-1",
    accountId: String(200_000_000_000 + index),
    name: "central-trail",
  }));
  const policies = milliseconds(20, () => {
    const registry = new TrailRegistry(trails);
    const input = { partition: "aws", trails: registry } as const;
    const [accountId, region] = ["200000000000", "us-east-1"];
    bucketPolicyBudget({
      ...input,
      bucketName: "logs",
      shape: "source-org-id",
      organizationId: "o-0123456789",
    });
    keyPolicyBudget({ ...input, accountId, shape: "account-list" });
    topicPolicyBudget({ ...input, accountId, region, topicName: "logs", shape: "account-list" });
  });
  const document = largeDocument();
  const request = {
    principal: { kind: "service", service: "cloudtrail.amazonaws.com" },
    action: "s3:PutObject",
    resource: "arn:aws:s3:::logs/AWSLogs/1",
    context: { "aws:SourceArn": "arn:aws:cloudtrail:us-east-1:111111111111:trail/none" },
  } as const;
  const first = milliseconds(1, () =>
    evaluate(request, { resourcePolicy: document, resourceAccount: "111111111111" }),
  );
  const again = milliseconds(200, () =>
    evaluate(request, { resourcePolicy: document, resourceAccount: "111111111111" }),
  );
  return table([
    ["what", "ms"],
    [`build and check bucket, key and topic policy of ${ACCOUNTS} accounts`, policies.toFixed(1)],
    ["evaluate 100 statements with 1,000 values, the first time", first.toFixed(2)],
    ["evaluate 100 statements with 1,000 values, again", again.toFixed(3)],
  ]);
}

/** 100 statements with 10 values each; the request matches none, so each is looked at. */
function largeDocument(): PolicyDocument {
  return {
    Version: "2012-10-17",
    Statement: Array.from({ length: 100 }, (_, index) => ({
      Effect: "Allow",
      Principal: { Service: "cloudtrail.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: "arn:aws:s3:::logs/AWSLogs/*",
      Condition: {
        ArnLike: {
          "aws:SourceArn": Array.from(
            { length: 10 },
            (_, value) => `arn:aws:cloudtrail:*:${200_000_000_000 + 10 * index + value}:trail/*`,
          ),
        },
      },
    })),
  };
}

/** Mean time of one call. */
function milliseconds(times: number, call: () => unknown): number {
  const start = performance.now();
  for (let index = 0; index < times; index++) call();
  return (performance.now() - start) / times;
}
