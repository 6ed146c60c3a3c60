import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * A temporary folder of one run, readable by this user only. Nothing in it is read by another run,
 * so several can go on at once and a killed one leaves nothing that the next one reads.
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

/** For who must decide later whether the folder stays; else {@link withRunFolder}. */
export function createRunFolder(): RunFolder {
  const path = mkdtempSync(join(tmpdir(), "central-trail-"));
  const folder: RunFolder = {
    path,
    output: join(path, "cdktf.out"),
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
}

export async function removeRunFolder(folder: RunFolder): Promise<void> {
  // A process that is just ending may still write; rm then finds a folder not empty.
  await rm(folder.path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
