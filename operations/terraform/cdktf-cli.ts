import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { NOTHING_TO_LOSE, type ProcessEnd, runProcess } from "../runs/run-process";
import type { AppOptions } from "./synthesis";

/** How to run `cdktf deploy`. */
export interface CdktfDeployOptions extends AppOptions {
  /** Stacks at once. Each runs an AWS provider of 0.6 GB. */
  readonly parallelism: number;
  /**
   * Gets each line that cdktf-cli prints.
   * @default - lines are dropped
   */
  readonly onLine?: (line: string) => void;
}

/** The options that `cdktf deploy`, `diff` and `destroy` need beside the stacks, for people too. */
export function cdktfOptions(output: string): readonly string[] {
  // Without --skip-provider-lock cdktf-cli asks the registry once for each stack, mirror or not.
  return ["--output", output, "--skip-provider-lock"];
}

/**
 * Deploys all stacks of the app to a local AWS, which goes with the run, with cdktf-cli: this
 * project's own, since npx would look elsewhere too.
 */
export function cdktfDeploy(options: CdktfDeployOptions): Promise<ProcessEnd> {
  const { project, output, env, signal, parallelism, onLine } = options;
  const metadata = require.resolve("cdktf-cli/package.json");
  const { bin } = JSON.parse(readFileSync(metadata, "utf8")) as { bin: { cdktf: string } };
  return runProcess(
    process.execPath,
    [
      join(dirname(metadata), bin.cdktf),
      "deploy",
      "*",
      "--auto-approve",
      "--no-color",
      "--parallelism",
      String(parallelism),
      ...cdktfOptions(output),
    ],
    { cwd: project, env, signal, onLine, graceMs: NOTHING_TO_LOSE },
  );
}
