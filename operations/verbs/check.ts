import type { Command } from "commander";
import type { CheckOptions } from "../check/check";
import { environmentOption } from "./options";

/** `central-trail check` */
export function checkVerb(cli: Command): void {
  cli
    .command("check")
    .description("check environment files and say all that is wrong with them")
    .addOption(environmentOption())
    .option("--json", "print the result as JSON", false)
    .action((options: CheckOptions) => {
      const { check } = require("../check/check") as typeof import("../check/check");
      if (!check(options)) process.exitCode = 1;
    });
}
