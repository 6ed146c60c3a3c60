import type { Construct } from "constructs";
import { logBuckets, trailIdentity } from "../envs/trails";
import type { Member } from "../envs/types";
import { Trail } from "../modules/trail/trail";
import { AccountStack } from "./account-stack";
import type { StackProps } from "./stack-props";
import type { DestinationStack } from "./destination-stack";
import { stackNames } from "../envs/stack-names";

/** Props of {@link MemberStack}. */
export interface MemberStackProps extends StackProps {
  /** The member. */
  readonly member: Member;
  /** The stack that holds the bucket. */
  readonly destination: DestinationStack;
}

/**
 * One member account's trail. A retiring member has the stack still, but no trail in it: a deploy
 * then stops and deletes the trail, while the policies still let its last files in.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/turn-on-cloudtrail-in-additional-accounts.html
 */
export class MemberStack extends AccountStack {
  /** @throws Error where two stacks of the app have one name, or {@link Trail} throws */
  constructor(scope: Construct, props: MemberStackProps) {
    const { environment, member, destination } = props;
    super(scope, stackNames.member(environment, member), {
      ...props,
      account: member,
      providerAlias: "member",
    });
    this.addDependency(destination);
    if (member.retiring) return;
    new Trail(this, "trail", {
      provider: this.provider,
      throwaway: environment.throwaway,
      ...member.trail,
      ...this.providerSettings,
      logBuckets: logBuckets(environment.destination),
      identity: trailIdentity(environment, member),
      destination: this.logDestinationOf(destination),
    });
  }
}
