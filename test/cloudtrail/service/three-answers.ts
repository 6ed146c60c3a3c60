/** What the local AWS, `explain` and the review each say of CloudTrail's calls for a trail. */
import { bucketArn, keyArn, standInKeyArn, topicArn } from "../../../cloudtrail/arn";
import { exampleKeys, type ServiceCall } from "../../../cloudtrail/service/calls";
import { s3ContextArn } from "../../../cloudtrail/service/encryption-context";
import { parseTrailArn, type TrailIdentity } from "../../../cloudtrail/trails/trail-identity";
import { hasBucketKey } from "../../../envs/log-key";
import type { Environment } from "../../../envs/types";
import type { PolicyDocument } from "../../../iam/policy-document";
import { PolicyError } from "../../../iam/policy-error";
import { rightOf } from "../../../iam/policy-rights";
import { type KeyAction, ServiceAccess } from "../../../lab/cloudtrail/service-access";
import { ServiceError } from "../../../lab/gateway/service-error";
import { PolicedResources } from "../../../operations/explain/requests";
import { decideCall, trailCalls } from "../../../operations/explain/trails";
import { probesOf } from "../../../review/probes";
import type { RightId } from "../../../review/rights";
import type { Subject } from "../../../review/subjects";

/** The policies that CloudTrail meets. */
export interface Documents {
  readonly bucket: PolicyDocument;
  readonly key: PolicyDocument;
  readonly topic: PolicyDocument;
  readonly topicKey: PolicyDocument;
}

/** `bucket s3:GetBucketAcl`, `key kms:Decrypt` and so on → the answer. */
export type Answers = Readonly<Record<string, "yes" | "no" | "not evaluated">>;

type Answer = Answers[string];

function answer(allowed: () => boolean): Answer {
  try {
    return allowed() ? "yes" : "no";
  } catch (error) {
    if (error instanceof PolicyError || error instanceof ServiceError) return "not evaluated";
    throw error;
  }
}

/** Several calls as one: all have to be allowed, and are asked in their order. */
function all(answers: readonly Answer[]): Answer {
  return answers.find((one) => one !== "yes") ?? "yes";
}

/** Where the policies are. The log key is an existing one, so that its ARN is known to all. */
export function places({ partition, destination }: Environment): Record<keyof Documents, string> {
  const { bucket: bucketName, account: accountId, region, notifications } = destination;
  const topicName = notifications!.topicName;
  return {
    bucket: bucketArn({ partition, bucketName }),
    key: keyArn({ partition, region, accountId }, "log-key"),
    topic: topicArn({ partition, region, accountId, topicName }),
    topicKey: standInKeyArn({ partition, region, accountId }),
  };
}

/** The local AWS's answers. */
export function localAws(
  environment: Environment,
  documents: Documents,
  identity: TrailIdentity,
): Answers {
  const { destination, members } = environment;
  const { organizationId: id, servicePrincipal, account, region } = destination;
  const { bucket, key, topic, topicKey } = places(environment);
  const live = new Map([
    [bucket, documents.bucket],
    [key, documents.key],
    [topic, documents.topic],
    [topicKey, documents.topicKey],
  ]);
  const accountIds = [destination, ...members].map((one) => one.account);
  const access = new ServiceAccess(
    {
      bucketHome: () => ({ accountId: account, region, arn: bucket }),
      inEffect: (arn) => live.get(arn),
    },
    id === undefined ? undefined : { id, accountIds },
    servicePrincipal,
  );
  const target = { identity, s3BucketName: destination.bucket, kmsKeyArn: key };
  const { logFile, digestFile } = exampleKeys(identity.accountId, destination.prefix);
  const s3Arn = s3ContextArn(bucket, logFile, hasBucketKey(environment));
  const mayUseKey = (action: KeyAction): Answer =>
    answer(() => access.mayUseKey(target, action, s3Arn));
  return {
    "bucket s3:GetBucketAcl": answer(() => access.mayReadBucketAcl(target)),
    "bucket s3:PutObject log file": answer(() => access.mayPutObject(target, logFile)),
    "bucket s3:PutObject digest file": answer(() => access.mayPutObject(target, digestFile)),
    "key kms:GenerateDataKey": mayUseKey("kms:GenerateDataKey"),
    "key kms:DescribeKey": mayUseKey("kms:DescribeKey"),
    ...(hasBucketKey(environment) ? { "key kms:Decrypt": mayUseKey("kms:Decrypt") } : {}),
    "topic sns:Publish": answer(() => access.mayPublish(identity, topic)),
    topicKey: answer(() => access.mayUseTopicKey(identity, topicKey, topic)),
  };
}

