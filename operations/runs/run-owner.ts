import { lstatSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, sep } from "node:path";
import { z } from "zod";
import {
  type ProcessIdentity,
  processRuns,
  thisProcess,
  thisProcessSpace,
} from "../../processes/process-identity";

/**
 * Whose a run's folder is. The process is in the folder's name, so that no folder is ever without
 * it, and so that one rename takes over what a dead process left, for one taker only.
 */
export interface RunOwner {
  readonly process: ProcessIdentity;
  /** The end of the folder's name. */
  readonly suffix: string;
  /** @default - the process was killed before it wrote it; nothing else is in the folder then */
  readonly record?: OwnerRecord;
}

const ownerRecord = z.object({
  version: z.literal(1),
  space: z.object({ machine: z.string(), boot: z.string(), namespace: z.string() }),
  /** The user's, where they ran the command. */
  workingFolder: z.string(),
});

export type OwnerRecord = z.output<typeof ownerRecord>;

const RECORD = "run.json";
const NAME = /^central-trail-run-([0-9a-z]{1,8})-([0-9a-z]{1,12})-([A-Za-z0-9]{6})$/;

/**
 * How the names of this process's folders begin. Short: Terraform's providers make sockets in the
 * folder, and macOS takes 103 characters for their whole path.
 */
export function ownNamePrefix(): string {
  const { pid, started } = thisProcess();
  return `central-trail-run-${pid.toString(36)}-${started.toString(36)}-`;
}

/** Whether a path leads through a run's folder, of whatever run, there or not. */
export function isInRunFolder(path: string): boolean {
  return path.split(sep).some((name) => NAME.test(name));
}

/** Writes what the name does not hold. */
export function writeOwner(folder: string): void {
  const record: OwnerRecord = {
    version: 1,
    space: thisProcessSpace(),
    workingFolder: process.cwd(),
  };
  writeFileSync(join(folder, RECORD), JSON.stringify(record));
}

/** Whose a folder is; undefined where it is not a run's of this user. Links are never followed. */
export function ownerOf(folder: string): RunOwner | undefined {
  const [, pid, started, suffix] = NAME.exec(basename(folder)) ?? [];
  if (suffix === undefined) return undefined;
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== process.getuid?.() || (found.mode & 0o077) !== 0)
    return undefined;
  const owner = { process: { pid: parseInt(pid!, 36), started: parseInt(started!, 36) }, suffix };
  const names = readdirSync(folder);
  if (names.length === 0) return owner;
  const file = join(folder, RECORD);
  if (!names.includes(RECORD) || !lstatSync(file).isFile()) return undefined;
  const text = readFileSync(file, "utf8");
  if (text === "") return names.length === 1 ? owner : undefined;
  try {
    return { ...owner, record: ownerRecord.parse(JSON.parse(text)) };
  } catch {
    return undefined;
  }
}

/** Whether the process of a folder has ended; undefined where that can't be known from here. */
export function ownerIsDead({ process: owner, record }: RunOwner): boolean | undefined {
  if (processRuns(owner)) return false;
  if (record === undefined) return true;
  const here = thisProcessSpace();
  if (record.space.machine !== here.machine) return undefined;
  // No process outlives the machine's next start.
  if (record.space.boot !== here.boot) return true;
  return record.space.namespace === here.namespace ? true : undefined;
}
