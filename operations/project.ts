import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type LoadOptions, requireEnvironment } from "../envs/load";
import type { Environment } from "../envs/types";
import { ExpectedError } from "./expected-error";
import { PROJECT_FILE } from "./terraform/cdktf-files";

/**
 * The folder of cdktf.json: the working folder or the nearest one above it that has one, else this
 * repository, so that its command runs from anywhere.
 *
 * @throws ExpectedError where there is none
 */
export function projectFolder(): string {
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    if (existsSync(join(folder, PROJECT_FILE))) return folder;
    if (folder === dirname(folder)) break;
  }
  const own = resolve(__dirname, "..");
  if (existsSync(join(own, PROJECT_FILE))) return own;
  throw new ExpectedError([
    `There is no ${PROJECT_FILE} in ${process.cwd()} nor above it; write an app with: npx central-trail init`,
  ]);
}

/** One YAML file for each environment; main.ts knows the same variable. */
export function environmentsFolder(): string {
  return resolve(process.env.CENTRAL_TRAIL_ENVS_DIR || join(projectFolder(), "envs"));
}

/** What whoever runs the command says of environment files; main.ts knows the same variable. */
export function loadOptions(): LoadOptions {
  return { endpointHosts: process.env.CENTRAL_TRAIL_ENDPOINT_HOSTS };
}

/**
 * The project's environment of this name.
 *
 * @throws EnvironmentError with all that is wrong with it
 */
export function projectEnvironment(name: string): Environment {
  return requireEnvironment(environmentsFolder(), name, loadOptions());
}
