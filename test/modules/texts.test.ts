import type { Construct } from "constructs";
import {
  AccessLogBucket,
  type AccessLogBucketProps,
} from "../../modules/access-log-bucket/access-log-bucket";
import { LogBucket, type LogBucketProps } from "../../modules/log-bucket/log-bucket";
import {
  LogDestination,
  type LogDestinationProps,
} from "../../modules/log-destination/log-destination";
import {
  LogEncryptionKey,
  type LogEncryptionKeyProps,
} from "../../modules/log-encryption-key/log-encryption-key";
import { LogQuery } from "../../modules/log-query/log-query";
import type { LogQueryProps } from "../../modules/log-query/log-query-props";
import { LogRetention, type LogRetentionProps } from "../../modules/log-retention/log-retention";
import {
  NotificationTopic,
  type NotificationTopicProps,
} from "../../modules/notification-topic/notification-topic";
import { Trail, type TrailProps } from "../../modules/trail/trail";
import { valueAt } from "../../envs/schema/schema-at";
import type { Statement } from "../../iam/policy-document";
import { PAYLOADS } from "../support/payloads";
import { withAt } from "../support/schema-texts";
import { emptyStack } from "../support/synthesized";
import { templateText, textsIn } from "../support/terraform-template";
import { FOUR_TRAILS } from "../support/trails";

/**
 * All props, and theirs: a new one that a test lacks does not compile. No statement has all
 * elements.
 */
type Every<T> = T extends Statement
  ? T
  : T extends readonly (infer E)[]
    ? readonly Every<E>[]
    : T extends object
      ? { readonly [K in keyof T]-?: Every<NonNullable<T[K]>> }
      : T;

type Own<T> = Every<Omit<T, "provider" | "throwaway">>;

const [own, ...memberTrails] = FOUR_TRAILS;
const trails = FOUR_TRAILS;
const ownStatements = (Resource: string): readonly Statement[] => [
  {
    Sid: "OfMyOwn",
    Effect: "Deny",
    Principal: { AWS: "arn:aws:iam::222222222222:role/mine" },
    Action: "*",
    Resource,
    Condition: { StringLike: { "aws:userid": "a-user" } },
  },
];
const readers = [
  {
    name: "audit",
    principals: ["arn:aws:iam::999999999999:role/audit"],
    accounts: ["222222222222"],
  },
];
const hardening = {
  denyOtherEncryption: true,
  denyLogDeletion: true,
  denyPolicyChange: true,
  readersOnly: true,
  breakGlassRoleArn: "arn:aws:iam::111111111111:role/break-glass",
  deployerRoleArn: "arn:aws:iam::111111111111:role/deployer",
  planRoleArn: "arn:aws:iam::111111111111:role/planner",
};
const arn = "arn:aws:kms:us-east-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const accessLogs: Own<AccessLogBucketProps> = {
  partition: "aws",
  accountId: "111111111111",
  bucketName: "access-logs",
  sourceBucketName: "source-logs",
  targetPrefix: "access/",
};
const bucket: Own<LogBucketProps> = {
  partition: "aws",
  bucketName: "the-logs",
  s3KeyPrefix: "org",
  trails,
  shape: "source-org-id",
  organizationId: "o-a1b2c3d4e5",
  readers,
  hardening,
  servicePrincipal: "cloudtrail.amazonaws.com",
  encryption: { kmsKeyArn: arn, bucketKeyEnabled: true },
  statements: ownStatements("arn:aws:s3:::the-logs"),
  objectLock: { mode: "GOVERNANCE", days: 3 },
};
const key: Own<LogEncryptionKeyProps> = {
  partition: "aws",
  accountId: "111111111111",
  trails,
  shape: "account-list",
  readers,
  hardening,
  servicePrincipal: "cloudtrail.amazonaws.com",
  bucketKeyEnabled: true,
  alias: "the-logs",
  deletionWindowInDays: 7,
  statements: ownStatements("*"),
};
const query: Own<LogQueryProps> = {
  partition: "aws",
  accountId: "111111111111",
  bucketName: "the-logs",
  s3KeyPrefix: "org",
  accountIds: ["111111111111"],
  accountProjection: "enum",
  regions: ["us-east-1"],
  firstDay: "2026-01-31",
  databaseName: "the_logs",
  tableName: "the_table",
  workgroupName: "the-logs",
  resultsBucketName: "the-results",
  resultsExpireDays: 30,
  resultsKmsKeyArn: arn,
  bytesScannedCutoffPerQuery: 107374182400,
};
const retention: Own<LogRetentionProps> = {
  bucketName: "the-logs",
  transitionToGlacierDays: 1,
  expireDays: 2,
  noncurrentExpireDays: 3,
};
const topic: Own<NotificationTopicProps> = {
  partition: "aws",
  region: "us-east-1",
  accountId: "111111111111",
  topicName: "the-topic",
  trails,
  shape: "account-list",
  servicePrincipal: "cloudtrail.amazonaws.com",
  queueName: "the-queue",
  statements: ownStatements("arn:aws:sns:us-east-1:111111111111:the-topic"),
};
const events = {
  advancedSelectors: [
    {
      Name: "a name",
      FieldSelectors: [
        { Field: "eventCategory", Equals: ["Data"] },
        { Field: "resources.type", Equals: ["AWS::S3::Object"] },
        { Field: "resources.ARN", EndsWith: ["/x"], NotStartsWith: ["arn:aws:s3:::the-logs/"] },
      ],
    },
  ],
};
const trail: Own<Omit<TrailProps, "destination" | "events" | "insights" | "awsProviderMajor">> & {
  destination: object;
  events: object;
} = {
  trail: own!,
  isMultiRegionTrail: true,
  includeGlobalServiceEvents: true,
  enableLogFileValidation: true,
  events,
  logBuckets: [{ name: "other-logs", s3KeyPrefix: "org" }],
  tags: { team: "security" },
  destination: {
    bucketName: "the-logs",
    s3KeyPrefix: "org",
    kmsKeyArn: arn,
    snsTopicArn: "arn:aws:sns:us-east-1:222222222222:the-topic",
  },
};
const destination: Own<Omit<LogDestinationProps, "trailSettings" | "encryption">> & {
  encryption: object;
  trailSettings: object;
} = {
  bucketName: "the-logs",
  s3KeyPrefix: "org",
  trail: own!,
  memberTrails,
  encryption: { alias: "the-logs", deletionWindowInDays: 7, bucketKeyEnabled: true },
  statements: {
    bucket: ownStatements("arn:aws:s3:::the-logs"),
    key: ownStatements("*"),
    topic: ownStatements("arn:aws:sns:us-east-1:111111111111:the-topic"),
  },
  bucketPolicyShape: "own-prefix",
  keyPolicyShape: "account-list",
  topicPolicyShape: "account-list",
  organizationId: "o-a1b2c3d4e5",
  servicePrincipal: "cloudtrail.amazonaws.com",
  readers,
  hardening,
  objectLock: { mode: "GOVERNANCE", days: 3 },
  notifications: { topicName: "the-topic", queueName: "the-queue" },
  policyWaitSeconds: 0,
  trailSettings: { events, tags: { team: "security" } },
};

