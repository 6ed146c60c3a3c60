import { accessLogBucketPolicy } from "../../../policies/documents/access-log-bucket-policy";
import { logBucketPolicy } from "../../../policies/documents/log-bucket-policy";
import { logKeyPolicy } from "../../../policies/documents/log-key-policy";
import {
  notificationKeyPolicy,
  notificationQueuePolicy,
  notificationTopicPolicy,
} from "../../../policies/documents/notification-topic-policy";
import { readerIdentityPolicy } from "../../../policies/readers/readers";
import {
  BUCKET_POLICY_SHAPES,
  KEY_POLICY_SHAPES,
  TOPIC_POLICY_SHAPES,
} from "../../../policies/shapes/shapes";
import { writingRows } from "./bucket";
import { changeRows, deletionRows, encryptionRows, keyHardeningRows } from "./hardening";
import type { Subject } from "./judge";
import { encryptingRows } from "./key";
import { notificationKeyRows, publishingRows, queueRows } from "./notifications";
import {
  bucketReaderRows,
  closedBucketRows,
  closedKeyRows,
  identityRows,
  keyReaderRows,
} from "./readers";
import {
  ADMINISTRATOR,
  administratorAsks,
  anonymous,
  BUCKET_NAME,
  HARDENING,
  KEY,
  ORGANIZATION,
  OWNER,
  PREFIX,
  READERS,
  STRANGER,
  TOPIC,
  trails,
  type Row,
} from "./world";

const bucket = {
  partition: "aws",
  bucketName: BUCKET_NAME,
  s3KeyPrefix: PREFIX,
  trails,
  organizationId: ORGANIZATION,
} as const;
const key = { partition: "aws", accountId: OWNER, trails } as const;
const { breakGlassRoleArn, deployerRoleArn } = HARDENING;

/** Every kind of document that we emit, each with what it has to allow and refuse. */
export const SUBJECTS: readonly Subject[] = [
  ...BUCKET_POLICY_SHAPES.map((shape) => ({
    name: `bucket policy, shape ${shape}`,
    document: logBucketPolicy({ ...bucket, shape }),
    rows: writingRows(shape),
  })),
  {
    name: "bucket policy with readers",
    document: logBucketPolicy({ ...bucket, readers: READERS }),
    rows: [...writingRows("trail-arns"), ...bucketReaderRows(false)],
  },
  {
    name: "bucket policy for readers only",
    document: logBucketPolicy({
      ...bucket,
      shape: "own-prefix",
      readers: READERS,
      hardening: { readersOnly: true, breakGlassRoleArn, deployerRoleArn },
    }),
    rows: [...writingRows("own-prefix"), ...bucketReaderRows(true), ...closedBucketRows()],
  },
  ...[KEY, undefined].map((kmsKeyArn) => ({
    name: `bucket policy for ${kmsKeyArn === undefined ? "SSE-S3" : "the log key"}`,
    document: logBucketPolicy({
      ...bucket,
      shape: "account-list",
      kmsKeyArn,
      hardening: { denyOtherEncryption: true },
    }),
    rows: [...writingRows("account-list"), ...encryptionRows(kmsKeyArn !== undefined)],
  })),
  {
    name: "bucket policy against deletion and change",
    document: logBucketPolicy({
      ...bucket,
      hardening: {
        denyLogDeletion: true,
        denyPolicyChange: true,
        breakGlassRoleArn,
        deployerRoleArn,
      },
    }),
    rows: [...writingRows("trail-arns"), ...deletionRows(), ...changeRows()],
  },
  {
    name: "bucket policy with all of it",
    document: logBucketPolicy({
      ...bucket,
      readers: READERS,
      kmsKeyArn: KEY,
      hardening: HARDENING,
    }),
    rows: [
      ...writingRows("trail-arns"),
      ...bucketReaderRows(true),
      ...closedBucketRows(),
      ...encryptionRows(true),
      ...deletionRows(),
      ...changeRows(),
    ],
  },
  ...KEY_POLICY_SHAPES.flatMap((shape) =>
    [false, true].map((bucketKeyEnabled): Subject => ({
      name: `key policy, shape ${shape}${bucketKeyEnabled ? ", with a bucket key" : ""}`,
      document: logKeyPolicy({ ...key, shape, bucketKeyEnabled }),
      rows: encryptingRows(shape, bucketKeyEnabled),
      resourceType: "kms-key",
    })),
  ),
  {
    name: "key policy with readers",
    document: logKeyPolicy({ ...key, readers: READERS }),
    rows: [...encryptingRows("trail-arns", false), ...keyReaderRows(false)],
    resourceType: "kms-key",
  },
  {
    name: "key policy with all of it",
    document: logKeyPolicy({
      ...key,
      bucketKeyEnabled: true,
      readers: READERS,
      hardening: HARDENING,
    }),
    rows: [
      ...encryptingRows("trail-arns", true).filter(({ identity }) => identity === undefined),
      ...keyReaderRows(true),
      ...closedKeyRows(),
      ...keyHardeningRows(),
    ],
    resourceType: "kms-key",
  },
  ...TOPIC_POLICY_SHAPES.map((shape) => ({
    name: `topic policy, shape ${shape}`,
    document: notificationTopicPolicy({ ...TOPIC, trails, shape }),
    rows: publishingRows(shape),
  })),
  ...[false, true].map((queue): Subject => ({
    name: `notification key policy${queue ? " with a queue" : ""}`,
    document: notificationKeyPolicy({ ...TOPIC, queue }),
    rows: notificationKeyRows(queue),
    resourceType: "kms-key",
  })),
  {
    name: "queue policy",
    document: notificationQueuePolicy(TOPIC, "trail-files"),
    rows: queueRows(),
  },
  {
    name: "access log bucket policy",
    document: accessLogBucketPolicy({
      partition: "aws",
      accountId: OWNER,
      bucketName: "example-access",
      sourceBucketName: BUCKET_NAME,
      targetPrefix: "s3-access/",
    }),
    rows: accessLogRows(),
  },
  {
    name: "a reader's identity policy",
    document: readerIdentityPolicy(READERS[1]!, bucket, KEY),
    rows: identityRows(),
    identity: true,
  },
];

