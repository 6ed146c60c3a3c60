import type { App } from "cdktf";
import type { StackProps } from "./account-stack";
import { DestinationStack } from "./destination-stack";
import { HousekeepingStack } from "./housekeeping-stack";
import { MemberStack } from "./member-stack";

/**
 * All stacks of an environment. Housekeeping comes last: `cdktf deploy` starts stacks in this order as
 * places come free, and no member should wait for it.
 */
export function addEnvironmentStacks(app: App, props: StackProps): void {
  const destination = new DestinationStack(app, props);
  for (const member of props.environment.members) {
    new MemberStack(app, { ...props, member, destination });
  }
  if (HousekeepingStack.isNeededFor(props.environment)) {
    new HousekeepingStack(app, { ...props, destination });
  }
}
