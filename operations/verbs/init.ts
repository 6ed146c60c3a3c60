import type { Command } from "commander";
import type { InitOptions } from "../init/init";
import { environmentOption } from "./options";

/** `central-trail init` */
export function initVerb(cli: Command): void {
  cli
    .command("init")
    .description("write an app into this folder: cdktf.json, an environment file, a pipeline")
    .addOption(environmentOption().default("production"))
    .option("--destination-account <id>", "the account that gets the logs (default: an example)")
    .option("--members <ids>", "the other accounts, separated by commas", (text) => text.split(","))
    .option(
      "--region <name>",
      "home region of the trails, and of bucket, key and state",
      "us-east-1",
    )
    .option("--bucket <name>", "the log bucket, which is made (default: named after the account)")
    .option("--state-bucket <name>", "Terraform's, which must exist (default: the same)")
    .option("--role <name>", "the role to assume in each account", "central-trail-deployer")
    .option("--external-id <id>", "what its trust policy asks for (default: one that is made up)")
    .option("--json", "print what was written as JSON", false)
    .action((options: InitOptions) => {
      const { init } = require("../init/init") as typeof import("../init/init");
      init(options);
    });
}
