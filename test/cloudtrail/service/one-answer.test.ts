import fc from "fast-check";
import { PARTITIONS, regionsOfPartition } from "../../../cloudtrail/regions";
import { CLOUDTRAIL_PRINCIPALS } from "../../../cloudtrail/service/principal";
import { parseTrailArn, trailArn } from "../../../cloudtrail/trails/trail-identity";
import { environmentTrails } from "../../../envs/trails";
import type { Environment } from "../../../envs/types";
import type { PolicyDocument, Statement } from "../../../iam/policy-document";
import { environmentDocuments } from "../../../operations/policies/environment-documents";
import {
  BUCKET_POLICY_SHAPES,
  KEY_POLICY_SHAPES,
  TOPIC_POLICY_SHAPES,
} from "../../../policies/shapes/shapes";
import { fourAccounts } from "../../support/environment";
import { type Documents, explain, localAws, places, review } from "./three-answers";

const OURS = "o-a1b2c3d4e5";
const THEIRS = "o-z9y8x7w6v5";

/**
 * An environment whose key has a known ARN, and the policies of bucket, key, topic and the topic's
 * key.
 */
interface Estate {
  readonly environment: Environment;
  readonly documents: Documents;
}

interface Choice {
  readonly partition: Environment["partition"];
  readonly bucketKey: boolean;
  readonly destination: Partial<Environment["destination"]>;
}

function estateOf({ partition, bucketKey, destination }: Choice): Estate {
  const base = fourAccounts();
  const region = regionsOfPartition(partition)[0]!;
  const environment: Environment = {
    ...base,
    partition,
    destination: {
      ...base.destination,
      ...destination,
      region,
      notifications: { topicName: "log-files" },
    },
    members: base.members.map((member) => ({ ...member, region })),
  };
  const inEstate = (encryption: Environment["destination"]["encryption"]): Environment => ({
    ...environment,
    destination: { ...environment.destination, encryption },
  });
  const made = inEstate({ type: "sse-kms", alias: "logs", deletionWindowDays: 7, bucketKey });
  const { key: keyArn } = places(environment);
  const { bucket, key, topic, topicKey } = environmentDocuments(made, keyArn);
  return {
    environment: inEstate({ type: "sse-kms-existing", keyArn, bucketKey }),
    documents: { bucket, key: key!, topic: topic!, topicKey: topicKey! },
  };
}

const estates = fc
  .record({
    partition: fc.constantFrom(...PARTITIONS),
    bucketKey: fc.boolean(),
    destination: fc.record(
      {
        bucketPolicyShape: fc.constantFrom(...BUCKET_POLICY_SHAPES),
        keyPolicyShape: fc.constantFrom(...KEY_POLICY_SHAPES),
        topicPolicyShape: fc.constantFrom(...TOPIC_POLICY_SHAPES),
        organizationId: fc.constant(OURS),
        servicePrincipal: fc.constantFrom(...CLOUDTRAIL_PRINCIPALS),
        prefix: fc.constantFrom("org", "a/b"),
        hardening: fc.constant({
          denyOtherEncryption: true,
          denyLogDeletion: false,
          denyPolicyChange: false,
          readersOnly: false,
        }),
      },
      { requiredKeys: ["organizationId"] },
    ),
  })
  .map(estateOf);

/** A change of one statement; undefined takes it away. */
type Mutation = (statement: Statement) => Statement | undefined;

const KEYS = [
  "aws:SourceArn",
  "aws:SourceAccount",
  "aws:SourceOrgID",
  "aws:SourceOrgPaths",
  "aws:SecureTransport",
  "aws:SourceVpce",
  "aws:SourceIp",
  "aws:PrincipalIsAWSService",
  "s3:x-amz-acl",
  "s3:x-amz-server-side-encryption",
  "s3:x-amz-server-side-encryption-aws-kms-key-id",
  "kms:EncryptionContext:aws:cloudtrail:arn",
  "kms:EncryptionContext:aws:s3:arn",
  "kms:EncryptionContext:aws:sns:topicArn",
  "kms:ViaService",
];
const OPERATORS = [
  "StringEquals",
  "StringNotEquals",
  "StringLike",
  "StringEqualsIfExists",
  "StringNotEqualsIfExists",
  "ArnLike",
  "ArnNotLike",
  "Bool",
  "Null",
];
const ACTIONS = [
  "s3:*",
  "s3:Put*",
  "s3:GetBucketAcl",
  "s3:PutObject",
  "kms:*",
  "kms:Decrypt",
  "kms:GenerateDataKey",
  "kms:GenerateDataKeyWithoutPlaintext",
  "kms:DescribeKey",
  "sns:*",
];

