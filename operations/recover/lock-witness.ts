import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { rememberedRuns, lockingProcesses } from "../run-records";
import { placeOf } from "./configuration";
import type { LockWitness } from "./lock";

/** What this machine knows of who may hold a state. */
export function lockWitness(state: string, terraformBinary?: string): LockWitness {
  return {
    hostname: hostname(),
    runs: rememberedRuns(),
    others: lockingProcesses(terraformBinary)
      .filter(({ cwd }) => mayHold(cwd, state))
      .map(({ pid }) => pid),
  };
}

/** Whether a Terraform in that folder may work on the state: unless the folder says that it works on another. */
function mayHold(folder: string | undefined, state: string): boolean {
  if (folder === undefined) return true;
  try {
    const { backend } = JSON.parse(
      readFileSync(join(folder, ".terraform", "terraform.tfstate"), "utf8"),
    ) as { backend: { type: string; config: { bucket?: string; key?: string } } };
    const { bucket = "", key = "" } = backend.config;
    return backend.type === "s3" && placeOf({ kind: "s3", bucket, key, region: "" }) === state;
  } catch {
    // Not initialized yet, or initialized elsewhere.
    return true;
  }
}
