import { resolve } from "node:path";
import { requireEnvironment } from "../../envs/load";
import { type StackRunOptions, runStacks } from "../run-stacks";
import { childEnvironment } from "../child-environment";
import { ExpectedError } from "../expected-error";
import { failureAdvice } from "../failure-advice";
import { environmentsFolder, PROJECT_FOLDER } from "../project";
import { awsProviderRequest, findProviderSource } from "../provider-source";
import { findTools } from "../requirements";
import { withRunFolder } from "../run-folder";
import type { StackVerb } from "../stack-order";
import { print, say } from "../terminal";

export interface DeployOptions extends Pick<
  StackRunOptions,
  "stacks" | "parallelism" | "terraformParallelism" | "autoApprove" | "signal"
> {
  readonly env: string;
}

/**
 * Deploys or destroys an environment with cdktf-cli. State stays where the environment says; cdktf's
 * output and Terraform's own data are in a folder of the run's own.
 *
 * @throws ExpectedError where a stack failed: which, what is done, what to run again
 */
export async function runEnvironment(
  verb: StackVerb,
  { env: name, ...options }: DeployOptions,
): Promise<void> {
  const environment = requireEnvironment(environmentsFolder(), name);
  const { terraform } = await findTools(["terraform"]);
  const provider = findProviderSource(
    awsProviderRequest(terraform.platform, environment.awsProviderVersion),
  );
  say(...provider.notes, provider.line);
  // Relative paths are meant from the user's working folder; the app runs in the project's.
  const base = { ...process.env, CENTRAL_TRAIL_ENVS_DIR: environmentsFolder() };
  const { CENTRAL_TRAIL_STATE_DIR } = process.env;
  const stateFolder = CENTRAL_TRAIL_STATE_DIR && resolve(CENTRAL_TRAIL_STATE_DIR);
  await withRunFolder(async (folder) => {
    const outcomes = await runStacks(verb, {
      ...options,
      project: PROJECT_FOLDER,
      output: folder.output,
      env: childEnvironment(base, { environment: name, folder, provider, stateFolder }),
      onLine: (stack, line) => print(`${stack}  ${line}`),
    });
    const command = (stacks: readonly string[], again = verb): string =>
      `npm run central-trail -- ${again} --env ${name} --stacks ${stacks.join(" ")}`;
    const advice = failureAdvice(outcomes, { environment: name, command });
    if (advice.length > 0) throw new ExpectedError(advice);
    // Who was asked may have said no to a stack; cdktf-cli does not tell.
    if (options.autoApprove) say(`${verb} of ${name}: ${outcomes.length} stacks done.`);
  });
}