/** What {@link localAws} calls a call. */
function nameOf(target: string, { action, resource }: ServiceCall): string {
  if (target === "topicKey") return target;
  const file = resource.includes("CloudTrail-Digest") ? "digest file" : "log file";
  return action === "s3:PutObject" ? `${target} ${action} ${file}` : `${target} ${action}`;
}

/** Answers by name, of several calls of one name all together. */
function named(answers: readonly (readonly [string, Answer])[]): Answers {
  const names = [...new Set(answers.map(([name]) => name))];
  return Object.fromEntries(
    names.map((name) => [
      name,
      all(answers.filter(([other]) => other === name).map(([, one]) => one)),
    ]),
  );
}

/** `explain`'s answers. */
export function explain(
  environment: Environment,
  documents: Documents,
  identity: TrailIdentity,
): Answers {
  const resources = new PolicedResources(environment, documents);
  return named(
    trailCalls(resources, identity, true).map((one) => [
      nameOf(one.target, one.call),
      answer(() => decideCall(resources, one).decision === "allowed"),
    ]),
  );
}

/** The rights that stand for what CloudTrail needs of each. */
const NEEDED: Readonly<Record<keyof Documents, readonly RightId[]>> = {
  bucket: ["look-at-bucket", "deliver", "deliver-digests"],
  key: ["encrypt", "look-at-key", "use-bucket-key"],
  topic: ["publish"],
  topicKey: ["encrypt-messages"],
};

/**
 * The review's answers, for each trail that it asks about: by the ARN.
 *
 * @param before the policies that these are compared with
 */
export function review(
  environment: Environment,
  documents: Documents,
  before: Documents,
): Map<string, Answers> {
  const { account } = environment.destination;
  const arns = places(environment);
  const answers = (Object.keys(documents) as (keyof Documents)[]).flatMap((target) => {
    const kind = target === "topicKey" ? "key" : target;
    const document = documents[target];
    const probes = probesOf(environment, {
      kind,
      arn: arns[target],
      account,
      documents: [before[target], document],
    });
    const rights = NEEDED[target];
    return probes
      .filter(({ right, subject }) => rights.includes(right) && isKnown(environment, subject))
      .map(({ request }) => {
        const call = request as ServiceCall;
        const type = kind === "key" ? "kms-key" : "other";
        const one = answer(() => rightOf(request, document, { account, type }) === "allowed");
        return [String(call.context["aws:SourceArn"]), [nameOf(target, call), one]] as const;
      });
  });
  const trails = [...new Set(answers.map(([trail]) => trail))];
  return new Map(
    trails.map((trail) => [
      trail,
      named(answers.filter(([other]) => other === trail).map(([, one]) => one)),
    ]),
  );
}

/**
 * Whether the environment knows the trail's account, or nobody does. Accounts that only a document
 * names are taken to be in the organization by the review, which asks for the most that they may
 * do.
 */
function isKnown({ destination, members }: Environment, { kind, id }: Subject): boolean {
  if (kind === "same-account-trail" || kind === "unnamed-trail") return true;
  const account = parseTrailArn(id)?.accountId;
  return kind === "trail" && [destination, ...members].some((one) => one.account === account);
}
