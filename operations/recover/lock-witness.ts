import { existsSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import {
  dataFolder,
  isRunning,
  lockingProcesses,
  rememberedRuns,
  type TerraformProcess,
} from "../run-records";
import { placeOf } from "./configuration";
import type { LockWitness } from "./lock";

/** What this machine knows of who may hold a state. */
export function lockWitness(state: string, terraformBinary?: string): LockWitness {
  return {
    hostname: hostname(),
    runs: rememberedRuns(),
    others: lockingProcesses(terraformBinary)
      .filter((one) => mayHold(one, state) && isRunning(one))
      .map(({ pid }) => pid),
  };
}

/**
 * Whether a Terraform may work on the state: not where it is seen to work on another. Terraform writes down
 * which backend it was initialized with, except for the one that it has without any, a local file.
 */
function mayHold(terraform: TerraformProcess, state: string): boolean {
  const folder = dataFolder(terraform);
  if (folder === undefined) return true;
  const file = join(folder, "terraform.tfstate");
  if (!existsSync(file)) return false;
  try {
    const { backend } = JSON.parse(readFileSync(file, "utf8")) as {
      backend: { type: string; config: { bucket?: string; key?: string } };
    };
    const { bucket = "", key = "" } = backend.config;
    return backend.type === "s3" && placeOf({ kind: "s3", bucket, key, region: "" }) === state;
  } catch {
    return true;
  }
}
