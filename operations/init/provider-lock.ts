import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PROVIDER_LOCK } from "../../envs/provider-lock";
import { awsProviderRequest } from "../terraform/provider-source";
import type { NewFile } from "./write-files";

/**
 * The app's lock file of providers: this repository's own. None where the app has one, which may
 * hold hashes of more platforms, or where it has bindings of another provider version, whose hashes
 * nobody here knows.
 *
 * @param version of the AWS provider that the app's bindings were generated from
 */
export function providerLockFiles(
  folder: string,
  version = awsProviderRequest("").constraint,
): NewFile[] {
  const text = readFileSync(join(__dirname, "..", "..", PROVIDER_LOCK), "utf8");
  if (existsSync(join(folder, PROVIDER_LOCK))) return [];
  return text.includes(`\n  version     = "${version}"\n`) ? [{ path: PROVIDER_LOCK, text }] : [];
}
