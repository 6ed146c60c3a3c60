import { resolve } from "node:path";
import { ask } from "../terminal/ask";
import { commandLine } from "../command-line";
import { type EnvironmentRun, withEnvironmentRun } from "../terraform/environment-run";
import { ExpectedError } from "../expected-error";
import { failureAdvice } from "./failure-advice";
import { Interrupted } from "../terminal/interruption";
import { applyPlans } from "../plan/apply-plans";
import { PlanFolder } from "../plan/plan-folder";
import { type StackOutcome, type StackRunOptions, runStacks } from "./run-stacks";
import type { StackVerb } from "./stack-order";
import { relay } from "../terminal/standard-streams";
import { say } from "../terminal/terminal";
import { withLockTimeout } from "../terraform/terraform";

export interface DeployOptions extends Pick<
  StackRunOptions,
  "stacks" | "parallelism" | "terraformParallelism" | "signal"
> {
  readonly env: string;
  /** Nobody is shown the plans and asked. */
  readonly autoApprove: boolean;
  /** How long Terraform waits for a locked state, such as `5m`. @default - it does not wait */
  readonly lockTimeout?: string;
}

/**
 * Deploys or destroys an environment with Terraform.
 *
 * @throws ExpectedError where a stack is not done: which, what is done, what to run again
 */
export async function runEnvironment(
  verb: StackVerb,
  { env: name, lockTimeout, autoApprove, ...options }: DeployOptions,
): Promise<void> {
  await withEnvironmentRun(name, async (run) => {
    const approve = async (stack: string): Promise<boolean> =>
      (await ask(`${stack}: do all of this? Only yes is taken as yes:`, options.signal)) === "yes";
    const outcomes = await runStacks(verb, {
      ...options,
      project: run.project,
      output: run.folder.output,
      ...(autoApprove ? {} : { approve }),
      env: withLockTimeout(run.env, lockTimeout),
      onLine: relayLine,
      onInterrupted: sayWhatIsWaitedFor,
    });
    const command = (stacks: readonly string[], again = verb): string =>
      commandLine(again, "--env", name, "--stacks", ...stacks);
    failWhereLeft(outcomes, run, command, options.signal);
    say(`${verb} of ${name}: ${outcomes.length} stacks done.`);
  });
}

export interface DeployPlansOptions extends Pick<
  DeployOptions,
  "env" | "lockTimeout" | "parallelism" | "signal"
> {
  /** The folder that `central-trail plan --out` wrote. */
  readonly plans: string;
}

/**
 * Applies saved plans, and nothing that is not in them.
 *
 * @throws ExpectedError where a stack failed, or its plan is stale or another than the reviewed one
 */
export async function deployPlans({
  env: name,
  plans,
  lockTimeout,
  ...options
}: DeployPlansOptions): Promise<void> {
  const folder = new PlanFolder(resolve(plans));
  folder.read(name);
  await withEnvironmentRun(name, async (run) => {
    const outcomes = await applyPlans({
      ...options,
      environment: name,
      folder,
      output: run.folder.output,
      env: withLockTimeout(run.env, lockTimeout),
      onLine: relayLine,
      onInterrupted: sayWhatIsWaitedFor,
    });
    const command = (): string => commandLine("plan", "--env", name, "--out", plans);
    failWhereLeft(outcomes, run, command, options.signal);
    say(`deploy of ${name}: the plans of ${outcomes.length} stacks are applied.`);
  });
}

function relayLine(stack: string, line: string): void {
  relay(`${stack}  ${line}`);
}

function sayWhatIsWaitedFor(stacks: readonly string[]): void {
  say(
    stacks.length === 0
      ? "No stack is being changed, and none is started any more."
      : `Terraform ends what it is at, and saves the state of ${stacks.join(", ")}. No other stack is started.`,
  );
}

function failWhereLeft(
  outcomes: readonly StackOutcome[],
  { environment }: EnvironmentRun,
  command: Parameters<typeof failureAdvice>[1]["command"],
  signal: AbortSignal | undefined,
): void {
  const advice = failureAdvice(outcomes, { environment: environment.name, command });
  if (advice.length === 0) return;
  throw signal?.aborted ? new Interrupted(signal, "", advice) : new ExpectedError(advice);
}
