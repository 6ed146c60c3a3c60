import type { Command } from "commander";
import type { RecoverOptions } from "../recover/recover";
import { interruption } from "../terminal/interruption";
import { oneEnvironment } from "./options";

/** `central-trail recover` */
export function recoverVerb(cli: Command): void {
  cli
    .command("recover")
    .description("bring state and AWS together after a deploy or destroy that was ended")
    .addOption(oneEnvironment())
    .option("--stacks <names...>", "only these stacks (default: all of the environment)")
    .option("--lock-id <ids...>", "unlock these; only if you know that no run holds them")
    .option("--auto-approve", "do what was found without asking", false)
    .option("--json", "print what was found and done as JSON", false)
    .action(async (options: Omit<RecoverOptions, "signal">) => {
      const { recoverEnvironment } =
        require("../recover/recover") as typeof import("../recover/recover");
      process.exitCode = await recoverEnvironment({ ...options, signal: interruption() });
    });
}
