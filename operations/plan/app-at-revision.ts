import { execFile } from "node:child_process";
import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { isAbsolute, join, relative } from "node:path";
import { isDeepStrictEqual, promisify } from "node:util";
import { loadEnvironment } from "../../envs/load";
import type { Environment } from "../../envs/types";
import { ExpectedError } from "../expected-error";
import { loadOptions } from "../project";
import { isInRunFolder } from "../runs/run-owner";
import { NOTHING_TO_LOSE, runProcess } from "../runs/run-process";
import { OUTPUT_FOLDER, STACK_FILE } from "../terraform/cdktf-files";
import { type AppOptions, synthesize, type SynthesizedStack } from "../terraform/synthesis";
import type { SynthesizedApp } from "./changed-stacks";

/** What the app was. */
export interface AppAtRevision {
  /** Its stacks; none where the environment was not there yet. */
  readonly stacks: SynthesizedApp;
  /** @default - it was not there yet, or is none by the rules of now */
  readonly environment?: Environment;
}

/** The app at another revision. */
export interface RevisionOptions extends Omit<AppOptions, "output"> {
  /** What git calls it: a branch, a tag, a commit. */
  readonly revision: string;
  /** The folder of environment files. */
  readonly envsFolder: string;
  readonly environment: string;
  /** The folder to be made for the app as it was: in the run's own, which goes with the run. */
  readonly worktree: string;
}

/**
 * Synthesizes the app as it was at a revision, in a git worktree of its own that goes afterwards,
 * with the packages of its own lock file: those that are installed where the lock files are equal,
 * else `npm ci`.
 *
 * @throws ExpectedError where git knows no such revision, the environment files are outside of the
 *   repository, its packages can't be installed, or the app refuses its environment
 */
export async function appAtRevision(options: RevisionOptions): Promise<AppAtRevision> {
  const { revision, project, envsFolder, environment, env, signal, worktree } = options;
  const root = (await git(project, "rev-parse", "--show-toplevel")).trim();
  const commit = await git(
    project,
    "rev-parse",
    "--verify",
    "--end-of-options",
    `${revision}^{commit}`,
  );
  const envs = within(root, envsFolder);
  await forgetDeadWorktrees(project);
  try {
    await git(project, "worktree", "add", "--detach", worktree, commit.trim());
    if (!existsSync(join(worktree, envs, `${environment}.yaml`))) return { stacks: new Map() };
    const then = join(worktree, within(root, project));
    await installPackages(project, then, { env, signal });
    const output = join(worktree, OUTPUT_FOLDER);
    const stacks = await synthesize({
      project: then,
      output,
      signal,
      env: { ...env, CENTRAL_TRAIL_ENVS_DIR: join(worktree, envs) },
    });
    return {
      stacks: synthesizedApp(stacks),
      environment: loadEnvironment(join(worktree, envs), environment, loadOptions()).environment,
    };
  } finally {
    await git(project, "worktree", "remove", "--force", worktree).catch(() => undefined);
  }
}

/**
 * A killed run's folder is removed by the next run, which knows no repository; git still lists its
 * worktree.
 */
async function forgetDeadWorktrees(project: string): Promise<void> {
  const listed = await git(project, "worktree", "list", "--porcelain");
  for (const [, worktree = ""] of listed.matchAll(/^worktree (.*)$/gm)) {
    if (!isInRunFolder(worktree) || existsSync(worktree)) continue;
    await git(project, "worktree", "remove", "--force", worktree).catch(() => undefined);
  }
}

/** The JSON of stacks that were written. */
export function synthesizedApp(stacks: readonly SynthesizedStack[]): SynthesizedApp {
  return new Map(
    stacks.map(({ name, folder }) => [
      name,
      JSON.parse(readFileSync(join(folder, STACK_FILE), "utf8")) as unknown,
    ]),
  );
}

function within(root: string, folder: string): string {
  const path = relative(root, folder);
  if (path.startsWith("..") || isAbsolute(path))
    throw new ExpectedError([
      `${folder} is outside of the repository ${root}, so git knows no earlier version of it.`,
    ]);
  return path;
}

async function installPackages(
  now: string,
  then: string,
  { env, signal }: Pick<AppOptions, "env" | "signal">,
): Promise<void> {
  if (isDeepStrictEqual(lockedPackages(now), lockedPackages(then))) {
    symlinkSync(join(now, "node_modules"), join(then, "node_modules"));
    return;
  }
  // Without install scripts: in a pipeline this runs beside a role's credentials.
  const install = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
  const { code, stderr } = await runProcess("npm", install, {
    cwd: then,
    env,
    signal,
    graceMs: NOTHING_TO_LOSE,
  });
  if (code !== 0)
    throw new ExpectedError([
      "The revision's packages are not those that are installed, and `npm ci` could not get them:",
      ...stderr.trim().split("\n").slice(-3),
    ]);
}

/** Any of them says which packages an app has. */
const LOCK_FILES = ["package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml"];

/** The lock files' texts; of an app that keeps none of its own, package.json's. */
function lockedPackages(folder: string): Record<string, string> {
  const texts = (names: readonly string[]): Record<string, string> =>
    Object.fromEntries(
      names
        .filter((name) => existsSync(join(folder, name)))
        .map((name) => [name, readFileSync(join(folder, name), "utf8")]),
    );
  const locks = texts(LOCK_FILES);
  return Object.keys(locks).length > 0 ? locks : texts(["package.json"]);
}

/** @throws ExpectedError with what git says */
async function git(cwd: string, ...args: string[]): Promise<string> {
  try {
    return (await promisify(execFile)("git", args, { cwd })).stdout;
  } catch (error) {
    const { stderr = "", message } = error as Error & { stderr?: string };
    throw new ExpectedError([`git ${args[0]}: ${stderr.trim() || message}`]);
  }
}
