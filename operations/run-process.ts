import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { stripVTControlCharacters } from "node:util";
import { spawnLeashed } from "../processes/leashed-process";
import { ExpectedError } from "./expected-error";
import { ownerOnly } from "./owner-only";

export interface ProcessOptions {
  readonly cwd: string;
  /** The whole environment. */
  readonly env: NodeJS.ProcessEnv;
  /**
   * Ends the process and those that it started.
   * @default - only with this process
   */
  readonly signal?: AbortSignal;
  /**
   * Gets each line of standard output and standard error, without colours.
   * @default - nobody does
   */
  readonly onLine?: (line: string) => void;
  /**
   * Gives it the terminal, to ask on; nothing of its output is kept then.
   * @default false
   */
  readonly interactive?: boolean;
}

export interface ProcessEnd {
  /** Exit code; 1 where a signal ended it. */
  readonly code: number;
  /** Standard error, without colours. */
  readonly stderr: string;
}

/**
 * Runs a program to its end. It does not outlive this process.
 *
 * @throws ExpectedError where the signal ended it
 */
export async function runProcess(
  command: string,
  args: readonly string[],
  { cwd, env, signal, onLine, interactive = false }: ProcessOptions,
): Promise<ProcessEnd> {
  if (signal?.aborted) throw interrupted();
  // Who is to answer questions must be in the terminal's own process group: no leash, then.
  // What Terraform writes, states and plans above all, holds what nobody else should read.
  const child = ownerOnly(() =>
    interactive
      ? spawn(command, args, { cwd, env, stdio: "inherit" })
      : spawnLeashed(command, args, { cwd, env: { ...env, CI: "1" } }),
  );
  const stop = (): unknown => child.kill("SIGTERM");
  signal?.addEventListener("abort", stop);
  let stderr = "";
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    const lines = createInterface({ input: stream, crlfDelay: Infinity });
    lines.on("line", (raw) => {
      const line = stripVTControlCharacters(raw);
      if (stream === child.stderr) stderr += `${line}\n`;
      onLine?.(line);
    });
  }
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (exitCode) => resolve(exitCode ?? 1));
    });
    if (signal?.aborted) throw interrupted();
    return { code, stderr };
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

function interrupted(): ExpectedError {
  return new ExpectedError(["Interrupted."]);
}
