import type { Command } from "commander";
import type { DeployOptions } from "../deploy/deploy";
import type { StackVerb } from "../deploy/stack-order";
import { interruption } from "../terminal/interruption";
import { lockTimeoutOption, oneEnvironment, parallelismOption, wholeNumber } from "./options";

/** `central-trail deploy` */
export function deployVerb(cli: Command): void {
  stackVerb(cli, "deploy", "deploy an environment: the destination first, then its members").option(
    "--plans <folder>",
    "apply what `plan --out` saved there, and nothing else; nobody is asked",
  );
}

/** `central-trail destroy` */
export function destroyVerb(cli: Command): void {
  stackVerb(
    cli,
    "destroy",
    "destroy what an environment deployed: members first, then the destination",
  );
}

function stackVerb(cli: Command, verb: StackVerb, description: string): Command {
  return cli
    .command(verb)
    .description(description)
    .addOption(oneEnvironment())
    .option("--stacks <names...>", "only these stacks (default: all of the environment)")
    .addOption(parallelismOption())
    .option("--terraform-parallelism <n>", "operations at once in a stack", wholeNumber(1, 1000))
    .addOption(lockTimeoutOption())
    .option("--auto-approve", "do not show plans and ask", false)
    .action(async (options: DeployOptions & { plans?: string }, command: Command) => {
      const { plans } = options;
      if (plans !== undefined && options.stacks) {
        command.error("error: --plans says which stacks; leave --stacks out");
      }
      const asks = plans === undefined && !options.autoApprove;
      if (asks && !(process.stdin.isTTY && process.stdout.isTTY)) {
        command.error("error: no terminal to ask for approval on; pass --auto-approve");
      }
      const { deployPlans, runEnvironment } =
        require("../deploy/deploy") as typeof import("../deploy/deploy");
      const signal = interruption();
      if (plans === undefined) await runEnvironment(verb, { ...options, signal });
      else await deployPlans({ ...options, plans, signal });
    });
}