function accessLogRows(): Row[] {
  const target = "arn:aws:s3:::example-access";
  const source = { "aws:SourceArn": `arn:aws:s3:::${BUCKET_NAME}`, "aws:SourceAccount": OWNER };
  const write = (
    what: string,
    service: string,
    resource: string,
    context: Record<string, string>,
    allowed: boolean,
    action = "s3:PutObject",
  ): Row => ({
    what,
    request: { principal: { kind: "service", service }, action, resource, context },
    allowed,
  });
  const logging = "logging.s3.amazonaws.com";
  const object = `${target}/s3-access/2026-01-31`;
  const insecure = { "aws:SecureTransport": "false" };
  return [
    write("S3 logs", logging, object, source, true),
    write("S3 logs over what may be no TLS", logging, object, { ...source, ...insecure }, true),
    write("another service", "cloudtrail.amazonaws.com", object, source, false),
    write("elsewhere", logging, `${target}/x`, source, false),
    write("another action", logging, object, source, false, "s3:GetObject"),
    write("another bucket's", logging, object, { ...source, "aws:SourceArn": `${target}x` }, false),
    write(
      "another account's",
      logging,
      object,
      { ...source, "aws:SourceAccount": STRANGER },
      false,
    ),
    write("nobody's", logging, object, {}, false),
    {
      what: "anonymous",
      request: { principal: anonymous, action: "s3:PutObject", resource: object, context: source },
      allowed: false,
    },
    administratorAsks(ADMINISTRATOR, "s3:GetObject", object, true),
    administratorAsks(ADMINISTRATOR, "s3:GetObject", object, false, insecure),
    administratorAsks(ADMINISTRATOR, "s3:ListBucket", target, false, insecure),
    administratorAsks(ADMINISTRATOR, "s3:ListBucket", `${target}x`, true, insecure),
    administratorAsks(ADMINISTRATOR, "sns:Publish", target, true, insecure),
    administratorAsks(
      `arn:aws:iam::${STRANGER}:role/administrator`,
      "s3:PutObject",
      object,
      false,
      source,
    ),
  ];
}
