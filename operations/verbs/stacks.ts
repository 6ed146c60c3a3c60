import { stackNames } from "../../envs/stack-names";
import { type EnvironmentRun, withEnvironmentRun } from "../environment-run";
import { type AppAtRevision, appAtRevision, synthesizedApp } from "../plan/app-at-revision";
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
        ? (await synthesize({ ...run, output: run.folder.output, signal })).map((one) => one.name)
        : (await compareWithRevision(changedSince, run, signal)).changed;
    print(...(json ? [JSON.stringify({ environment: name, stacks: names })] : names));
  });
}

/**
 * The app at another revision, and the stacks that a deploy of the present version would change
 * against it.
 *
 * @throws ExpectedError as {@link appAtRevision}
 */
export async function compareWithRevision(
  revision: string,
  { environment, env, project, folder }: EnvironmentRun,
  signal: AbortSignal,
): Promise<{ readonly older: AppAtRevision; readonly changed: string[] }> {
  const app = { project, env, signal };
  const newer = synthesizedApp(await synthesize({ ...app, output: folder.output }));
  const older = await appAtRevision({
    ...app,
    ...{ revision, environment: environment.name, envsFolder: environmentsFolder() },
  });
  const changed = changedStacks(older.stacks, newer, {
    destination: stackNames.destination(environment),
    reads: stackReads(environment),
  });
  return { older, changed };
}
