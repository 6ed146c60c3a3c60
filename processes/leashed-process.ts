import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

/** How {@link spawnLeashed} runs a command. */
export interface LeashedProcessOptions {
  /** @default - the present working directory */
  readonly cwd?: string;
  /** The command's whole environment. */
  readonly env: NodeJS.ProcessEnv;
  /**
   * Where standard output and standard error go. Standard input is not the command's: it is the leash.
   *
   * @default "pipe"
   */
  readonly stdio?: "pipe" | "inherit" | "ignore";
  /**
   * Milliseconds between SIGTERM and SIGKILL.
   *
   * @default 10000
   */
  readonly graceMs?: number;
}

/**
 * Starts a command that ends, with all of its process group, when this process ends, however that
 * happens: also by SIGKILL. `.kill("SIGTERM")` asks the group to end and kills it after the grace
 * time. `.kill("SIGKILL")` would cut the leash and not stop the command: do not use it.
 *
 * A command that cannot be started does not raise `error`: the exit code is 127, with a line on
 * standard error.
 */
export function spawnLeashed(
  command: string,
  args: readonly string[],
  options: LeashedProcessOptions,
): ChildProcess {
  const { cwd, env, stdio = "pipe", graceMs = 10_000 } = options;
  const leash = spawn(
    process.execPath,
    [join(__dirname, "leash.js"), String(graceMs), command, ...args],
    { cwd, env, stdio: ["pipe", stdio, stdio] },
  );
  // The pipe breaks when the leash ends; that is no fault.
  leash.stdin?.on("error", () => undefined);
  return leash;
}
