import { type Command, Option } from "commander";
import type { VerifyVerbOptions } from "../verify/verify";
import {
  accountIds,
  externalIdOption,
  oneEnvironment,
  OTHER_USAGE_CODE,
  otherUsageCode,
  period,
} from "./options";

const EXIT_CODES = `
Exit codes: 0 proven, 1 could not check (all of) it, 2 late, missing or not as the environment says,
3 tampered with, ${OTHER_USAGE_CODE} wrong usage. Where several hold: 3, else 1, else 2. A file that no digest
vouches for, though one would, is 2 as well.`;

/** `central-trail verify` */
export function verifyVerb(cli: Command): void {
  cli
    .command("verify")
    .description("prove that each trail logs and delivers, and that its files are as delivered")
    .addOption(oneEnvironment())
    .option("--account <ids>", "only these accounts, separated by commas", accountIds)
    .addOption(
      new Option("--since <period>", "how far back digest and log files are checked")
        .argParser(period)
        .default(86_400, "24h"),
    )
    .option("--profile <name>", "ask the destination with this profile, not with its own role")
    .option("--role-arn <arn>", "ask the destination with this role, not with its own")
    .addOption(externalIdOption())
    .option("--json", "print the report as JSON", false)
    .addHelpText("after", EXIT_CODES)
    .exitOverride(otherUsageCode)
    .action(async (options: VerifyVerbOptions) => {
      const { verify } = require("../verify/verify") as typeof import("../verify/verify");
      process.exitCode = await verify(options);
    });
}
