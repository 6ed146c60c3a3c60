import { Annotations, type App } from "cdktf";
import { redactionWarnings } from "../envs/rules/event-warnings";
import type { StackProps } from "./stack-props";
import { DestinationStack } from "./destination-stack";
import { UpkeepStack } from "./upkeep-stack";
import { MemberStack } from "./member-stack";

/**
 * All stacks of an environment.
 *
 * @throws Error where a stack of the app has one of their names, or a module of theirs throws
 */
export function addEnvironmentStacks(app: App, props: StackProps): void {
  const destination = new DestinationStack(app, props);
  for (const warning of redactionWarnings(props.environment)) {
    Annotations.of(destination).addWarning(warning);
  }
  for (const member of props.environment.members) {
    new MemberStack(app, { ...props, member, destination });
  }
  if (UpkeepStack.isNeededFor(props.environment)) {
    new UpkeepStack(app, { ...props, destination });
  }
}
