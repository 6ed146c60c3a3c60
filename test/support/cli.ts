import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { REPOSITORY } from "./repository";

/** How a run of the command went. */
export interface CliResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `central-trail` with the project's own environments, whatever is set outside. */
export function centralTrail(...args: string[]): CliResult {
  return centralTrailOf(undefined, ...args);
}

/** Runs `central-trail` with the environments of a folder. */
export function centralTrailOf(folder: string | undefined, ...args: string[]): CliResult {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(REPOSITORY, "bin", "central-trail.js"), ...args],
    {
      env: { ...process.env, CENTRAL_TRAIL_ENV: undefined, CENTRAL_TRAIL_ENVS_DIR: folder },
      encoding: "utf8",
    },
  );
  return { status, stdout, stderr };
}
