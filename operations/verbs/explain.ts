import type { Command } from "commander";
import type { ExplainOptions } from "../explain/explain";
import { oneEnvironment } from "./options";

/** `central-trail explain` */
export function explainVerb(cli: Command): void {
  cli
    .command("explain")
    .description("say who may write, read, delete and change what, by an environment's policies")
    .addOption(oneEnvironment())
    .option("--may-write", "may CloudTrail write --key for --trail of --account?", false)
    .option("--account <id>", "with --may-write: the trail's account")
    .option("--trail <name>", "with --may-write: its name or ARN (default: the environment's)")
    .option("--key <key>", "with --may-write: the object's key")
    .option("--who-can-read <account>", "who can read this account's log files?")
    .option("--who-can-delete", "who can delete log files, or make them unreadable?", false)
    .option("--json", "print the result as JSON", false)
    .action((options: ExplainOptions) => {
      const { explainAccess } =
        require("../explain/explain") as typeof import("../explain/explain");
      explainAccess(options);
    });
}
