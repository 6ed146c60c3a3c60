import type { Command } from "commander";
import type { PlanVerbOptions } from "../plan/plan";
import { interruption } from "../terminal/interruption";
import {
  lockTimeoutOption,
  oneEnvironment,
  OTHER_USAGE_CODE,
  otherUsageCode,
  parallelismOption,
} from "./options";

const EXIT_CODES = `
Exit codes: 0 nothing changes, 1 error or a stack that can't be planned, 2 something changes,
3 a guard blocks, ${OTHER_USAGE_CODE} wrong usage.`;

/** `central-trail plan` */
export function planVerb(cli: Command): void {
  cli
    .command("plan")
    .description("plan an environment's stacks, and review what the plans do to the logs")
    .addOption(oneEnvironment())
    .option(
      "--stacks <names...>",
      "only these, and those that read what they change (default: all)",
    )
    .option("--changed-since <rev>", "only the stacks that the change since a git revision touches")
    .option("--out <folder>", "keep plans, review.md and review.json there")
    .addOption(parallelismOption())
    .addOption(lockTimeoutOption())
    .option("--json", "print the review as JSON", false)
    .addHelpText("after", EXIT_CODES)
    .exitOverride(otherUsageCode)
    .action(async (options: Omit<PlanVerbOptions, "signal">) => {
      const { plan } = require("../plan/plan") as typeof import("../plan/plan");
      process.exitCode = await plan({ ...options, signal: interruption() });
    });
}
