import { join } from "node:path";
import { stackNames } from "../../envs/stack-names";
import { environmentsFolder } from "../project";
import type { EnvironmentRun } from "../terraform/environment-run";
import type { SynthesizedStack } from "../terraform/synthesis";
import { type AppAtRevision, appAtRevision, synthesizedApp } from "./app-at-revision";
import { changedStacks } from "./changed-stacks";
import { stackReads } from "./stack-reads";

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
    project,
    env,
    signal,
    revision,
    environment: environment.name,
    envsFolder: environmentsFolder(),
    worktree: join(folder.path, "revision"),
  });
  const changed = changedStacks(older.stacks, synthesizedApp(manifest), {
    destination: stackNames.destination(environment),
    reads: stackReads(environment),
  });
  return { older, changed };
}
