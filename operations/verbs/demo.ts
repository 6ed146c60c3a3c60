import type { Command } from "commander";
import type { DemoOptions } from "../demo/demo";
import { CLEANS_UP, interruption } from "../terminal/interruption";
import { environmentOption } from "./options";

/** `central-trail demo`, in the repository alone: it needs the local AWS. */
export function demoVerb(cli: Command): void {
  cli
    .command("demo")
    .description("deploy an environment for real to a local AWS, and show what has come of it")
    .addOption(environmentOption().default("local"))
    .option("--keep", "leave everything running until Ctrl-C, with lines to look around", false)
    .option("--json", "print the result as one line of JSON", false)
    .action(async (options: Omit<DemoOptions, "signal">) => {
      const { demo } = require("../demo/demo") as typeof import("../demo/demo");
      await demo({ ...options, signal: interruption(CLEANS_UP) });
    });
}
