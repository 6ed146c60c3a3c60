import type { TrailIdentity } from "../cloudtrail/trails/trail-identity";
import type { DestinationPolicySettings } from "../policies/documents/destination-policies";
import { environmentTrails } from "./trails";
import type { LogEncryption } from "../policies/documents/log-encryption";
import type { Destination, Environment } from "./types";

/** What a destination's policies follow from. */
export interface DestinationSettings extends DestinationPolicySettings {
  /** The members', in the file's order, retiring ones included. */
  readonly memberTrails: readonly TrailIdentity[];
}

/**
 * The settings of an environment's destination: so the stacks and the commands that print policies
 * have the same.
 */
export function destinationSettings(environment: Environment): DestinationSettings {
  const { destination, throwaway } = environment;
  const [trail, ...memberTrails] = environmentTrails(environment);
  return {
    ...destination,
    throwaway,
    bucketName: destination.bucket,
    s3KeyPrefix: destination.prefix,
    trail: trail!,
    memberTrails,
    hardening: destination.hardening && {
      deployerRoleArn: destination.roleArn,
      planRoleArn: destination.planRoleArn,
      ...destination.hardening,
    },
    encryption: logEncryption(destination.encryption),
  };
}

/** The environment file's words in Terraform's. */
function logEncryption(encryption: Destination["encryption"]): LogEncryption {
  switch (encryption.type) {
    case "sse-kms":
      return {
        alias: encryption.alias,
        deletionWindowInDays: encryption.deletionWindowDays,
        bucketKeyEnabled: encryption.bucketKey,
      };
    case "sse-kms-existing":
      return { kmsKeyArn: encryption.keyArn, bucketKeyEnabled: encryption.bucketKey };
    case "sse-s3":
      return { sseAlgorithm: "AES256" };
  }
}
