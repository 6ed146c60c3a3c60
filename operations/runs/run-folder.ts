import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeDeadRuns } from "./dead-runs";
import { rescueErroredStates } from "./errored-state";
import { ExpectedError } from "../expected-error";
import { ownerOnly } from "./owner-only";
import { ownNamePrefix, writeOwner } from "./run-owner";
import { say } from "../terminal/terminal";
import { OUTPUT_FOLDER } from "../terraform/cdktf-files";

/**
 * A temporary folder of one run, readable by this user only. Nothing in it is read by another run,
 * so several can go on at once. One that was killed leaves its folder, and the next one removes it.
 */
export interface RunFolder {
  readonly path: string;
  /** cdktf's output; Terraform's own data (`.terraform/`) stands in it, one for each stack. */
  readonly output: string;
  /** Local Terraform state, for runs against a local AWS. */
  readonly state: string;
  /** Terraform's CLI configuration. */
  readonly cliConfig: string;
  /** Terraform's plugin cache. */
  readonly pluginCache: string;
  /** An empty file, in place of the user's AWS configuration. */
  readonly emptyAwsConfig: string;
}

/** Runs something in a folder of its own and removes the folder, however it ends. */
export async function withRunFolder<T>(run: (folder: RunFolder) => Promise<T>): Promise<T> {
  const folder = createRunFolder();
  try {
    return await run(folder);
  } finally {
    await removeRunFolder(folder);
  }
}

/**
 * For who must decide later whether the folder stays; else {@link withRunFolder}. It removes the
 * folders of earlier runs that were killed.
 *
 * @throws ExpectedError where the system's folder for temporary files takes no more
 */
export function createRunFolder(): RunFolder {
  const parent = tmpdir();
  removeDeadRuns(parent);
  return ownerOnly(() => {
    let path: string | undefined;
    try {
      path = mkdtempSync(join(parent, ownNamePrefix()));
      writeOwner(path);
      const folder: RunFolder = {
        path,
        output: join(path, OUTPUT_FOLDER),
        state: join(path, "state"),
        cliConfig: join(path, "terraform.tfrc"),
        pluginCache: join(path, "plugin-cache"),
        emptyAwsConfig: join(path, "aws-config"),
      };
      mkdirSync(folder.state);
      // Terraform refuses a cache folder that is not there.
      mkdirSync(folder.pluginCache);
      writeFileSync(folder.emptyAwsConfig, "");
      return folder;
    } catch (error) {
      if (path !== undefined) rmSync(path, { recursive: true, force: true });
      throw new ExpectedError([
        `No temporary folder can be made in ${parent}: ${(error as Error).message}`,
        "Make room there, or name another folder in TMPDIR.",
      ]);
    }
  });
}

/** Removes the folder, but for one that holds a state which could be kept nowhere else. */
export async function removeRunFolder({ path }: RunFolder): Promise<void> {
  try {
    if (rescueErroredStates(path).length > 0) return;
    // A process that is just ending may still write; rm then finds a folder not empty.
    await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    // How the run went is more than that.
    say(`The temporary folder ${path} could not be removed: ${(error as Error).message}`);
  }
}
