import type { AccessRequest } from "../../iam/request";
import { logBucketPolicy } from "../../policies/documents/log-bucket-policy";
import { logKeyPolicy } from "../../policies/documents/log-key-policy";
import { notificationTopicPolicy } from "../../policies/documents/notification-topic-policy";
import { BUCKET_SHAPES } from "../../policies/shapes/bucket-shapes";
import { KEY_SHAPES } from "../../policies/shapes/key-shapes";
import {
  BUCKET_POLICY_SHAPES,
  KEY_POLICY_SHAPES,
  TOPIC_POLICY_SHAPES,
  type LetsThrough,
} from "../../policies/shapes/shapes";
import { TOPIC_SHAPES } from "../../policies/shapes/topic-shapes";
import { put } from "./spec/bucket";
import { allows, type Subject } from "./spec/judge";
import { CONTEXT } from "./spec/key";
import {
  arnOf,
  BUCKET,
  BUCKET_NAME,
  cloudTrail,
  KEY,
  logKey,
  MEMBER,
  ORGANIZATION,
  OWNER,
  PREFIX,
  STRANGER,
  TOPIC,
  TOPIC_ARN,
  TRAILS,
  trailContext,
  trails,
  UNLISTED,
  type TrailCase,
} from "./spec/world";

// What a shape is said to let through, beside what it does let through.

const caseOf = (account: string, name?: string): TrailCase =>
  TRAILS.find(
    ({ account: owner, arn }) => owner === account && (name === undefined || arn.endsWith(name)),
  )!;
const writes = (trail: TrailCase, owner: string) =>
  put(cloudTrail, `${BUCKET}/${logKey(owner)}`, {
    ...trailContext(trail),
    "s3:x-amz-acl": "bucket-owner-full-control",
  });
const other = caseOf(MEMBER, "other-trail");
const call = (trail: TrailCase, action: string, resource: string, context = {}) => ({
  principal: cloudTrail,
  action,
  resource,
  context: { ...trailContext(trail), ...context },
});

function letThrough(
  subject: Omit<Subject, "rows" | "name">,
  probes: Partial<Record<LetsThrough, AccessRequest>>,
): string[] {
  return Object.entries(probes)
    .filter(([what, request]) =>
      allows({ ...subject, name: what, rows: [] }, { what, request, allowed: true }),
    )
    .map(([what]) => what)
    .sort();
}

test.each(BUCKET_POLICY_SHAPES)("bucket, shape %s", (shape) => {
  const document = logBucketPolicy({
    partition: "aws",
    bucketName: BUCKET_NAME,
    s3KeyPrefix: PREFIX,
    trails,
    shape,
    organizationId: ORGANIZATION,
  });
  expect(
    letThrough(
      { document },
      {
        "other-folders": writes(caseOf(MEMBER), OWNER),
        "same-name-trails": writes(other, MEMBER),
        "organization-accounts": writes(caseOf(UNLISTED), UNLISTED),
        "acl-check-by-anyone": call(caseOf(STRANGER), "s3:GetBucketAcl", BUCKET),
      },
    ),
  ).toEqual([...BUCKET_SHAPES[shape].letsThrough].sort());
});

test.each(KEY_POLICY_SHAPES)("key, shape %s", (shape) => {
  const document = logKeyPolicy({ partition: "aws", accountId: OWNER, trails, shape });
  const encrypts = (trail: TrailCase, arn: string) =>
    call(trail, "kms:GenerateDataKey", KEY, { [CONTEXT]: arn });
  const found = letThrough(
    { document, resourceType: "kms-key" },
    {
      "same-name-trails": encrypts(other, other.arn),
      "listed-contexts": encrypts(caseOf(MEMBER), arnOf(OWNER)),
      "any-context": encrypts(caseOf(MEMBER), arnOf(STRANGER)),
    },
  );
  // Any context is a listed one, too.
  expect(
    found.filter((one) => one !== "listed-contexts" || !found.includes("any-context")),
  ).toEqual([...KEY_SHAPES[shape].letsThrough].sort());
});

test.each(TOPIC_POLICY_SHAPES)("topic, shape %s", (shape) => {
  const document = notificationTopicPolicy({ ...TOPIC, trails, shape });
  expect(
    letThrough({ document }, { "same-name-trails": call(other, "sns:Publish", TOPIC_ARN) }),
  ).toEqual([...TOPIC_SHAPES[shape].letsThrough]);
});
