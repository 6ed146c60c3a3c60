import { join, resolve } from "node:path";

/** The folder of cdktf.json and main.ts. */
export const PROJECT_FOLDER = resolve(__dirname, "..");

/** One YAML file for each environment; main.ts knows the same variable. */
export function environmentsFolder(): string {
  return resolve(process.env.CENTRAL_TRAIL_ENVS_DIR || join(PROJECT_FOLDER, "envs"));
}
