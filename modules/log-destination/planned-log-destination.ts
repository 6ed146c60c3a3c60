import { DataResource } from "cdktf";
import type { Construct } from "constructs";
import { topicArn } from "../../cloudtrail/arn";
import type { DestinationPolicySettings } from "../../policies/documents/destination-policies";
import { makesKey } from "../../policies/documents/log-encryption";
import { expression } from "../terraform-text";
import type { ILogDestination } from "./i-log-destination";

/**
 * What a destination that is not deployed yet will be for trails: what its settings determine. For
 * plans that are read and never applied.
 *
 * @param kmsKeyArn the ARN of the key that the destination makes; without it, it is known after an
 *   apply
 */
export function plannedLogDestination(
  scope: Construct,
  settings: DestinationPolicySettings,
  kmsKeyArn?: string,
): ILogDestination {
  const { bucketName, s3KeyPrefix, encryption, trail, notifications } = settings;
  const { partition, homeRegion: region, accountId } = trail;
  return {
    bucketName,
    s3KeyPrefix,
    kmsKeyArn: makesKey(encryption) ? (kmsKeyArn ?? knownAfterApply(scope)) : encryption?.kmsKeyArn,
    snsTopicArn:
      notifications &&
      topicArn({ partition, region, accountId, topicName: notifications.topicName }),
  };
}

/** The ID of the resource that stands for what nobody knows before an apply. */
const KNOWN_AFTER_APPLY = "known-after-apply";

function knownAfterApply(scope: Construct): string {
  const unknown = new DataResource(scope, KNOWN_AFTER_APPLY, { input: { kms_key_arn: "" } });
  return expression(`${unknown.fqn}.output.kms_key_arn`);
}
