import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { sep } from "node:path";

/** A process, told from a later one that got the same ID. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in the system's own unit; 0 where that is not known. */
  readonly started: number;
}

/** Where process IDs mean the same. */
export interface ProcessSpace {
  /** The machine's name and its own ID. */
  readonly machine: string;
  /** Changes with each start of the machine; empty where it is not known. */
  readonly boot: string;
  /** Linux's namespace of process IDs, which each container has its own of; empty elsewhere. */
  readonly namespace: string;
}

/** This process. */
export function thisProcess(): ProcessIdentity {
  return { pid: process.pid, started: look(process.pid)?.started ?? 0 };
}

/** Where this process is. */
export function thisProcessSpace(): ProcessSpace {
  return {
    machine: `${hostname()} ${read("/etc/machine-id").trim()}`.trim(),
    boot: read("/proc/sys/kernel/random/boot_id").trim(),
    namespace: linkOf("/proc/self/ns/pid"),
  };
}

/**
 * Whether a process of this space still runs. One that ended and that nobody waits for does not.
 */
export function processRuns({ pid, started }: ProcessIdentity): boolean {
  const found = look(pid);
  if (found === undefined) return false;
  return !found.ended && (found.started === 0 || started === 0 || found.started === started);
}

/**
 * Whether any process of this user works in a folder: stands in it, or has its temporary folder
 * there. Undefined where the system does not tell.
 */
export function folderInUse(folder: string): boolean | undefined {
  const pids = names("/proc").filter((name) => /^\d+$/.test(name));
  if (pids.length === 0) return undefined;
  return pids.some((pid) => {
    const inside = (path: string): boolean => `${path}${sep}`.startsWith(`${folder}${sep}`);
    if (inside(linkOf(`/proc/${pid}/cwd`))) return true;
    const environment = read(`/proc/${pid}/environ`).split("\0");
    return environment.some((one) => one.startsWith("TMPDIR=") && inside(one.slice(7)));
  });
}

function look(pid: number): { readonly started: number; readonly ended: boolean } | undefined {
  const stat = read(`/proc/${pid}/stat`);
  // Behind the command's name, which may hold anything: the state, and the start as the 20th.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (stat !== "") return { started: Number(fields[19]), ended: "ZXx".includes(fields[0]!) };
  return signalled(pid) ? { started: startByPs(pid), ended: false } : undefined;
}

function signalled(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function startByPs(pid: number): number {
  try {
    const text = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], {
      encoding: "utf8",
      env: { LC_ALL: "C", TZ: "UTC" },
      stdio: ["ignore", "pipe", "ignore"],
    });
    return Math.floor(Date.parse(text) / 1000) || 0;
  } catch {
    return 0;
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function linkOf(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return "";
  }
}

function names(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
