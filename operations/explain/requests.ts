import { accountFolder } from "../../cloudtrail/files/log-layout";
import { type TrailIdentity, trailArn } from "../../cloudtrail/trails/trail-identity";
import type { Environment } from "../../envs/types";
import { type Decision, evaluate, type Policies } from "../../iam/evaluate";
import type { AccessRequest, Principal } from "../../iam/request";
import type { PolicyDocument } from "../../iam/policy-document";
import { CLOUDTRAIL_SERVICE_PRINCIPAL } from "../../policies/documents/service-principal";
import {
  environmentDocuments,
  type EnvironmentDocuments,
  logKeyArn,
} from "../policies/environment-documents";

/** Which of the environment's resource policies answers. */
export type Target = "bucket" | "key";

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
  private readonly documents: EnvironmentDocuments;

  constructor(readonly environment: Environment) {
    const { partition, destination } = environment;
    this.documents = environmentDocuments(environment);
    this.bucketArn = `arn:${partition}:s3:::${destination.bucket}`;
    this.keyArn = logKeyArn(environment);
  }

  /** CloudTrail itself, which writes for every trail. */
  get cloudTrail(): Principal {
    const { servicePrincipal = CLOUDTRAIL_SERVICE_PRINCIPAL } = this.environment.destination;
    return { kind: "service", service: servicePrincipal };
  }

  /** Whether an account is one of the environment's. */
  has(accountId: string): boolean {
    const { destination, members } = this.environment;
    return [destination, ...members].some(({ account }) => account === accountId);
  }

  /** Undefined for a key that someone else made: its policy is not ours. */
  policyOf(target: Target): PolicyDocument | undefined {
    return this.documents[target];
  }

  /** The key of a file in the folder that CloudTrail writes an account's files to. */
  keyInFolder(accountId: string): string {
    const folder = accountFolder(accountId, this.environment.destination.prefix);
    return `${folder}CloudTrail/us-east-1/2026/01/31/any.json.gz`;
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
      resourceType: target === "key" ? "kms-key" : "other",
    };
    return evaluate({ principal, ...request }, policies);
  }
}

/**
 * CloudTrail's call that writes a file, with the condition keys that it sends. Network keys are not
 * among them: AWS leaves them out of calls that one service makes to another.
 *
 * @param key the object's key
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
 */
export function deliver(resources: PolicedResources, trail: TrailIdentity, key: string): Operation {
  const { bucketArn, keyArn } = resources;
  return {
    target: "bucket",
    action: "s3:PutObject",
    resource: `${bucketArn}/${key}`,
    context: {
      ...sourceOf(resources, trail),
      "s3:x-amz-acl": "bucket-owner-full-control",
      ...(keyArn === undefined
        ? { "s3:x-amz-server-side-encryption": "AES256" }
        : {
            "s3:x-amz-server-side-encryption": "aws:kms",
            "s3:x-amz-server-side-encryption-aws-kms-key-id": keyArn,
          }),
    },
  };
}

/**
 * CloudTrail's call that takes a data key for a trail's files.
 *
 * @param keyArn the KMS key's
 */
export function encrypt(
  resources: PolicedResources,
  keyArn: string,
  trail: TrailIdentity,
): Operation {
  const { bucketArn, environment } = resources;
  const folder = accountFolder(trail.accountId, environment.destination.prefix);
  return {
    target: "key",
    action: "kms:GenerateDataKey",
    resource: keyArn,
    context: {
      ...sourceOf(resources, trail),
      "kms:EncryptionContext:aws:cloudtrail:arn": trailArn(trail),
      "kms:EncryptionContext:aws:s3:arn": `${bucketArn}/${folder}`,
    },
  };
}

/** The environment's accounts are taken to be in its organization, where it names one; strangers not. */
function sourceOf(resources: PolicedResources, trail: TrailIdentity): Record<string, string> {
  const { organizationId } = resources.environment.destination;
  return {
    "aws:SourceArn": trailArn(trail),
    "aws:SourceAccount": trail.accountId,
    ...(organizationId !== undefined && resources.has(trail.accountId)
      ? { "aws:SourceOrgID": organizationId }
      : {}),
  };
}

/** Something that people may be able to do: all of its operations have to be allowed. */
export interface Deed {
  /** In words that follow "who can". */
  readonly what: string;
  readonly operations: readonly Operation[];
}

/** Over TLS, which every AWS client uses unless it is told not to. */
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
                "kms:EncryptionContext:aws:cloudtrail:arn": trailArn(trail),
                "kms:EncryptionContext:aws:s3:arn": `${bucketArn}/${key}`,
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
