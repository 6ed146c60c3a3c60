import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { destinationSettings } from "../envs/destination-settings";
import { logBuckets } from "../envs/trails";
import { LogDestination } from "../modules/log-destination/log-destination";
import { AccountStack } from "./account-stack";
import type { StackProps } from "./stack-props";
import { stackNames } from "../envs/stack-names";

/**
 * The destination account: bucket, key, policies, its own trail, and the gate for the members.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-receive-logs-from-multiple-accounts.html
 */
export class DestinationStack extends AccountStack {
  /** What members deliver to. */
  readonly logDestination: LogDestination;

  /** @throws Error where two stacks of the app have one name, or {@link LogDestination} throws */
  constructor(scope: Construct, props: StackProps) {
    const { environment } = props;
    const { destination } = environment;
    super(scope, stackNames.destination(environment), {
      ...props,
      account: destination,
      providerAlias: "destination",
    });
    this.logDestination = new LogDestination(this, "log-destination", {
      provider: this.provider,
      ...destinationSettings(environment),
      trailSettings: {
        ...destination.trail,
        ...this.providerSettings,
        logBuckets: logBuckets(destination),
      },
      policyWaitSeconds: destination.policyWaitSeconds,
    });
    const { readerIdentityPolicies } = this.logDestination;
    if (Object.keys(readerIdentityPolicies).length > 0) {
      new TerraformOutput(this, "reader_identity_policies", {
        staticId: true,
        description: "The policy that each reader of another account needs there",
        value: readerIdentityPolicies,
      });
    }
  }
}
