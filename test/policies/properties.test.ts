import fc from "fast-check";
import { LIMITS } from "../../cloudtrail/limits";
import { accountFolder } from "../../cloudtrail/files/log-layout";
import { PARTITIONS, type Partition, regionsOfPartition } from "../../cloudtrail/regions";
import { trailArn, type TrailIdentity } from "../../cloudtrail/trails/trail-identity";
import { evaluate } from "../../iam/evaluate";
import { sizeInBytes, type PolicyDocument } from "../../iam/policy-document";
import type { AccessRequest } from "../../iam/request";
import {
  bucketPolicyBudget,
  keyPolicyBudget,
  topicPolicyBudget,
} from "../../policies/shapes/budget";
import { logBucketPolicy } from "../../policies/documents/log-bucket-policy";
import { logKeyPolicy } from "../../policies/documents/log-key-policy";
import { FOLDERS } from "./spec/world";
import { notificationTopicPolicy } from "../../policies/documents/notification-topic-policy";
import {
  BUCKET_POLICY_SHAPES,
  KEY_POLICY_SHAPES,
  TOPIC_POLICY_SHAPES,
} from "../../policies/shapes/shapes";
import { TrailRegistry } from "../../policies/trail-registry";

const HOME = Object.fromEntries(
  PARTITIONS.map((partition) => [
    partition,
    partition === "aws" ? ["us-east-1", "eu-central-1"] : regionsOfPartition(partition),
  ]),
) as unknown as Record<Partition, readonly string[]>;
const NAMES = ["central-trail", "data-events", "a.trail_of-ours"];
const ORGANIZATION = "o-ours000000";
const OWNER = "000000000000";

interface Estate {
  readonly partition: Partition;
  readonly trails: readonly TrailIdentity[];
  readonly keyPrefix: string | undefined;
  readonly servicePrincipal: string | undefined;
}

/** Trails of 1 to 2,500 accounts; small estates are as likely as large ones. */
const estates: fc.Arbitrary<Estate> = fc
  .record({
    partition: fc.constantFrom(...PARTITIONS),
    accounts: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 13, max: 2500 })),
    step: fc.integer({ min: 1, max: 399_000_000 }),
    regions: fc.integer({ min: 1, max: 2 }),
    names: fc.integer({ min: 1, max: NAMES.length }),
    keyPrefix: fc.constantFrom(undefined, "org", "a/b.c_d", "AWSLogs2"),
    servicePrincipal: fc.constantFrom(undefined, "cloudtrail.amazonaws.com.cn"),
  })
  .map(({ partition, accounts, step, regions, names, keyPrefix, servicePrincipal }) => ({
    partition,
    keyPrefix,
    servicePrincipal,
    trails: Array.from({ length: accounts }, (_, index) => ({
      partition,
      homeRegion: HOME[partition][(index % regions) % HOME[partition].length]!,
      // Leading zeros and look-alikes come with it: 000000000000 is the first.
      accountId: String(index * step).padStart(12, "0"),
      name: NAMES[index % names]!,
    })),
  }));

function allows(
  document: PolicyDocument,
  { partition, servicePrincipal }: Estate,
  trail: TrailIdentity,
  request: Pick<AccessRequest, "action" | "resource" | "context">,
  organization?: string,
): boolean {
  return (
    evaluate(
      {
        ...request,
        principal: { kind: "service", service: servicePrincipal ?? "cloudtrail.amazonaws.com" },
        context: {
          "aws:SourceArn": trailArn({ ...trail, partition }),
          "aws:SourceAccount": trail.accountId,
          ...(organization === undefined ? {} : { "aws:SourceOrgID": organization }),
          ...request.context,
        },
      },
      {
        resourcePolicy: document,
        resourceAccount: OWNER,
        resourceType: request.action.startsWith("kms:") ? "kms-key" : "other",
      },
    ).decision === "allowed"
  );
}

function put(estate: Estate, folderOf: string, kind = "CloudTrail") {
  return {
    action: "s3:PutObject",
    resource: `arn:${estate.partition}:s3:::logs/${accountFolder(folderOf, estate.keyPrefix)}${kind}/x/2026/01/31/x.json.gz`,
    context: { "s3:x-amz-acl": "bucket-owner-full-control" },
  };
}
const bucket = ({ partition }: Estate) => `arn:${partition}:s3:::logs`;
const encrypt = (trail: TrailIdentity) => ({
  action: "kms:GenerateDataKey",
  resource: `arn:${trail.partition}:kms:${trail.homeRegion}:${OWNER}:key/x`,
  context: { "kms:EncryptionContext:aws:cloudtrail:arn": trailArn(trail) },
});

/** Some trails of the estate: the first, the last, and one between. */
const some = ({ trails }: Estate) =>
  [...new Set([0, Math.floor(trails.length / 2), trails.length - 1])].map((at) => trails[at]!);

/** Trails that are not listed, and are as like the given one as can be. */
function strangers(estate: Estate, trail: TrailIdentity): TrailIdentity[] {
  const listed = new Set(estate.trails.map(({ accountId }) => accountId));
  const free = (accountId: string) => (listed.has(accountId) ? [] : [{ ...trail, accountId }]);
  return [
    ...free("999999999999"),
    ...free(`${trail.accountId.slice(1)}1`),
    ...free([...trail.accountId].reverse().join("")),
  ];
}

const runs = { numRuns: 40 };

