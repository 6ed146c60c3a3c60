import { bucketArn, standInKeyArn, topicArn } from "../../cloudtrail/arn";
import * as calls from "../../cloudtrail/service/calls";
import { fileContext, s3ContextArn } from "../../cloudtrail/service/encryption-context";
import type { TrailIdentity } from "../../cloudtrail/trails/trail-identity";
import { hasBucketKey, logKeyArn } from "../../envs/log-key";
import { callerFor } from "../../envs/trails";
import type { Environment } from "../../envs/types";
import { type Decision, evaluate, type Policies } from "../../iam/evaluate";
import type { AccessRequest, Principal } from "../../iam/request";
import type { PolicyDocument } from "../../iam/policy-document";
import { environmentDocuments, type EnvironmentDocuments } from "../policies/environment-documents";

/** Which of the environment's resource policies answers. */
export type Target = "bucket" | "key" | "topic" | "topicKey";

/** A request without the one who makes it, and the policy that it meets. */
export interface Operation extends Omit<AccessRequest, "principal"> {
  readonly target: Target;
}

/** The environment's resources with the policies that a deploy gives them. */
export class PolicedResources {
  readonly bucketArn: string;
  /**
   * The ARN of the key; of one that is not made yet, with a stand-in for its ID.
   * @default - SSE-S3
   */
  readonly keyArn?: string;
  /** @default - no notifications */
  readonly topicArn?: string;
  /** What stands for the topic's key, which is made with it. @default - no notifications */
  readonly topicKeyArn?: string;

  /** @param documents the policies; those that a deploy gives them by default */
  constructor(
    readonly environment: Environment,
    private readonly documents: EnvironmentDocuments = environmentDocuments(environment),
  ) {
    const { partition, destination } = environment;
    const { account: accountId, region, bucket: bucketName, notifications } = destination;
    this.bucketArn = bucketArn({ partition, bucketName });
    this.keyArn = logKeyArn(environment);
    if (notifications !== undefined) {
      const place = { partition, region, accountId };
      this.topicArn = topicArn({ ...place, topicName: notifications.topicName });
      this.topicKeyArn = standInKeyArn(place);
    }
  }

  /**
   * Undefined for what is not there, and for a key that someone else made: its policy is not ours.
   */
  policyOf(target: Target): PolicyDocument | undefined {
    return this.documents[target];
  }

  /** The key of a log file in the folder that CloudTrail writes an account's files to. */
  keyInFolder(accountId: string): string {
    return calls.exampleKeys(accountId, this.environment.destination.prefix).logFile;
  }

  /** What the encryption context says of S3 for an object. */
  s3ContextArn(key: string): string {
    return s3ContextArn(this.bucketArn, key, hasBucketKey(this.environment));
  }

  /**
   * Whether a principal may do something.
   *
   * @param identityPolicies the principal's own
   * @param document stands in for the resource's policy
   */
  decide(
    principal: Principal,
    { target, ...request }: Operation,
    identityPolicies: readonly PolicyDocument[] = [],
    document = this.policyOf(target),
  ): Decision {
    const policies: Policies = {
      resourcePolicy: document,
      identityPolicies,
      resourceAccount: this.environment.destination.account,
      resourceType: target === "key" || target === "topicKey" ? "kms-key" : "other",
    };
    return evaluate({ principal, ...request }, policies);
  }
}

/** A call that CloudTrail makes, and the policy that it meets. */
export interface TrailCall {
  readonly target: Target;
  readonly call: calls.ServiceCall;
}

/** The delivery of a file. */
export function deliver(
  { environment, bucketArn, keyArn }: PolicedResources,
  trail: TrailIdentity,
  key: string,
): TrailCall {
  const call = calls.delivery(callerFor(environment, trail), `${bucketArn}/${key}`, keyArn);
  return { target: "bucket", call };
}

/**
 * What a trail's files take of the log key.
 *
 * @param keyArn the KMS key's
 */
