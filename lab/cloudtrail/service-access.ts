import { accountFolder } from "../../cloudtrail/files/log-layout";
import { trailArn, type TrailIdentity } from "../../cloudtrail/trails/trail-identity";
import {
  decide,
  type Identity,
  keyResource,
  type Permission,
  type Resource,
} from "../access/access";
import type { LivePolicies } from "../access/live-policies";

/** What CloudTrail's access to a bucket, key or topic depends on. */
export interface DeliveryTarget {
  readonly identity: TrailIdentity;
  readonly s3BucketName: string;
  readonly s3KeyPrefix?: string;
  /** The ARN of the key that the trail encrypts with. */
  readonly kmsKeyArn?: string;
}

/** An organization and its accounts. */
export interface Organization {
  /** `o-…` */
  readonly id: string;
  readonly accountIds: readonly string[];
}

/**
 * What the resource policies in effect let CloudTrail do for a trail: the calls that it makes as
 * `cloudtrail.amazonaws.com`, with the condition keys that it sends. `aws:SecureTransport` is not
 * among them: AWS leaves network keys out of calls that one service makes to another.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export class ServiceAccess {
  /** @param organization whose accounts' trails come with its ID; none of the local AWS by default */
  constructor(
    private readonly policies: LivePolicies,
    private readonly organization?: Organization,
  ) {}

  mayReadBucketAcl(target: DeliveryTarget): boolean {
    return this.#mayAccessBucket(target, "s3:GetBucketAcl", "", {});
  }

  /** @param key the object's key */
  mayPutObject(target: DeliveryTarget, key: string): boolean {
    const { kmsKeyArn, identity } = target;
    const { id, accountIds = [] } = this.organization ?? {};
    return this.#mayAccessBucket(target, "s3:PutObject", `/${key}`, {
      // The ACL check is reported to come without it.
      ...(id !== undefined && accountIds.includes(identity.accountId)
        ? { "aws:SourceOrgID": id }
        : {}),
      "s3:x-amz-acl": "bucket-owner-full-control",
      "s3:x-amz-server-side-encryption": kmsKeyArn === undefined ? "AES256" : "aws:kms",
      ...(kmsKeyArn === undefined
        ? {}
        : { "s3:x-amz-server-side-encryption-aws-kms-key-id": kmsKeyArn }),
    });
  }

  /**
   * @param action with its service, e.g. `kms:GenerateDataKey`
   * @param s3Arn in the encryption context: what is written; the trail's folder by default, as before
   *   anything is written
   */
  mayUseKey(
    target: DeliveryTarget & { readonly kmsKeyArn: string },
    action: string,
    s3Arn = folderArn(target),
  ): boolean {
    const { identity, kmsKeyArn } = target;
    const encryptionContext = {
      "kms:EncryptionContext:aws:cloudtrail:arn": trailArn(identity),
      "kms:EncryptionContext:aws:s3:arn": s3Arn,
      "kms:EncryptionContextKeys": ["aws:cloudtrail:arn", "aws:s3:arn"],
    };
    // DescribeKey takes no encryption context.
    return this.#allows(
      identity,
      action,
      keyResource(kmsKeyArn),
      action === "kms:DescribeKey" ? {} : encryptionContext,
    );
  }

  mayPublish(identity: TrailIdentity, topicArn: string): boolean {
    const accountId = topicArn.split(":")[4]!;
    return this.#allows(
      identity,
      "sns:Publish",
      { arn: topicArn, policyOf: topicArn, accountId, type: "other" },
      {},
    );
  }

  /** Whether CloudTrail can publish through the key of an encrypted topic. */
  mayUseTopicKey(identity: TrailIdentity, keyArn: string, topicArn: string): boolean {
    const key = keyResource(keyArn);
    const context = {
      "kms:EncryptionContext:aws:sns:topicArn": topicArn,
      "kms:EncryptionContextKeys": ["aws:sns:topicArn"],
    };
    return ["kms:GenerateDataKey", "kms:Decrypt"].every((action) =>
      this.#allows(identity, action, key, context),
    );
  }

  #mayAccessBucket(
    { identity, s3BucketName }: DeliveryTarget,
    action: string,
    path: string,
    context: Readonly<Record<string, string>>,
  ): boolean {
    const home = this.policies.bucketHome(s3BucketName);
    if (home === undefined) return false;
    return this.#allows(
      identity,
      action,
      { arn: home.arn + path, policyOf: home.arn, accountId: home.accountId, type: "other" },
      context,
    );
  }

  #allows(
    identity: TrailIdentity,
    action: string,
    resource: Resource,
    context: Permission["context"],
  ): boolean {
    const keys = { "aws:SourceArn": trailArn(identity), "aws:SourceAccount": identity.accountId };
    const permission = { action, resource, context: { ...keys, ...context } };
    return decide(this.policies, CLOUDTRAIL, permission).decision === "allowed";
  }
}

function folderArn({ identity, s3BucketName, s3KeyPrefix }: DeliveryTarget): string {
  const folder = accountFolder(identity.accountId, s3KeyPrefix);
  return `arn:${identity.partition}:s3:::${s3BucketName}/${folder}CloudTrail/`;
}

const CLOUDTRAIL: Identity = {
  principal: { kind: "service", service: "cloudtrail.amazonaws.com" },
};
