import type { TerraformStack } from "cdktf";
import {
  LogDestination,
  type LogDestinationProps,
} from "../../modules/log-destination/log-destination";
import { emptyStack } from "./synthesized";
import { FOUR_TRAILS } from "./trails";

/**
 * A stack with the log destination of the four accounts, with a key; tests change what they need.
 */
export function logDestinationStack(overrides: Partial<LogDestinationProps> = {}): TerraformStack {
  const [trail, ...memberTrails] = FOUR_TRAILS;
  const stack = emptyStack();
  new LogDestination(stack, "logs", {
    bucketName: "the-log-bucket",
    trail: trail!,
    memberTrails,
    encryption: { alias: "logs" },
    ...overrides,
  });
  return stack;
}
