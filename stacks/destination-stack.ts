import type { Construct } from "constructs";
import { trailIdentities } from "../envs/trails";
import type { Destination } from "../envs/types";
import {
  LogDestination,
  type LogDestinationProps,
} from "../modules/log-destination/log-destination";
import { AccountStack, type StackProps } from "./account-stack";
import { stackNames } from "../envs/stack-names";

/** The destination account: bucket, key, policies, its own trail, and the gate for the members. */
export class DestinationStack extends AccountStack {
  /** What members deliver to. */
  readonly logDestination: LogDestination;

  constructor(scope: Construct, props: StackProps) {
    const { environment } = props;
    const { destination } = environment;
    super(scope, stackNames.destination(environment), {
      ...props,
      account: destination,
      providerAlias: "destination",
    });
    const [trail, ...memberTrails] = trailIdentities(environment);
    this.logDestination = new LogDestination(this, "log-destination", {
      provider: this.provider,
      throwaway: environment.throwaway,
      bucketName: destination.bucket,
      keyPrefix: destination.prefix,
      trail: trail!,
      trailSettings: destination.trail,
      memberTrails,
      ...encryption(destination),
      policyWaitSeconds: destination.policyWaitSeconds,
    });
  }
}

function encryption({
  encryption: wanted,
}: Destination): Pick<LogDestinationProps, "newKey" | "existingKmsKeyArn" | "bucketKey"> {
  switch (wanted.type) {
    case "sse-kms":
      return { newKey: wanted, bucketKey: wanted.bucketKey };
    case "sse-kms-existing":
      return { existingKmsKeyArn: wanted.keyArn, bucketKey: wanted.bucketKey };
    case "sse-s3":
      return {};
  }
}
