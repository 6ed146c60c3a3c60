import { existsSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { resolve } from "node:path";
import {
  environmentOf,
  isRunning,
  lockingProcesses,
  rememberedRuns,
  type TerraformProcess,
} from "../runs/run-records";
import { type Blocks, stateId, stateLocation } from "./configuration";
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
 * Whether a Terraform may work on the state: not where it is seen to work on another. Terraform
 * writes down which backend it was initialized with, except for the one that it has without any, a
 * local file.
 */
function mayHold(terraform: TerraformProcess, state: string): boolean {
  const { cwd } = terraform;
  const env = environmentOf(terraform);
  // A folder that was taken away under its process says nothing.
  if (cwd === undefined || env === undefined || !existsSync(cwd)) return true;
  const file = resolve(cwd, env.TF_DATA_DIR || ".terraform", "terraform.tfstate");
  if (!existsSync(file)) return false;
  try {
    const { backend } = JSON.parse(readFileSync(file, "utf8")) as {
      backend: { type: string; config: Blocks[string] };
    };
    const location = { [backend.type]: backend.config };
    return backend.type === "s3" && stateId(stateLocation(location), env) === state;
  } catch {
    return true;
  }
}
