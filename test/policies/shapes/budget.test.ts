import { LIMITS } from "../../../cloudtrail/limits";
import { sizeInBytes } from "../../../iam/policy-document";
import {
  bucketPolicyBudget,
  keyPolicyBudget,
  measure,
  topicPolicyBudget,
} from "../../../policies/shapes/budget";
import { logBucketPolicy } from "../../../policies/documents/log-bucket-policy";
import { logKeyPolicy } from "../../../policies/documents/log-key-policy";
import { TrailRegistry } from "../../../policies/trail-registry";
import { trailOf } from "../../support/trails";

const registry = (accounts: number) =>
  new TrailRegistry(
    Array.from({ length: accounts }, (_, index) => trailOf(String(100_000_000_000 + index))),
  );
const bucket = (accounts: number) =>
  ({ partition: "aws", bucketName: "example-org-trail-logs", trails: registry(accounts) }) as const;
const key = (accounts: number) =>
  ({ partition: "aws", accountId: "100000000000", trails: registry(accounts) }) as const;
const topic = (accounts: number) =>
  ({
    partition: "aws",
    region: "us-east-1",
    accountId: "100000000000",
    topicName: "files",
    trails: registry(accounts),
  }) as const;

test("a document well within its limit says nothing", () => {
  const budget = bucketPolicyBudget(bucket(10));
  expect(budget).toMatchObject({
    document: "bucket policy",
    level: "fits",
    shape: "trail-arns",
    accounts: 10,
    choices: [],
  });
  expect(budget.message).toBeUndefined();
  expect(budget.statements.map(({ sid }) => sid)).toEqual([
    "AWSCloudTrailAclCheck20131101",
    "AWSCloudTrailWrite20131101",
    "DenyInsecureTransport",
  ]);
  const shares = budget.statements.reduce((sum, { share }) => sum + share, 0);
  expect(shares).toBeGreaterThan(0.9);
  expect(shares).toBeLessThan(1);
});

test("the room is exact: so many accounts more fit, and one more does not", () => {
  for (const shape of ["trail-arns", "own-prefix", "account-list"] as const) {
    const { room } = bucketPolicyBudget({ ...bucket(10), shape });
    const size = (more: number) => sizeInBytes(logBucketPolicy({ ...bucket(10 + more), shape }));
    expect(size(room!)).toBeLessThanOrEqual(LIMITS.bucketPolicyBytes);
    expect(size(room! + 1)).toBeGreaterThan(LIMITS.bucketPolicyBytes);
  }
  const { room } = keyPolicyBudget({ ...key(10), shape: "account-list" });
  const size = (more: number) =>
    sizeInBytes(logKeyPolicy({ ...key(10 + more), shape: "account-list" }));
  expect(size(room!)).toBeLessThanOrEqual(LIMITS.keyPolicyBytes);
  expect(size(room! + 1)).toBeGreaterThan(LIMITS.keyPolicyBytes);
});

test("an organization has room for any number", () => {
  const budget = bucketPolicyBudget({
    ...bucket(2500),
    shape: "source-org-id",
    organizationId: "o-exampleorgid",
  });
  expect(budget.level).toBe("fits");
  expect(budget.room).toBeUndefined();
});

test("from 80 % on a warning says the size, the room and each statement's share", () => {
  const { level, message } = bucketPolicyBudget(bucket(90));
  expect(level).toBe("warning");
  expect(message).toMatch(
    /^The bucket policy \(shape trail-arns, 90 accounts\) has [\d,]+ bytes; AWS takes at most 20,480 bytes\. That is 8\d %, with room for \d+ more accounts?\. Its statements: AWSCloudTrailAclCheck20131101 [\d,]+ \(\d+ %\), AWSCloudTrailWrite20131101 /,
  );
});

test("over the limit: each shape that fits, what it lets through besides, and the line to write", () => {
  const { level, choices, message, room } = bucketPolicyBudget(bucket(200));
  expect(level).toBe("over");
  expect(room).toBe(0);
  expect(choices.map(({ shape }) => shape)).toEqual(["account-list", "source-org-id"]);
  expect(message).toContain("The bucket policy (shape trail-arns, 200 accounts) has");
  expect(message).toContain(
    [
      "- destination: {bucketPolicyShape: account-list}",
      `  ${choices[0]!.bytes.toLocaleString("en")} bytes; lets through, other than trail-arns: any trail of a listed account that has the name and home region of some listed trail.`,
      "- destination: {bucketPolicyShape: source-org-id, organizationId: o-…}",
    ].join("\n"),
  );
});

test("a stricter shape lets nothing more through, and says so", () => {
  const { choices, message } = bucketPolicyBudget(bucket(110));
  expect(choices[0]).toMatchObject({ shape: "own-prefix", alsoLetsThrough: [] });
  expect(message).toContain("lets through, other than trail-arns: nothing.");
});

test("a key for more accounts than any shape holds is refused, with the reason", () => {
  const { level, choices, message } = keyPolicyBudget({ ...key(2300), shape: "account-list" });
  expect(level).toBe("over");
  expect(choices).toEqual([]);
  expect(message).toContain("No shape of it fits: AWS documents aws:SourceOrgID for none");
  expect(keyPolicyBudget(key(2000)).choices.map(({ line }) => line)).toEqual([
    "destination: {keyPolicyShape: account-list}",
  ]);
});

test("the topic has its own limit and setting", () => {
  const { limit, choices } = topicPolicyBudget(topic(1000));
  expect(limit).toBe(30_720);
  expect(choices.map(({ line }) => line)).toEqual([
    "destination: {topicPolicyShape: account-list}",
  ]);
});

test("counts UTF-8 bytes, and names statements without a Sid by their place", () => {
  const size = measure(
    "queue policy",
    {
      Version: "2012-10-17",
      Statement: [{ Effect: "Deny", Principal: "*", Action: "sqs:*", Resource: "ü" }],
    },
    LIMITS.queuePolicyBytes,
  );
  expect(size.bytes).toBe(
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Deny", Principal: "*", Action: "sqs:*", Resource: "u" }],
    }).length + 1,
  );
  expect(size.statements[0]!.sid).toBe("statement 1");
});
