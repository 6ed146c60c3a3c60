import type { TrailIdentity } from "../cloudtrail/trails/trail-identity";
import { trailIdentities } from "./trails";
import type { Destination, Environment, Hardening, NewKeyEncryption } from "./types";

/**
 * What a destination's bucket, key and topic follow from, in the words of the modules and the policies: so the
 * stacks and the commands that print policies have one and the same.
 */
export interface DestinationSettings extends Pick<
  Destination,
  | "bucketPolicyShape"
  | "keyPolicyShape"
  | "topicPolicyShape"
  | "organizationId"
  | "servicePrincipal"
  | "readers"
  | "objectLock"
  | "notifications"
> {
  readonly throwaway: boolean;
  readonly bucketName: string;
  readonly keyPrefix?: string;
  /** The destination account's own. */
  readonly trail: TrailIdentity;
  /** The members', in the file's order, retiring ones included. */
  readonly memberTrails: readonly TrailIdentity[];
  /** @default no key is made */
  readonly newKey?: NewKeyEncryption;
  readonly existingKmsKeyArn?: string;
  readonly bucketKey?: boolean;
  readonly hardening?: Hardening & {
    readonly deployerRoleArn: string;
    readonly planRoleArn?: string;
  };
}

/** The settings of an environment's destination. */
export function destinationSettings(environment: Environment): DestinationSettings {
  const { destination, throwaway } = environment;
  const [trail, ...memberTrails] = trailIdentities(environment);
  const { hardening } = destination;
  return {
    throwaway,
    bucketName: destination.bucket,
    keyPrefix: destination.prefix,
    trail: trail!,
    memberTrails,
    ...encryption(destination),
    bucketPolicyShape: destination.bucketPolicyShape,
    keyPolicyShape: destination.keyPolicyShape,
    topicPolicyShape: destination.topicPolicyShape,
    organizationId: destination.organizationId,
    servicePrincipal: destination.servicePrincipal,
    readers: destination.readers,
    hardening: hardening && {
      ...hardening,
      deployerRoleArn: destination.roleArn,
      ...(destination.planRoleArn ? { planRoleArn: destination.planRoleArn } : {}),
    },
    objectLock: destination.objectLock,
    notifications: destination.notifications,
  };
}

function encryption({
  encryption: wanted,
}: Destination): Pick<DestinationSettings, "newKey" | "existingKmsKeyArn" | "bucketKey"> {
  switch (wanted.type) {
    case "sse-kms":
      return { newKey: wanted, bucketKey: wanted.bucketKey };
    case "sse-kms-existing":
      return { existingKmsKeyArn: wanted.keyArn, bucketKey: wanted.bucketKey };
    case "sse-s3":
      return {};
  }
}
