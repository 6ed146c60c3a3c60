import { withEnvironmentRun } from "../terraform/environment-run";
import { synthesize } from "../terraform/synthesis";
import { print } from "../terminal/terminal";
import { compareWithRevision } from "./compare-with-revision";

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
