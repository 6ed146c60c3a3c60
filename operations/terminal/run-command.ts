import { type Command, CommanderError } from "commander";
import { EnvironmentError } from "../../envs/schema/problems";
import { ExpectedError } from "../expected-error";
import { outliveReaders } from "./standard-streams";
import { systemErrorLines } from "./system-error";
import { painted, say } from "./terminal";

/**
 * Runs what the command line asks for; errors go to standard error, and the exit code says the
 * rest.
 */
export async function run(cli: Command): Promise<void> {
  // It would stand in the midst of our own lines; package.json says which Node versions will do.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  outliveReaders();
  process.once("beforeExit", endedInTheMidst);
  try {
    await cli.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has said it; help that was asked for is not an error.
      process.exitCode = error.exitCode === 1 ? 2 : error.exitCode;
      return;
    }
    process.exitCode = error instanceof ExpectedError ? error.exitCode : 1;
    const system = systemErrorLines(String(error));
    const isExpected = error instanceof ExpectedError || error instanceof EnvironmentError;
    if (isExpected || system) {
      const [first = "", ...more] = isExpected ? error.message.split("\n") : system!;
      say(`${painted("red", "error:", process.stderr)} ${first}`, ...more);
    } else {
      say(...(error instanceof Error ? (error.stack ?? error.message) : String(error)).split("\n"));
    }
  } finally {
    process.off("beforeExit", endedInTheMidst);
  }
}

/** Node ends a program that waits for what nothing will answer, in silence and with 0. */
function endedInTheMidst(): void {
  process.exitCode = 1;
  say(
    `${painted("red", "error:", process.stderr)} This ended before it was done: it waited for an answer that nothing was left to give.`,
    "What it has printed is not all. This is a fault of central-trail; please report it with the command.",
  );
}
