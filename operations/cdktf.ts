import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type CdktfLine, CdktfOutput } from "./cdktf-output";
import { ExpectedError } from "./expected-error";
import { type ProcessEnd, runProcess } from "./run-process";
import {
  type Batch,
  type ManifestStack,
  nextBatch,
  type StackVerb,
  waitsFor,
} from "./stack-batches";

/** How to run cdktf-cli. */
export interface CdktfOptions {
  /** The folder of cdktf.json. */
  readonly project: string;
  /** cdktf's output folder. */
  readonly output: string;
  /** The whole environment of cdktf-cli, Terraform and the app; see `childEnvironment`. */
  readonly env: NodeJS.ProcessEnv;
  /**
   * Gets each line as it is printed.
   * @default - lines are dropped
   */
  readonly onLine?: (line: CdktfLine) => void;
  /**
   * Ends cdktf-cli and Terraform; Terraform is given time to write its state.
   * @default - only with this process
   */
  readonly signal?: AbortSignal;
}

export interface StackRunOptions extends CdktfOptions {
  /**
   * Names of stacks.
   * @default - all of the app
   */
  readonly stacks?: readonly string[];
  /**
   * Stacks at once. Each runs an AWS provider of 0.6 GB.
   * @default 2
   */
  readonly parallelism?: number;
  /**
   * Operations at once within a stack, Terraform's `-parallelism`.
   * @default 10
   */
  readonly terraformParallelism?: number;
  /**
   * Without it, cdktf-cli shows each plan and asks; that takes the terminal, and no line reaches
   * `onLine`.
   * @default false
   */
  readonly autoApprove?: boolean;
  /**
   * Told as soon as it is known how a stack went.
   * @default - not told
   */
  readonly onOutcome?: (outcome: StackOutcome) => void;
}

/** How one stack of a run went. */
export interface StackOutcome {
  readonly stack: string;
  readonly state: "done" | "failed" | "not tried";
  /** Terraform's errors, as it printed them. @default - none was seen */
  readonly error?: string;
}

interface CdktfEnd extends ProcessEnd {
  readonly output: CdktfOutput;
}

/**
 * Writes the app's Terraform JSON into the output folder: runs the app as cdktf.json says, as
 * `cdktf synth` does, without the seconds that cdktf-cli takes to start.
 *
 * @throws ExpectedError with what the app said, where it refuses
 */
export async function synthesize(options: CdktfOptions): Promise<readonly ManifestStack[]> {
  const { project, output, env, signal, onLine } = options;
  const { app } = readJson<{ app: string }>(join(project, "cdktf.json"));
  const shell = process.platform === "win32" ? ["cmd.exe", "/d", "/s", "/c"] : ["/bin/sh", "-c"];
  const [command = "", ...args] = [...shell, app];
  const lines = new CdktfOutput([], (line) => onLine?.(line));
  const { code, stderr } = await runProcess(command, args, {
    cwd: project,
    env: { ...env, CDKTF_OUTDIR: output },
    signal,
    onOutput: (piece) => lines.write(piece),
  });
  lines.end();
  if (code !== 0) throw new ExpectedError([...nonEmpty(stderr), `Synthesis failed: ${app}`]);
  return Object.values(
    readJson<{ stacks: Record<string, ManifestStack> }>(join(output, "manifest.json")).stacks,
  );
}

/**
 * Deploys or destroys stacks in their order. Where one fails, those that do not wait for it are done
 * all the same.
 *
 * @returns how each chosen stack went, in the order of the choice
 * @throws ExpectedError where synthesis fails, a stack is unknown, or a choice to destroy leaves out
 *   stacks that need a chosen one
 */
