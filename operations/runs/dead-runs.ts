import { lstatSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { folderInUse } from "../../processes/process-identity";
import { holdsErroredState, rescueErroredStates } from "./errored-state";
import { ownerIsDead, ownerOf, ownNamePrefix, type RunOwner } from "./run-owner";
import { say } from "../terminal/terminal";

/**
 * Removes what killed runs of this user left in the folder for temporary files. A state that
 * Terraform could not write is brought out first: to the working folder of that run, or to this
 * one. It fails nobody's run: what can't be removed is said.
 */
export function removeDeadRuns(parent: string): void {
  let names: readonly string[];
  try {
    names = readdirSync(parent);
  } catch {
    // Who wants a folder there will learn of it.
    return;
  }
  for (const name of names) {
    const folder = join(parent, name);
    try {
      const owner = ownerOf(folder);
      if (owner !== undefined) removeIfDead(folder, owner, parent);
    } catch (error) {
      // Another run was faster.
      if ((error as NodeJS.ErrnoException).code === "ENOENT") continue;
      say(`${folder} of an earlier run could not be removed: ${(error as Error).message}`);
    }
  }
}

function removeIfDead(folder: string, owner: RunOwner, parent: string): void {
  const dead = ownerIsDead(owner);
  if (dead === false) return;
  if (dead === undefined) {
    if (holdsErroredState(folder))
      say(
        `${folder} holds a state that Terraform could not write. Its run is of another machine or container, so it is left alone:`,
        "where that run has ended, bring the errored.tfstate away and remove the folder.",
      );
    return;
  }
  if (owner.record === undefined ? isYoung(folder, MINUTE) : stillWorks(folder)) return;
  const taken = join(parent, `${ownNamePrefix()}${owner.suffix}`);
  renameSync(folder, taken);
  if (rescueErroredStates(taken, owner.record?.workingFolder).length > 0) return;
  rmSync(taken, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

/** Whether what the dead run started may still save its state. */
function stillWorks(folder: string): boolean {
  const inUse = folderInUse(folder) ?? isYoung(folder, HOUR);
  if (inUse)
    say(
      `${folder} is of a run that was killed, and Terraform still works in it. A later run removes it.`,
    );
  return inUse;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function isYoung(folder: string, ageMs: number): boolean {
  return Date.now() - lstatSync(folder).mtimeMs < ageMs;
}
