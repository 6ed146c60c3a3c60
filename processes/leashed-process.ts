import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

/** How {@link spawnLeashed} runs a command. */
export interface LeashedProcessOptions {
  /** @default - the present working directory */
  readonly cwd?: string;
  /** The command's whole environment. */
  readonly env: NodeJS.ProcessEnv;
  /**
   * Milliseconds between SIGTERM for the command's whole process group and SIGKILL, for a command
   * that has nothing to lose.
   *
   * @default - the command alone gets SIGINT, and ends in its own time
   */
  readonly graceMs?: number;
}

/**
 * Starts a command that is asked to end when this process ends, however that happens: also by
 * SIGKILL, a closed terminal or a signal to the whole process group, of which it is none. What it
 * leaves behind in a group of its own ends with it.
 *
 * `.kill("SIGTERM")` asks it to end; each further one is less gentle, see `leash.js`.
 * `.kill("SIGKILL")` would cut the leash and not stop the command: do not use it. Where nobody
 * reads its output any more, the command goes on all the same.
 *
 * A command that cannot be started does not raise `error`: the exit code is 127, with a line on
 * standard error.
 */
export function spawnLeashed(
  command: string,
  args: readonly string[],
  { cwd, env, graceMs }: LeashedProcessOptions,
): ChildProcess {
  const grace = graceMs === undefined ? "own-time" : String(graceMs);
  // A session of its own: the terminal's end, and a signal to our group, do not reach the leash.
  const leash = spawn(process.execPath, [join(__dirname, "leash.js"), grace, command, ...args], {
    cwd,
    env,
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  // The pipe breaks when the leash ends; that is not a fault.
  leash.stdin.on("error", () => undefined);
  return leash;
}