test.each(BUCKET_POLICY_SHAPES)(
  "bucket, shape %s: listed trails write all their files, others nothing, none into a pinned folder of another",
  (shape) => {
    fc.assert(
      fc.property(estates, (estate) => {
        const document = logBucketPolicy({
          ...estate,
          bucketName: "logs",
          trails: new TrailRegistry(estate.trails),
          shape,
          organizationId: ORGANIZATION,
        });
        const acl = { action: "s3:GetBucketAcl", resource: bucket(estate) };
        const [first] = estate.trails;
        for (const trail of some(estate)) {
          const by = (request: Parameters<typeof allows>[3], other = trail, org?: string) =>
            allows(document, estate, other, request, org ?? ORGANIZATION);
          expect(by(acl)).toBe(true);
          for (const kind of FOLDERS) expect(by(put(estate, trail.accountId, kind))).toBe(true);
          if (first!.accountId !== trail.accountId)
            expect(by(put(estate, first!.accountId))).toBe(shape === "trail-arns");
          for (const stranger of strangers(estate, trail)) {
            for (const folder of [stranger.accountId, trail.accountId])
              expect(by(put(estate, folder), stranger, "o-theirs0000")).toBe(false);
            expect(by(acl, stranger, "o-theirs0000")).toBe(shape === "source-org-id");
          }
          // Another trail of a listed account, of a name that no listed trail has.
          const unknown = { ...trail, name: `${trail.name}x` };
          expect(by(put(estate, trail.accountId), unknown)).toBe(false);
          expect(by(acl, unknown)).toBe(false);
        }
      }),
      runs,
    );
  },
);

test.each(KEY_POLICY_SHAPES)("key, shape %s: listed trails encrypt, others do not", (shape) => {
  fc.assert(
    fc.property(estates, (estate) => {
      const document = logKeyPolicy({
        ...estate,
        accountId: OWNER,
        trails: new TrailRegistry(estate.trails),
        shape,
      });
      for (const trail of some(estate)) {
        const describe = { ...encrypt(trail), action: "kms:DescribeKey", context: {} };
        expect(allows(document, estate, trail, encrypt(trail))).toBe(true);
        expect(allows(document, estate, trail, describe)).toBe(true);
        for (const stranger of strangers(estate, trail)) {
          expect(allows(document, estate, stranger, encrypt(stranger))).toBe(false);
          expect(allows(document, estate, stranger, encrypt(trail))).toBe(false);
          expect(allows(document, estate, stranger, describe)).toBe(false);
        }
      }
    }),
    runs,
  );
});

test.each(TOPIC_POLICY_SHAPES)("topic, shape %s: listed trails publish, others do not", (shape) => {
  fc.assert(
    fc.property(estates, (estate) => {
      const topic = { region: "us-east-1", accountId: OWNER, topicName: "files" };
      const document = notificationTopicPolicy({
        ...estate,
        ...topic,
        trails: new TrailRegistry(estate.trails),
        shape,
      });
      const publish = {
        action: "sns:Publish",
        resource: `arn:${estate.partition}:sns:us-east-1:${OWNER}:files`,
      };
      for (const trail of some(estate)) {
        expect(allows(document, estate, trail, publish)).toBe(true);
        for (const stranger of strangers(estate, trail))
          expect(allows(document, estate, stranger, publish)).toBe(false);
      }
    }),
    runs,
  );
});

test("every document is within its limit or refused, with choices that fit", () => {
  fc.assert(
    fc.property(estates, (estate) => {
      const trails = new TrailRegistry(estate.trails);
      const bucketInput = { ...estate, bucketName: "logs", trails };
      const keyInput = { ...estate, accountId: OWNER, trails };
      const topicInput = { ...estate, region: "x", accountId: OWNER, topicName: "t", trails };
      for (const shape of BUCKET_POLICY_SHAPES) {
        const input = { ...bucketInput, shape, organizationId: ORGANIZATION };
        check(
          bucketPolicyBudget(input),
          LIMITS.bucketPolicyBytes,
          logBucketPolicy(input),
          (choice) => logBucketPolicy({ ...input, shape: choice as typeof shape }),
        );
      }
      for (const shape of KEY_POLICY_SHAPES) {
        const input = { ...keyInput, shape };
        check(keyPolicyBudget(input), LIMITS.keyPolicyBytes, logKeyPolicy(input), (choice) =>
          logKeyPolicy({ ...input, shape: choice as typeof shape }),
        );
        const topic = { ...topicInput, shape };
        check(
          topicPolicyBudget(topic),
          LIMITS.topicPolicyBytes,
          notificationTopicPolicy(topic),
          (choice) => notificationTopicPolicy({ ...topic, shape: choice as typeof shape }),
        );
      }
    }),
    { numRuns: 12 },
  );
});

function check(
  budget: ReturnType<typeof bucketPolicyBudget>,
  limit: number,
  document: PolicyDocument,
  inShape: (shape: string) => PolicyDocument,
): void {
  expect(budget.bytes).toBe(sizeInBytes(document));
  expect(budget.level === "over").toBe(budget.bytes > limit);
  expect(budget.message === undefined).toBe(budget.bytes < 0.8 * limit);
  for (const { shape, bytes } of budget.choices) {
    expect(bytes).toBe(sizeInBytes(inShape(shape)));
    expect(bytes).toBeLessThanOrEqual(limit);
  }
  if (budget.choices.length > 0) expect(budget.level).toBe("over");
}