export async function runStacks(
  verb: StackVerb,
  options: StackRunOptions,
): Promise<readonly StackOutcome[]> {
  const manifest = await synthesize(options);
  const chosen = choose(verb, manifest, options.stacks);
  const order = waitsFor(verb, manifest, chosen);
  const outcomes = new Map<string, StackOutcome>();
  const done = new Set<string>();
  for (;;) {
    const batch = nextBatch(verb, order, done, new Set(outcomes.keys()), options.parallelism ?? 2);
    if (!batch) break;
    const exit = await cdktf(batchArguments(verb, batch, options), batch.stacks, options);
    for (const outcome of batchOutcomes(batch, exit)) {
      outcomes.set(outcome.stack, outcome);
      if (outcome.state === "done") done.add(outcome.stack);
      options.onOutcome?.(outcome);
    }
    // The same would befall each further stack: its backend or its provider cannot be had.
    if (exit.stderr.includes("terraform init failed")) break;
  }
  return chosen.map((stack) => outcomes.get(stack) ?? { stack, state: "not tried" });
}

function choose(
  verb: StackVerb,
  manifest: readonly ManifestStack[],
  stacks: readonly string[] | undefined,
): readonly string[] {
  const names = manifest.map(({ name }) => name);
  if (!stacks) return names;
  const unknown = stacks.filter((stack) => !names.includes(stack));
  if (unknown.length > 0) {
    throw new ExpectedError([
      `No stack is called ${unknown.join(" or ")}; the app has: ${names.join(", ")}.`,
    ]);
  }
  const needed = manifest.filter(({ dependencies }) =>
    dependencies.some((name) => verb === "destroy" && stacks.includes(name)),
  );
  const missing = needed.map(({ name }) => name).filter((name) => !stacks.includes(name));
  if (missing.length > 0) {
    throw new ExpectedError([
      `${stacks.join(", ")} cannot be destroyed alone: ${missing.join(", ")} would still need it. Name those stacks too.`,
    ]);
  }
  return [...new Set(stacks)];
}

function batchArguments(
  verb: StackVerb,
  { stacks, closed }: Batch,
  { output, terraformParallelism, autoApprove = false }: StackRunOptions,
): string[] {
  return [
    verb,
    ...stacks,
    "--output",
    output,
    "--skip-synth",
    // `terraform providers lock` would ask the registry once for each stack, mirror or not. The lock
    // file that it makes is for other platforms, and ends with the run's folder.
    "--skip-provider-lock",
    // See nextBatch for why this is not fewer.
    `--parallelism=${stacks.length}`,
    ...(terraformParallelism === undefined
      ? []
      : [`--terraform-parallelism=${terraformParallelism}`]),
    ...(closed ? [] : ["--ignore-missing-stack-dependencies"]),
    ...(autoApprove ? ["--auto-approve", "--no-color"] : []),
  ];
}

function batchOutcomes({ stacks }: Batch, { code, stderr, output }: CdktfEnd): StackOutcome[] {
  if (code === 0) return stacks.map((stack) => ({ stack, state: "done" }));
  const outcomes = stacks.map((stack): StackOutcome => {
    const { complete, error } = output.report(stack);
    if (complete) return { stack, state: "done" };
    return error ? { stack, state: "failed", error } : { stack, state: "not tried" };
  });
  if (outcomes.some(({ state }) => state === "failed")) return outcomes;
  throw new ExpectedError([`cdktf ended with exit code ${code}.`, ...nonEmpty(stderr)]);
}

/** Runs this project's own cdktf-cli; npx would look elsewhere too. */
async function cdktf(
  args: readonly string[],
  stacks: readonly string[],
  { project, env, signal, onLine = () => undefined, autoApprove = false }: StackRunOptions,
): Promise<CdktfEnd> {
  const output = new CdktfOutput(stacks, onLine);
  const { code, stderr } = await runProcess(process.execPath, [cdktfBinary(), ...args], {
    cwd: project,
    env,
    signal,
    onOutput: (piece) => output.write(piece),
    interactive: !autoApprove,
  });
  output.end();
  return { code, stderr, output };
}

function cdktfBinary(): string {
  const metadata = require.resolve("cdktf-cli/package.json");
  return join(dirname(metadata), readJson<{ bin: { cdktf: string } }>(metadata).bin.cdktf);
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, "utf8")) as T;
}

function nonEmpty(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}
