import type { Command } from "commander";
import type { StacksOptions } from "../plan/stacks";
import { interruption } from "../terminal/interruption";
import { oneEnvironment } from "./options";

/** `central-trail stacks` */
export function stacksVerb(cli: Command): void {
  cli
    .command("stacks")
    .description("print the names of an environment's stacks, as cdktf takes them")
    .addOption(oneEnvironment())
    .option("--changed-since <rev>", "only those that the change since a git revision touches")
    .option("--json", "print them as JSON", false)
    .action(async (options: Omit<StacksOptions, "signal">) => {
      const { stacks } = require("../plan/stacks") as typeof import("../plan/stacks");
      await stacks({ ...options, signal: interruption() });
    });
}
