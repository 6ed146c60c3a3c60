import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ExpectedError } from "../expected-error";
import { NOTHING_TO_LOSE, runProcess } from "../runs/run-process";
import { type OrderedStack, unknownDependencies } from "../deploy/stack-order";
import { systemErrorLines } from "../terminal/system-error";
import { PROJECT_FILE } from "./cdktf-files";

/** An app, where its output goes, and what it sees of the world. */
export interface AppOptions {
  /** The folder of cdktf.json. */
  readonly project: string;
  /** cdktf's output folder. */
  readonly output: string;
  /** The whole environment of the app, cdktf-cli and Terraform; see `childEnvironment`. */
  readonly env: NodeJS.ProcessEnv;
  /**
   * Asks what is under way to end; Terraform is waited for until it has saved its state.
   * @default - only with this process
   */
  readonly signal?: AbortSignal;
}

/** A stack that was written. */
export interface SynthesizedStack extends OrderedStack {
  /** The folder of its `cdk.tf.json`. */
  readonly folder: string;
}

/**
 * Writes the app's Terraform JSON into the output folder: runs the app as cdktf.json says, as
 * `cdktf synth` does, without the seconds that cdktf-cli takes to start.
 *
 * @throws ExpectedError with what the app said, where it refuses, or where a stack waits for one
 *   that is none
 */
export async function synthesize({
  project,
  output,
  env,
  signal,
}: AppOptions): Promise<readonly SynthesizedStack[]> {
  const { app } = readJson<{ app: string }>(join(project, PROJECT_FILE));
  const shell = process.platform === "win32" ? ["cmd.exe", "/d", "/s", "/c"] : ["/bin/sh", "-c"];
  const [command = "", ...args] = [...shell, app];
  const { code, stderr } = await runProcess(command, args, {
    cwd: project,
    env: { ...env, CDKTF_OUTDIR: output },
    graceMs: NOTHING_TO_LOSE,
    signal,
  });
  if (code !== 0) {
    const said =
      systemErrorLines(stderr) ?? stderr.split("\n").filter((line) => line.trim() !== "");
    throw new ExpectedError([...said, `Synthesis failed: ${app}`]);
  }
  const { stacks } = readJson<{ stacks: Record<string, ManifestStack> }>(
    join(output, "manifest.json"),
  );
  return inNames(Object.values(stacks)).map(({ name, dependencies, workingDirectory }) => ({
    name,
    dependencies,
    folder: join(output, workingDirectory),
  }));
}

/** A stack in cdktf's manifest. */
interface ManifestStack extends OrderedStack {
  readonly constructPath: string;
  readonly workingDirectory: string;
}

/**
 * Dependencies as names: cdktf 0.21 has paths, of stacks in another scope than the app these are no
 * names.
 */
function inNames(stacks: readonly ManifestStack[]): ManifestStack[] {
  const byPath = new Map(stacks.map(({ constructPath, name }) => [constructPath, name]));
  const named = stacks.map((stack) => ({
    ...stack,
    dependencies: stack.dependencies.map((dependency) => byPath.get(dependency) ?? dependency),
  }));
  const unknown = unknownDependencies(named);
  if (unknown.length > 0) throw new ExpectedError(unknown);
  return named;
}

/** @throws ExpectedError where the file is not there, or is not JSON */
function readJson<T>(file: string): T {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as T;
  } catch (error) {
    throw new ExpectedError([`${file} can't be read: ${(error as Error).message}`]);
  }
}