type Module = new (scope: Construct, id: string, props: never) => Construct;
const MODULES: readonly (readonly [Module, object])[] = [
  [AccessLogBucket, accessLogs],
  [LogBucket, bucket],
  [LogEncryptionKey, key],
  [LogQuery, query],
  [LogRetention, retention],
  [NotificationTopic, topic],
  [Trail, trail],
  [LogDestination, destination],
];

/** Props that only say something about others, or become a part of a name. */
const NOT_WRITTEN = [/^(trail|trails|memberTrails)\b/, /^logBuckets\b/, /^readers\.\d\.name$/];

function placesOf(value: unknown, path: readonly PropertyKey[] = []): (readonly PropertyKey[])[] {
  if (typeof value === "string") return [path];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) =>
    placesOf(one, [...path, Array.isArray(value) ? Number(name) : name]),
  );
}

/** What Terraform reads of a module; undefined where it refuses its props. */
function readOf(type: Module, props: unknown): string[] | undefined {
  const stack = emptyStack();
  try {
    new type(stack, "module", props as never);
  } catch {
    return undefined;
  }
  if (stack.node.findAll().some(({ node }) => node.validate().length > 0)) return undefined;
  stack.prepareStack();
  const { resource, output } = stack.toTerraform() as Record<string, unknown>;
  return textsIn([resource, output]).map(templateText);
}

test.each(MODULES.map(([type, props]) => [type.name, type, props] as const))(
  "%s: each text of its props is refused, or Terraform reads the very same",
  (_, type, props) => {
    const base = readOf(type, props)!.join("\n");
    for (const path of placesOf(props)) {
      const payload = PAYLOADS.join("");
      const read = readOf(type, withAt(props, path, `x${payload}`));
      const name = path.map(String).join(".");
      if (read === undefined || NOT_WRITTEN.some((one) => one.test(name))) continue;
      // What a policy is not about is not in it, whatever it is.
      if (!base.includes(String(valueAt(path, props)))) continue;
      const inJson = JSON.stringify(payload).slice(1, -1);
      const found = read.some((one) => one.includes(payload) || one.includes(inJson));
      expect({ name, payload, found }).toEqual({ name, payload, found: true });
    }
  },
  60_000,
);