/** Values of the estate's own, and of nobody's. */
function valuesOf({ environment }: Estate): string[] {
  const trails = environmentTrails(environment);
  const { bucket, key, topic } = places(environment);
  return [
    OURS,
    THEIRS,
    "true",
    "false",
    "*",
    "bucket-owner-full-control",
    "private",
    "aws:kms",
    "AES256",
    key,
    topic,
    bucket,
    `${bucket}/*AWSLogs/2*`,
    ...trails.flatMap((trail) => [trailArn(trail), trail.accountId]),
    trailArn({ ...trails[0]!, accountId: "*" }),
    trailArn({ ...trails[0]!, name: "another" }),
  ];
}

function mutations(estate: Estate): fc.Arbitrary<Mutation> {
  const { bucket, key, topic } = places(estate.environment);
  const value = fc.constantFrom(...valuesOf(estate));
  const condition = fc.record({
    operator: fc.constantFrom(...OPERATORS),
    key: fc.constantFrom(...KEYS),
    value,
  });
  return fc.oneof(
    condition.map(
      (added): Mutation =>
        (one) =>
          withCondition(one, added),
    ),
    condition.map(
      ({ key: given, value: other }): Mutation =>
        (one) =>
          revalued(one, given, other),
    ),
    fc.constantFrom(...KEYS).map(
      (given): Mutation =>
        (one) =>
          withoutKey(one, given),
    ),
    fc.constantFrom(...ACTIONS).map((Action): Mutation => (one) => ({ ...one, Action })),
    fc
      .constantFrom("*", bucket, `${bucket}/*`, `${bucket}/*/CloudTrail/*`, key, topic)
      .map((Resource): Mutation => (one) => ({ ...one, Resource })),
    fc
      .constantFrom("*" as const, ...CLOUDTRAIL_PRINCIPALS.map((Service) => ({ Service })))
      .map((Principal): Mutation => (one) => ({ ...one, Principal })),
    fc
      .constantFrom("Allow" as const, "Deny" as const)
      .map((Effect): Mutation => (one) => ({ ...one, Effect })),
    fc.constant((): undefined => undefined),
  );
}

function withCondition(
  { Condition, ...statement }: Statement,
  { operator, key, value }: { operator: string; key: string; value: string },
): Statement {
  const keys = { ...Condition?.[operator], [key]: value };
  return { ...statement, Condition: { ...Condition, [operator]: keys } };
}

function mapConditions(
  { Condition, ...statement }: Statement,
  map: (key: string, values: unknown) => [string, unknown][],
): Statement {
  const mapped = Object.entries(Condition ?? {}).map(([operator, keys]) => [
    operator,
    Object.fromEntries(Object.entries(keys).flatMap(([key, values]) => map(key, values))),
  ]);
  return { ...statement, Condition: Object.fromEntries(mapped) as Statement["Condition"] };
}

const withoutKey = (statement: Statement, key: string): Statement =>
  mapConditions(statement, (one, values) => (one === key ? [] : [[one, values]]));

const revalued = (statement: Statement, key: string, value: string): Statement =>
  mapConditions(statement, (one, values) => [[one, one === key ? value : values]]);

/** Up to three changes of a document, each of some statement. */
function mutated(estate: Estate, document: PolicyDocument): fc.Arbitrary<PolicyDocument> {
  const change = fc.tuple(fc.nat({ max: 20 }), mutations(estate));
  return fc.array(change, { maxLength: 3 }).map((changes) => ({
    ...document,
    Statement: changes.reduce<readonly Statement[]>(
      (statements, [at, mutate]) =>
        statements.flatMap((one, index) =>
          index === at % statements.length ? (mutate(one) ?? []) : one,
        ),
      document.Statement,
    ),
  }));
}

