import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { REPOSITORY } from "../support/repository";

/**
 * A run of `central-trail` whose processes, however far from it, are found by a mark of their own.
 */
export class MarkedRun {
  readonly #process: ChildProcess;
  readonly #mark: string;
  #printed = "";

  /** @param env has the mark: the variable FAULTS_MARK */
  constructor(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv) {
    this.#mark = `FAULTS_MARK=${env.FAULTS_MARK}`;
    // A group of its own, as a shell gives it.
    this.#process = spawn(
      process.execPath,
      [join(REPOSITORY, "bin", "central-trail.js"), ...args],
      { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] },
    );
    for (const stream of [this.#process.stdout!, this.#process.stderr!])
      stream.on("data", (piece) => (this.#printed += String(piece)));
  }

  /** What it printed. */
  get printed(): string {
    return this.#printed;
  }

  get isOver(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  /** Its exit code, or the signal that killed it; all that it started has ended too. */
  async end(): Promise<number | string> {
    while (!this.isOver || marked(this.#mark).length > 0) await sleep(100);
    return (this.#process.exitCode ?? this.#process.signalCode)!;
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** As a terminal does, and who kills a job. */
  killGroup(signal: NodeJS.Signals): void {
    if (!this.isOver) process.kill(-this.#process.pid!, signal);
  }

  closePipes(): void {
    this.#process.stdout!.destroy();
    this.#process.stderr!.destroy();
  }

  /** Kills all of its processes whose command line fits, once there is one. */
  async killWithin(command: RegExp): Promise<void> {
    for (;;) {
      const fitting = marked(this.#mark).filter(({ line }) => command.test(line));
      for (const { pid } of fitting) {
        try {
          process.kill(pid, "SIGKILL");
        } catch {
          // It was faster.
        }
      }
      if (fitting.length > 0 || this.isOver) return;
      await sleep(20);
    }
  }
}

function marked(mark: string): { readonly pid: number; readonly line: string }[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => read(`/proc/${pid}/environ`).split("\0").includes(mark))
    .map((pid) => ({
      pid: Number(pid),
      line: read(`/proc/${pid}/cmdline`).replaceAll("\0", " "),
    }));
}

/** A file's text; empty where it is gone, as a process's may be at any time. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
