import { randomUUID } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { basename, join } from "node:path";

/**
 * A Terraform run that this program started. Terraform's lock names a host and no process, so what
 * is remembered here is all that can tell, after everything was killed, that whoever took a lock is
 * dead.
 */
export interface RunRecord {
  /** The state's place. */
  readonly state: string;
  /** The folder that Terraform works in, and nothing else does. */
  readonly folder: string;
  /** Milliseconds since 1970. */
  readonly started: number;
  /** What "running" can be asked of: this start of this machine, and this view of its processes. */
  readonly processes?: string;
}

/** A run as it is remembered, and what can be seen of it now. */
export interface RememberedRun extends RunRecord {
  readonly file: string;
  /** Until when it was seen to live, milliseconds since 1970. */
  readonly seen: number;
  /** Whether anything of it runs; undefined where that cannot be known from here. */
  readonly isAlive: boolean | undefined;
}

const HEARTBEAT_MS = 5000;

/**
 * Ends a record. What was killed stays remembered; what succeeded had the lock, so that no earlier
 * run can hold it any more.
 */
export type EndRecord = (how: "succeeded" | "failed" | "killed") => void;

/**
 * Remembers a run while it goes on. Where nothing can be written, nothing is remembered, and a lock
 * that stays is a matter for people.
 */
export function recordRun(run: Pick<RunRecord, "state" | "folder">): EndRecord {
  const file = join(recordsFolder(), `${randomUUID()}.json`);
  const record: RunRecord = { ...run, started: Date.now(), processes: viewOfProcesses() };
  try {
    mkdirSync(recordsFolder(), { recursive: true, mode: 0o700 });
    writeFileSync(file, JSON.stringify(record), { mode: 0o600 });
  } catch {
    return () => undefined;
  }
  const timer = setInterval(() => touch(file), HEARTBEAT_MS).unref();
  return (how) => {
    clearInterval(timer);
    touch(file);
    if (how === "killed") return;
    forgetRuns(
      rememberedRuns().filter(
        (other) =>
          other.file === file ||
          (how === "succeeded" && other.state === run.state && other.isAlive === false),
      ),
    );
  };
}

/** What this machine remembers, whoever's of this user's runs it was. */
export function rememberedRuns(): readonly RememberedRun[] {
  const folder = recordsFolder();
  if (!existsSync(folder)) return [];
  const view = viewOfProcesses();
  const running = workingFolders();
  return readdirSync(folder).flatMap((name) => {
    const file = join(folder, name);
    try {
      const record = JSON.parse(readFileSync(file, "utf8")) as RunRecord;
      const isAlive =
        view !== undefined && record.processes === view
          ? running.some(({ cwd }) => cwd !== undefined && isWithin(cwd, record.folder))
          : undefined;
      return [{ ...record, file, seen: statSync(file).mtimeMs, isAlive }];
    } catch {
      // Gone meanwhile, or half written.
      return [];
    }
  });
}

export function forgetRuns(runs: readonly RememberedRun[]): void {
  for (const { file } of runs) rmSync(file, { force: true });
}

/** A process that may be Terraform's. */
export interface TerraformProcess {
  readonly pid: number;
  /** @default - it is another user's */
  readonly cwd?: string;
}

/** The environment of a process; undefined where that can't be seen. */
export function environmentOf({ pid }: TerraformProcess): NodeJS.ProcessEnv | undefined {
  try {
    const variables = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
    return Object.fromEntries(
      variables.map((variable) => {
        const [name = "", ...value] = variable.split("=");
        return [name, value.join("=")];
      }),
    );
  } catch {
    return undefined;
  }
}

/** Whether there is still such a process. */
export function isRunning({ pid }: TerraformProcess): boolean {
  return existsSync(`/proc/${pid}`);
}

/** Terraform's commands that take no lock. */
const LOCKLESS =
  /^(init|version|show|providers|validate|fmt|output|graph|get|metadata|login|logout|test)$/;

/** Every Terraform on this machine that may lock a state, as far as it can be seen. */
export function lockingProcesses(binary = "terraform"): readonly TerraformProcess[] {
  const name = basename(binary).slice(0, 15);
  return workingFolders()
    .filter(({ command }) => command === "terraform" || command === name)
    .filter(({ pid, command }) => !LOCKLESS.test(subcommand(pid, command)));
}

/** The first word after the command that is not an option. */
function subcommand(pid: number, command: string): string {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    const program = words.findIndex((word) => basename(word).slice(0, 15) === command);
    return words.slice(program + 1).find((word) => !word.startsWith("-")) ?? "";
  } catch {
    return "";
  }
}

function workingFolders(): readonly (TerraformProcess & { readonly command: string })[] {
  if (!existsSync("/proc/self/cwd")) return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const command = readFileSync(`/proc/${name}/comm`, "utf8").trim();
        return [{ pid: Number(name), command, cwd: workingFolder(name) }];
      } catch {
        return [];
      }
    });
}

function workingFolder(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`).replace(/ \(deleted\)$/, "");
  } catch {
    return undefined;
  }
}

/** Undefined where processes cannot be looked at. */
function viewOfProcesses(): string | undefined {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return undefined;
  }
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function touch(file: string): void {
  try {
    const now = new Date();
    utimesSync(file, now, now);
  } catch {
    // Somebody took it away; it is a help and no more.
  }
}

/** Of this user on this machine; not in the temporary folders, which are cleaned up. */
function recordsFolder(): string {
  const base = process.env.XDG_STATE_HOME || join(homedir(), ".local", "state");
  return join(base, "central-trail", "runs");
}
