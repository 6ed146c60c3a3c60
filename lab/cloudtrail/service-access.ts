import { accountFolder } from "../../cloudtrail/files/log-layout";
import * as calls from "../../cloudtrail/service/calls";
import { bucketArn, parseArn } from "../../cloudtrail/arn";
import { s3ContextArn } from "../../cloudtrail/service/encryption-context";
import type { TrailIdentity } from "../../cloudtrail/trails/trail-identity";
import { decide, keyResource, type Resource } from "../access/access";
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

/** A KMS call that CloudTrail makes with a trail's key. */
export type KeyAction = "kms:GenerateDataKey" | "kms:Decrypt" | "kms:DescribeKey";

/**
 * What the resource policies in effect let CloudTrail do for a trail. The calls are those of
 * cloudtrail/service/calls.ts.
 */
export class ServiceAccess {
  /**
   * @param organization whose accounts' trails come with its ID; none of the local AWS by default
   * @param servicePrincipal CloudTrail's, for partitions where AWS documents none
   */
  constructor(
    private readonly policies: Pick<LivePolicies, "bucketHome" | "inEffect">,
    private readonly organization?: Organization,
    private readonly servicePrincipal?: string,
  ) {}

  mayReadBucketAcl({ identity, s3BucketName }: DeliveryTarget): boolean {
    const home = this.policies.bucketHome(s3BucketName);
    if (home === undefined) return false;
    const call = calls.aclCheck(this.#caller(identity), home.arn);
    return this.#allows(call, { policyOf: home.arn, accountId: home.accountId, type: "other" });
  }

  /** @param key the object's key */
  mayPutObject({ identity, s3BucketName, kmsKeyArn }: DeliveryTarget, key: string): boolean {
    const home = this.policies.bucketHome(s3BucketName);
    if (home === undefined) return false;
    const call = calls.delivery(this.#caller(identity), `${home.arn}/${key}`, kmsKeyArn);
    return this.#allows(call, { policyOf: home.arn, accountId: home.accountId, type: "other" });
  }

  /**
   * @param s3Arn in the encryption context: what is written; the trail's folder by default, as
   *   before anything is written
   */
  mayUseKey(
    target: DeliveryTarget & { readonly kmsKeyArn: string },
    action: KeyAction,
    s3Arn = folderArn(target),
  ): boolean {
    const { identity, kmsKeyArn } = target;
    const caller = this.#caller(identity);
    const call = {
      "kms:GenerateDataKey": calls.dataKey(caller, kmsKeyArn, s3Arn),
      "kms:Decrypt": calls.bucketKeyDecryption(caller, kmsKeyArn, s3Arn),
      "kms:DescribeKey": calls.keyDescription(caller, kmsKeyArn),
    }[action];
    return this.#allows(call, keyResource(kmsKeyArn));
  }

  mayPublish(identity: TrailIdentity, topicArn: string): boolean {
    const accountId = parseArn(topicArn)?.account ?? "";
    const call = calls.publication(this.#caller(identity), topicArn);
    return this.#allows(call, { policyOf: topicArn, accountId, type: "other" });
  }

  /** Whether CloudTrail can publish through the key of an encrypted topic. */
  mayUseTopicKey(identity: TrailIdentity, keyArn: string, topicArn: string): boolean {
    return calls
      .topicKeyCalls(this.#caller(identity), keyArn, topicArn)
      .every((call) => this.#allows(call, keyResource(keyArn)));
  }

  #caller(identity: TrailIdentity): calls.ServiceCaller {
    const { id, accountIds = [] } = this.organization ?? {};
    const organizationId = accountIds.includes(identity.accountId) ? id : undefined;
    return {
      trail: { kind: "account", identity, organizationId },
      servicePrincipal: this.servicePrincipal,
    };
  }

  #allows(
    { principal, action, resource, context }: calls.ServiceCall,
    policed: Omit<Resource, "arn">,
  ): boolean {
    const permission = { action, resource: { ...policed, arn: resource }, context };
    return decide(this.policies, { principal }, permission).decision === "allowed";
  }
}

function folderArn({ identity, s3BucketName, s3KeyPrefix }: DeliveryTarget): string {
  const { partition, accountId } = identity;
  const folder = `${accountFolder(accountId, s3KeyPrefix)}CloudTrail/`;
  return s3ContextArn(bucketArn({ partition, bucketName: s3BucketName }), folder);
}
