import type { Command } from "commander";
import type { PoliciesOptions } from "../policies/policies";
import { oneEnvironment } from "./options";

/** `central-trail policies` */
export function policiesVerb(cli: Command): void {
  cli
    .command("policies")
    .description("print an environment's policies: its resources', and those of who deploys it")
    .addOption(oneEnvironment())
    .option("--trusted <arns...>", "roles or users that deploy, for the trust policies")
    .option("--trusted-to-plan <arns...>", "the same for those that only plan, with planRole")
    .option("--trusted-to-verify <arns...>", "those that verify, by a role that reads logs alone")
    .option("--key-arn <arn>", "the key that the first deploy made, for narrower permissions")
    .option("--topic-key-arn <arn>", "the same for the notifications' key")
    .option("--json", "print the result as JSON", false)
    .action((options: PoliciesOptions) => {
      const { policies } = require("../policies/policies") as typeof import("../policies/policies");
      policies(options);
    });
}
