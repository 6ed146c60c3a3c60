import { join } from "node:path";
import { stackNames } from "../../envs/stack-names";
import { type EnvironmentRun, withEnvironmentRun } from "../terraform/environment-run";
import { type AppAtRevision, appAtRevision, synthesizedApp } from "../plan/app-at-revision";
import { changedStacks } from "../plan/changed-stacks";
import { stackReads } from "../plan/stack-reads";
import { environmentsFolder } from "../project";
import { synthesize, type SynthesizedStack } from "../terraform/synthesis";
import { print } from "../terminal/terminal";

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
    const manifest = await synthesize({ ...run, output: run.folder.output, signal });
    const names =
      changedSince === undefined
        ? manifest.map((one) => one.name)
        : (await compareWithRevision(changedSince, run, manifest, signal)).changed;
    print(...(json ? [JSON.stringify({ environment: name, stacks: names })] : names));
  });
}

/**
 * The app at another revision, and the stacks that a deploy of the present version would change
 * against it.
 *
 * @param manifest the stacks of the present version
 * @throws ExpectedError as {@link appAtRevision}
 */
export async function compareWithRevision(
  revision: string,
  { environment, env, project, folder }: EnvironmentRun,
  manifest: readonly SynthesizedStack[],
  signal: AbortSignal,
): Promise<{ readonly older: AppAtRevision; readonly changed: string[] }> {
  const older = await appAtRevision({
    ...{
      project,
      env,
      signal,
      revision,
      environment: environment.name,
      envsFolder: environmentsFolder(),
      worktree: join(folder.path, "revision"),
    },
  });
  const changed = changedStacks(older.stacks, synthesizedApp(manifest), {
    destination: stackNames.destination(environment),
    reads: stackReads(environment),
  });
  return { older, changed };
}
