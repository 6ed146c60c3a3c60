import type { Command } from "commander";
import type { DriftOptions } from "../drift/drift";
import { interruption } from "../terminal/interruption";
import {
  lockTimeoutOption,
  oneEnvironment,
  OTHER_USAGE_CODE,
  otherUsageCode,
  parallelismOption,
} from "./options";

const EXIT_CODES = `
Exit codes: 0 nothing, 1 not all could be looked at, 2 drift, ${OTHER_USAGE_CODE} wrong usage.`;

/** `central-trail drift` */
export function driftVerb(cli: Command): void {
  cli
    .command("drift")
    .description("say what was changed outside of Terraform, also where Terraform does not see it")
    .addOption(oneEnvironment())
    .addOption(parallelismOption())
    .addOption(lockTimeoutOption())
    .option("--json", "print the report as JSON", false)
    .addHelpText("after", EXIT_CODES)
    .exitOverride(otherUsageCode)
    .action(async (options: Omit<DriftOptions, "signal">) => {
      const { drift } = require("../drift/drift") as typeof import("../drift/drift");
      process.exitCode = await drift({ ...options, signal: interruption() });
    });
}
