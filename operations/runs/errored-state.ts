import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  rmSync,
  unlinkSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { ownerOnly } from "./owner-only";
import { say } from "../terminal/terminal";

/**
 * Terraform leaves the state here, in its working folder, where it could not write it to the
 * backend.
 */
export const ERRORED_STATE = "errored.tfstate";

/**
 * Brings the state that Terraform could not write to the user's working folder, since its own
 * folder may go with the run. Where that can't be done it stays where it is, and who removes the
 * folder tries again: {@link rescueErroredStates}.
 */
export function keepErroredState({ name, folder }: { name: string; folder: string }): void {
  const left = join(folder, ERRORED_STATE);
  if (existsSync(left)) rescue(left, name, [here()]);
}

/** The name of a kept state: whose it is, when it was kept, and which of that moment it is. */
function keptName(stack: string, time: number, again: number): string {
  return `${keptPrefix(stack)}${time}${again === 0 ? "" : `-${again}`}.tfstate`;
}

function keptPrefix(stack: string): string {
  return `errored.${stack}.`;
}

/** The states of a stack that {@link keepErroredState} has kept in a folder, by their paths. */
export function keptStateFiles(stack: string, folder: string): string[] {
  const prefix = keptPrefix(stack);
  return readdirSync(folder)
    .filter(
      (name) => name.startsWith(prefix) && /^\d+(-\d+)?\.tfstate$/.test(name.slice(prefix.length)),
    )
    .map((name) => join(folder, name));
}

/**
 * Brings all such states out of a folder that is about to go.
 *
 * @param ofThatTime the working folder of the run that left them; the present one is the next
 *   choice
 * @returns the files that could not be brought out: the folder must stay
 */
export function rescueErroredStates(folder: string, ofThatTime?: string): readonly string[] {
  return find(folder).filter(
    (left) => !rescue(left, basename(dirname(left)), [ofThatTime, here()]),
  );
}

/** Whether a folder holds a state that is nowhere else. */
export function holdsErroredState(folder: string): boolean {
  return find(folder).length > 0;
}

function rescue(left: string, name: string, targets: readonly (string | undefined)[]): boolean {
  const problems: string[] = [];
  for (const target of new Set(targets)) {
    if (target === undefined) continue;
    try {
      const kept = move(left, target, name);
      say(
        `${name}: Terraform could not write the state. What it knows of this run is in ${kept}: push it`,
        "before the next run (docs/how-to/recover-from-a-failed-deploy.md), and delete it then.",
      );
      return true;
    } catch (error) {
      problems.push(`${target}: ${(error as Error).message}`);
    }
  }
  say(
    `${name}: Terraform could not write the state. What it knows of this run is in ${left}: push it`,
    "before the next run (docs/how-to/recover-from-a-failed-deploy.md). It stays there, since it could not be brought",
    ...(problems.length > 0
      ? problems.map((problem) => `to ${problem}`)
      : ["to a working folder."]),
  );
  return false;
}

/** Nothing is overwritten, and the file is always whole in one of the two places. */
function move(file: string, folder: string, stack: string): string {
  const now = Date.now();
  for (let again = 0; ; again++) {
    const kept = join(folder, keptName(stack, now, again));
    try {
      place(file, kept);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") continue;
      throw error;
    }
    unlinkSync(file);
    return kept;
  }
}

function place(file: string, kept: string): void {
  try {
    // A full disk still takes a second name of a file that is on it.
    linkSync(file, kept);
    chmodSync(kept, 0o600);
    return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") throw error;
  }
  // Made first, so that what is taken away where the copy fails is known to be ours.
  closeSync(ownerOnly(() => openSync(kept, "wx", 0o600)));
  try {
    copyFileSync(file, kept, constants.COPYFILE_FICLONE);
    chmodSync(kept, 0o600);
    const open = openSync(kept, "r+");
    fsyncSync(open);
    closeSync(open);
  } catch (error) {
    rmSync(kept, { force: true });
    throw error;
  }
}

/** What holds no state of ours, and much else. */
const PASSED_BY = [".terraform", "node_modules", ".git"];

function find(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isFile()) return entry.name === ERRORED_STATE ? [path] : [];
    return entry.isDirectory() && !PASSED_BY.includes(entry.name) ? find(path) : [];
  });
}

function here(): string | undefined {
  try {
    return process.cwd();
  } catch {
    // It was removed meanwhile.
    return undefined;
  }
}
