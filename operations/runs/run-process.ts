import { createInterface } from "node:readline";
import { stripVTControlCharacters } from "node:util";
import { type LeashedProcessOptions, spawnLeashed } from "../../processes/leashed-process";
import { AGAIN, Interrupted } from "../terminal/interruption";
import { ownerOnly } from "./owner-only";

export interface ProcessOptions extends Pick<LeashedProcessOptions, "graceMs"> {
  readonly cwd: string;
  /** The whole environment. */
  readonly env: NodeJS.ProcessEnv;
  /**
   * Asks the process to end: `abort`, and with less patience each `again`.
   * @default - only the end of this process does
   */
  readonly signal?: AbortSignal;
  /**
   * Gets each line of standard output and standard error, without colours.
   * @default - nobody does
   */
  readonly onLine?: (line: string) => void;
}

export interface ProcessEnd {
  /** Exit code; 1 where a signal ended it. */
  readonly code: number;
  /** Standard error, without colours. */
  readonly stderr: string;
}

/** Milliseconds for a process that has nothing to lose: {@link ProcessOptions.graceMs}. */
export const NOTHING_TO_LOSE = 10_000;

/**
 * Runs a program to its end. It does not outlive this process by more than it needs to end well.
 *
 * @throws Interrupted where the signal was there before it, or it did not end well upon the signal
 */
export async function runProcess(
  command: string,
  args: readonly string[],
  { cwd, env, graceMs, signal, onLine }: ProcessOptions,
): Promise<ProcessEnd> {
  if (signal?.aborted) throw new Interrupted(signal);
  // What Terraform writes, states and plans above all, holds what nobody else should read.
  const child = ownerOnly(() =>
    spawnLeashed(command, args, { cwd, env: { ...env, CI: "1" }, graceMs }),
  );
  const ask = (): unknown => child.kill("SIGTERM");
  for (const event of ["abort", AGAIN]) signal?.addEventListener(event, ask);
  let stderr = "";
  for (const stream of [child.stdout!, child.stderr!]) {
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
    if (signal?.aborted && code !== 0) throw new Interrupted(signal, stderr);
    return { code, stderr };
  } finally {
    for (const event of ["abort", AGAIN]) signal?.removeEventListener(event, ask);
  }
}
