import { resolve } from "node:path";
import type { Environment } from "../../envs/types";
import { childEnvironment } from "./child-environment";
import { environmentsFolder, projectEnvironment, projectFolder } from "../project";
import { awsProviderRequest, findProviderSource } from "./provider-source";
import { findTools } from "./requirements";
import { type RunFolder, withRunFolder } from "../runs/run-folder";
import { say } from "../terminal/terminal";

/** What Terraform and the app need to run for an environment. */
export interface EnvironmentRun {
  readonly environment: Environment;
  /** Goes when the run ends. */
  readonly folder: RunFolder;
  /** The folder of cdktf.json. */
  readonly project: string;
  /** The whole environment of the app and of Terraform. */
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Runs something with an environment's stacks as its user would deploy them: state stays where the
 * environment says; Terraform's CLI configuration and plugin cache are in a folder of the run's
 * own.
 *
 * @throws ExpectedError where Terraform is missing or there is no such environment
 */
export async function withEnvironmentRun<T>(
  name: string,
  run: (run: EnvironmentRun) => Promise<T>,
): Promise<T> {
  const environment = projectEnvironment(name);
  const { terraform } = await findTools(["terraform"]);
  const provider = findProviderSource(
    awsProviderRequest(terraform.platform, environment.awsProviderVersion),
  );
  say(...provider.notes, provider.line);
  // Relative paths are meant from the user's working folder; the app runs in the project's.
  const base = { ...process.env, CENTRAL_TRAIL_ENVS_DIR: environmentsFolder() };
  const { CENTRAL_TRAIL_STATE_DIR } = process.env;
  const stateFolder = CENTRAL_TRAIL_STATE_DIR && resolve(CENTRAL_TRAIL_STATE_DIR);
  return withRunFolder((folder) =>
    run({
      environment,
      folder,
      project: projectFolder(),
      env: childEnvironment(base, { environment: name, folder, provider, stateFolder }),
    }),
  );
}
