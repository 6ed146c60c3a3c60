import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Terraform's lock file: the version and the hashes of each provider. An app has one for all of its
 * stacks, beside cdktf.json.
 *
 * @see https://developer.hashicorp.com/terraform/language/files/dependency-lock
 */
export const PROVIDER_LOCK = ".terraform.lock.hcl";

/**
 * Copies the app's lock file, where it has one, to each stack that was written, since Terraform
 * looks for it in the folder that it runs in.
 *
 * @param project the folder of cdktf.json
 * @param output cdktf's output folder
 */
export function copyProviderLock(project: string, output: string): void {
  const lock = join(project, PROVIDER_LOCK);
  if (!existsSync(lock)) return;
  const content = readFileSync(lock);
  const stacks = join(output, "stacks");
  for (const stack of readdirSync(stacks)) {
    const copy = join(stacks, stack, PROVIDER_LOCK);
    // A copy that kept the mode of a file nobody may write could not be written again.
    rmSync(copy, { force: true });
    writeFileSync(copy, content);
  }
}