/** An estate with its policies changed. */
const cases = estates.chain((estate) =>
  fc
    .record({
      bucket: mutated(estate, estate.documents.bucket),
      key: mutated(estate, estate.documents.key),
      topic: mutated(estate, estate.documents.topic),
      topicKey: mutated(estate, estate.documents.topicKey),
    })
    .map((documents) => ({ estate, documents })),
);

test("for random policies and trails, local AWS, explain and review give one answer", () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(cases, ({ estate: { environment, documents: before }, documents }) => {
      const reviewed = review(environment, documents, before);
      // Four trails of the environment, another one of each account, a stranger's, and those that a
      // change names.
      expect([...reviewed.keys()]).toEqual(
        expect.arrayContaining(environmentTrails(environment).map(trailArn)),
      );
      expect(reviewed.size).toBeGreaterThanOrEqual(9);
      for (const [arn, answers] of reviewed) {
        const trail = parseTrailArn(arn)!;
        const local = localAws(environment, documents, trail);
        expect({ arn, ...explain(environment, documents, trail) }).toEqual({ arn, ...local });
        expect({ arn, ...local }).toMatchObject({ arn, ...answers });
        for (const [name, answer] of Object.entries(local)) seen.add(`${name}: ${answer}`);
      }
    }),
    { numRuns: 150 },
  );
  // The policies are no use as a test if they all say the same.
  const names = new Set([...seen].map((one) => one.replace(/: .*/, "")));
  expect([...seen].filter((one) => one.endsWith(": yes"))).toHaveLength(names.size);
  expect([...seen].filter((one) => one.endsWith(": no"))).toHaveLength(names.size);
});

test("each of the four trails is asked for all that it needs, by all three alike", () => {
  const { environment, documents } = estateOf({
    partition: "aws",
    bucketKey: true,
    destination: { organizationId: OURS },
  });
  const reviewed = review(environment, documents, documents);
  for (const trail of environmentTrails(environment)) {
    const local = localAws(environment, documents, trail);
    expect(Object.values(local)).toEqual(Array(8).fill("yes"));
    expect(explain(environment, documents, trail)).toEqual(local);
    expect(reviewed.get(trailArn(trail))).toEqual(local);
  }
});

describe("aws:SourceOrgID where CloudTrail does not send it", () => {
  const estate = estateOf({
    partition: "aws",
    bucketKey: false,
    destination: { organizationId: OURS },
  });
  const asked = (document: PolicyDocument, action: string): PolicyDocument => ({
    ...document,
    Statement: document.Statement.map((one) =>
      [one.Action].flat().includes(action)
        ? withCondition(one, { operator: "StringEquals", key: "aws:SourceOrgID", value: OURS })
        : one,
    ),
  });

  test.each([
    ["bucket", "s3:GetBucketAcl", "bucket s3:GetBucketAcl"],
    ["key", "kms:GenerateDataKey*", "key kms:GenerateDataKey"],
    ["key", "kms:DescribeKey", "key kms:DescribeKey"],
    ["topic", "sns:Publish", "topic sns:Publish"],
  ] as const)("%s, %s: all three say that every trail is refused", (target, action, name) => {
    const { environment, documents } = estate;
    const changed = { ...documents, [target]: asked(documents[target], action) };
    const reviewed = review(environment, changed, documents);
    for (const trail of environmentTrails(environment)) {
      const answers = [
        localAws(environment, changed, trail),
        explain(environment, changed, trail),
        reviewed.get(trailArn(trail))!,
      ];
      expect(answers.map((one) => one[name])).toEqual(["no", "no", "no"]);
    }
  });

  test("on the delivery alone it is taken as sent", () => {
    const { environment, documents } = estate;
    const changed = { ...documents, bucket: asked(documents.bucket, "s3:PutObject") };
    for (const trail of environmentTrails(environment)) {
      const local = localAws(environment, changed, trail);
      expect(local["bucket s3:PutObject log file"]).toBe("yes");
    }
  });
});
