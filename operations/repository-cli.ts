import type { Command } from "commander";
import { environmentOption, program, run, wholeNumber } from "./cli";
import { interruption } from "./terminal/interruption";
import { demo, type DemoOptions } from "./verbs/demo";
import { lab, type LabOptions } from "./verbs/lab";

const CLEANS_UP = "cleaning up …";

/** The verbs that need the local AWS, which the npm package does not have. */
function withLocalAws(cli: Command): Command {
  cli
    .command("demo")
    .description("deploy an environment for real to a local AWS, and show what has come of it")
    .addOption(environmentOption().default("local"))
    .option("--keep", "leave everything running until Ctrl-C, with lines to look around", false)
    .option("--json", "print the result as one line of JSON", false)
    .action((options: Omit<DemoOptions, "signal">) =>
      demo({ ...options, signal: interruption(CLEANS_UP) }),
    );

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
    .action((options: Omit<LabOptions, "signal">) =>
      lab({ ...options, signal: interruption(CLEANS_UP) }),
    );

  return cli;
}

void run(withLocalAws(program()));