export function useKey(
  resources: PolicedResources,
  keyArn: string,
  trail: TrailIdentity,
): TrailCall[] {
  const { environment } = resources;
  const caller = callerFor(environment, trail);
  const s3Arn = resources.s3ContextArn(resources.keyInFolder(trail.accountId));
  const onKey = [
    calls.dataKey(caller, keyArn, s3Arn),
    calls.keyDescription(caller, keyArn),
    ...(hasBucketKey(environment) ? [calls.bucketKeyDecryption(caller, keyArn, s3Arn)] : []),
  ];
  return onKey.map((call) => ({ target: "key", call }));
}

/** The look at the bucket's ACL. */
export function lookAtBucket(resources: PolicedResources, trail: TrailIdentity): TrailCall {
  const { environment, bucketArn } = resources;
  return { target: "bucket", call: calls.aclCheck(callerFor(environment, trail), bucketArn) };
}

/** What a message about a file takes; none without notifications. */
export function notify(resources: PolicedResources, trail: TrailIdentity): TrailCall[] {
  const { environment, topicArn, topicKeyArn } = resources;
  if (topicArn === undefined || topicKeyArn === undefined) return [];
  const caller = callerFor(environment, trail);
  return [
    { target: "topic", call: calls.publication(caller, topicArn) },
    ...calls
      .topicKeyCalls(caller, topicKeyArn, topicArn)
      .map((call): TrailCall => ({ target: "topicKey", call })),
  ];
}

/** Something that people may be able to do: all of its operations have to be allowed. */
export interface Deed {
  /** In words that follow "who can". */
  readonly what: string;
  readonly operations: readonly Operation[];
}

/** Over TLS, which every AWS client uses unless it is set not to. */
const PERSON = { "aws:SecureTransport": "true" };

/** Reading one trail's log files: the file, and the data key that it is encrypted with. */
export function reading(resources: PolicedResources, trail: TrailIdentity): Deed {
  const { bucketArn, keyArn } = resources;
  const key = resources.keyInFolder(trail.accountId);
  return {
    what: `read the log files of ${trail.accountId}`,
    operations: [
      {
        target: "bucket",
        action: "s3:GetObject",
        resource: `${bucketArn}/${key}`,
        context: PERSON,
      },
      ...(keyArn === undefined
        ? []
        : ([
            {
              target: "key",
              action: "kms:Decrypt",
              resource: keyArn,
              context: {
                ...PERSON,
                ...fileContext(trail, resources.s3ContextArn(key)),
              },
            },
          ] as const)),
    ],
  };
}

/** Every way to lose log files. */
export function deleting(resources: PolicedResources): Deed[] {
  const { environment } = resources;
  const file = `/${resources.keyInFolder(environment.destination.account)}`;
  return [
    onBucket(resources, "delete a log file (its version stays)", "s3:DeleteObject", file),
    onBucket(resources, "delete a version of a log file for good", "s3:DeleteObjectVersion", file),
    onBucket(resources, "let lifecycle rules delete them", "s3:PutLifecycleConfiguration"),
    ...onKey(resources, "make them unreadable: turn the key off", "kms:DisableKey"),
    ...onKey(resources, "make them unreadable: delete the key", "kms:ScheduleKeyDeletion"),
  ];
}

/** Every way to change who may do what. */
export function changingPolicies(resources: PolicedResources): Deed[] {
  return [
    onBucket(resources, "change the bucket policy", "s3:PutBucketPolicy"),
    onBucket(resources, "take the bucket policy away", "s3:DeleteBucketPolicy"),
    ...onKey(resources, "change the key policy", "kms:PutKeyPolicy"),
    ...onKey(resources, "let others use the key, by a grant", "kms:CreateGrant"),
  ];
}

/** Writing what would look like a log file. Digest files are what shows it. */
export function forging(resources: PolicedResources): Deed {
  const file = `/${resources.keyInFolder(resources.environment.destination.account)}`;
  return onBucket(resources, "write or overwrite a log file themselves", "s3:PutObject", file);
}

function onBucket({ bucketArn }: PolicedResources, what: string, action: string, path = ""): Deed {
  const resource = bucketArn + path;
  return { what, operations: [{ target: "bucket", action, resource, context: PERSON }] };
}

function onKey({ keyArn }: PolicedResources, what: string, action: string): Deed[] {
  if (keyArn === undefined) return [];
  return [{ what, operations: [{ target: "key", action, resource: keyArn, context: PERSON }] }];
}
