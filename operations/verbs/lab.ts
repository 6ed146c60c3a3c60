import type { Command } from "commander";
import type { LabOptions } from "../local-aws/run-lab";
import { CLEANS_UP, interruption } from "../terminal/interruption";
import { environmentOption, wholeNumber } from "./options";

/** `central-trail lab`, in the repository alone: it needs the local AWS. */
export function labVerb(cli: Command): void {
  cli
    .command("lab")
    .description("run a local AWS with an environment's roles, until Ctrl-C")
    .addOption(environmentOption().default("local"))
    .option("--port <port>", "port on 127.0.0.1 (default: a free one)", wholeNumber(1, 65_535))
    .option(
      "--policy-delay <seconds>",
      "how late a changed policy takes effect",
      wholeNumber(0, 3600),
      0,
    )
    .option("--json", "print endpoint, credentials and accounts as one line of JSON", false)
    .action(async (options: Omit<LabOptions, "signal">) => {
      const { lab } = require("../local-aws/run-lab") as typeof import("../local-aws/run-lab");
      await lab({ ...options, signal: interruption(CLEANS_UP) });
    });
}
