import type { TrailIdentity } from "../cloudtrail/trails/trail-identity";
import type { DestinationPolicySettings } from "../policies/documents/destination-policies";
import { trailIdentities } from "./trails";
import type { Destination, Environment, NewKeyEncryption } from "./types";

/** What a destination's policies follow from, with the settings of the key that it makes. */
export interface DestinationSettings extends DestinationPolicySettings {
  /** The members', in the file's order, retiring ones included. */
  readonly memberTrails: readonly TrailIdentity[];
  /** @default - no key is made */
  readonly newKey?: NewKeyEncryption;
}

/** The settings of an environment's destination: so the stacks and the commands that print policies have the same. */
export function destinationSettings(environment: Environment): DestinationSettings {
  const { destination, throwaway } = environment;
  const [trail, ...memberTrails] = trailIdentities(environment);
  return {
    ...destination,
    throwaway,
    bucketName: destination.bucket,
    keyPrefix: destination.prefix,
    trail: trail!,
    memberTrails,
    hardening: destination.hardening && {
      deployerRoleArn: destination.roleArn,
      planRoleArn: destination.planRoleArn,
      ...destination.hardening,
    },
    ...keySettings(destination.encryption),
  };
}

function keySettings(
  encryption: Destination["encryption"],
): Pick<DestinationSettings, "newKey" | "existingKmsKeyArn" | "bucketKey"> {
  switch (encryption.type) {
    case "sse-kms":
      return { newKey: encryption, bucketKey: encryption.bucketKey };
    case "sse-kms-existing":
      return { existingKmsKeyArn: encryption.keyArn, bucketKey: encryption.bucketKey };
    case "sse-s3":
      return {};
  }
}
