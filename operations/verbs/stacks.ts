import { stackNames } from "../../envs/stack-names";
import { type EnvironmentRun, withEnvironmentRun } from "../environment-run";
import { synthesizeAtRevision, synthesizedApp } from "../plan/app-at-revision";
import { changedStacks } from "../plan/changed-stacks";
import { stackReads } from "../plan/stack-reads";
import { environmentsFolder } from "../project";
import { synthesize } from "../synthesis";
import { print } from "../terminal";

export interface StacksOptions {
  readonly env: string;
  /**
   * A branch, a tag or a commit.
   * @default - all stacks
   */
  readonly changedSince?: string;
  readonly json: boolean;
  readonly signal: AbortSignal;
}

/** Prints the names of an environment's stacks, destination first, as `cdktf deploy` takes them. */
export async function stacks({
  env: name,
  changedSince,
  json,
  signal,
}: StacksOptions): Promise<void> {
  await withEnvironmentRun(name, async (run) => {
    const names =
      changedSince === undefined
        ? (await synthesize({ ...run, output: run.folder.output, signal })).map(
            (stack) => stack.name,
          )
        : await stacksChangedSince(changedSince, run, signal);
    print(...(json ? [JSON.stringify({ environment: name, stacks: names })] : names));
  });
}

/**
 * The stacks that a deploy of the present version would change, against that of another revision.
 *
 * @throws ExpectedError as `synthesizeAtRevision`
 */
export async function stacksChangedSince(
  revision: string,
  { environment, env, project, folder }: EnvironmentRun,
  signal: AbortSignal,
): Promise<string[]> {
  const app = { project, env, signal };
  const newer = synthesizedApp(await synthesize({ ...app, output: folder.output }));
  const older = await synthesizeAtRevision({
    ...app,
    ...{ revision, environment: environment.name, envsFolder: environmentsFolder() },
  });
  return changedStacks(older, newer, {
    destination: stackNames.destination(environment),
    reads: stackReads(environment),
  });
}
