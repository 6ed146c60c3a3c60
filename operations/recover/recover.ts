import { existsSync } from "node:fs";
import { join } from "node:path";
import { ask } from "../terminal/ask";
import { commandLine } from "../command-line";
import { type EnvironmentRun, withEnvironmentRun } from "../terraform/environment-run";
import { Interrupted } from "../terminal/interruption";
import { startProgress } from "../terminal/progress";
import { hasWork, type StackFindings } from "./findings";
import { readStackJson, stackConfiguration } from "./configuration";
import { keptState, lookAt, type LookedAt, recover, type RecoveryContext } from "./stack-recovery";
import { lockWitness } from "./lock-witness";
import { findingsText } from "./text";
import { reasonOf } from "../../aws/reason";
import { print, printJson, say } from "../terminal/terminal";
import { ERRORED_STATE, keptStateFiles } from "../runs/errored-state";
import { OUTPUT_FOLDER, STACKS_FOLDER } from "../terraform/cdktf-files";
import { synthesize, type SynthesizedStack } from "../terraform/synthesis";
import { chooseStacks } from "../deploy/run-stacks";

export interface RecoverOptions {
  readonly env: string;
  /** @default - all */
  readonly stacks?: readonly string[];
  /** IDs of locks whose holders are known to be dead. */
  readonly lockId?: readonly string[];
  readonly autoApprove: boolean;
  readonly json: boolean;
  readonly signal: AbortSignal;
}

/** How a stack was left. */
export interface StackRecovery extends StackFindings {
  /** What was done: a sentence each. */
  readonly done: readonly string[];
  /** @default - nothing went wrong */
  readonly error?: string;
}

/** As JSON, `version` rises when a field goes or changes its meaning. */
export interface RecoverReport {
  readonly version: 1;
  readonly environment: string;
  /** "nothing" to recover, all "recovered", or something is "left". */
  readonly verdict: "nothing" | "recovered" | "left";
  readonly stacks: readonly StackRecovery[];
}

/**
 * Brings state and AWS together again after a deploy or destroy that was ended: shows what it found
 * and would do, asks, and does it. It deletes nothing.
 *
 * @returns the exit code: 0 nothing is left to do but to deploy again, 1 something is left
 */
export async function recoverEnvironment(options: RecoverOptions): Promise<number> {
  return withEnvironmentRun(options.env, async (run) => {
    const { signal, json, env: name } = options;
    const manifest = await synthesize({ ...run, output: run.folder.output, signal });
    const names = chooseStacks(manifest, options.stacks);
    const chosen = manifest.filter((stack) => names.includes(stack.name));
    const progress = startProgress();
    const context = recoveryContext(run, manifest, signal, (text) => progress.status(text));
    const looked: (LookedAt | Unseen)[] = [];
    try {
      for (const stack of chosen) {
        progress.status(`looking at ${stack.name}`);
        looked.push(await lookAt(stack, context).catch((error: unknown) => unseen(stack, error)));
      }
    } finally {
      progress.stop();
    }
    if (signal.aborted) throw nothingDone(signal);
    const found = looked.map(({ findings }) => findings);
    if (!json) print(...found.flatMap(findingsText));
    const answer = found.some(hasWork) ? await askWhatToDo(found, options) : undefined;
    const stacks: StackRecovery[] = [];
    for (const one of looked) {
      const { findings } = one;
      const { lock } = findings;
      const mayUnlock =
        lock?.kind === "dead" ||
        (lock?.kind === "unknown" && (answer?.lockIds.includes(lock.info.id) ?? false));
      const outcome =
        answer?.approved && "stack" in one && hasWork(findings)
          ? await recover(one, context, mayUnlock)
          : { done: [] };
      stacks.push({ ...findings, ...outcome });
      if (!json) print(...outcomeText(findings.stack, outcome));
    }
    const isLeft = stacks.some((stack) => isUnfinished(stack));
    const verdict = isLeft ? "left" : found.some(hasWork) ? "recovered" : "nothing";
    const report: RecoverReport = { version: 1, environment: name, verdict, stacks };
    if (json) printJson(report);
    else print(...lastLines(report));
    return isLeft ? 1 : 0;
  });
}

/** A stack that could not be looked at. */
interface Unseen {
  readonly findings: StackFindings;
}

function unseen(stack: SynthesizedStack, error: unknown): Unseen {
  const left = [`it could not be looked at: ${reasonOf(error)}`];
  return { findings: { stack: stack.name, imports: [], untaints: [], notes: [], left } };
}

function recoveryContext(
  { environment, env, folder, project }: EnvironmentRun,
  manifest: readonly SynthesizedStack[],
  signal: AbortSignal,
  onStatus: RecoveryContext["onStatus"],
): RecoveryContext {
  const configurations = manifest.map((stack) => stackConfiguration(readStackJson(stack.folder)));
  return {
    environment,
    onStatus,
    access: { endpoint: environment.endpoint },
    terraform: { env, signal },
    folder: join(folder.path, "recover"),
    declared: configurations.flatMap(({ resources }) => resources),
    keptStates: (stack) => keptFiles(stack, project).map(keptState),
    witness: (state) => lockWitness(state, env.TERRAFORM_BINARY_NAME),
  };
}

/**
 * What `deploy` kept in the working folder, and what Terraform left where `cdktf deploy` ran it.
 */
function keptFiles(stack: string, project: string): string[] {
  const left = join(project, OUTPUT_FOLDER, STACKS_FOLDER, stack, ERRORED_STATE);
  return [...keptStateFiles(stack, process.cwd()), ...(existsSync(left) ? [left] : [])];
}

interface Answer {
  readonly approved: boolean;
  readonly lockIds: readonly string[];
}

async function askWhatToDo(
  found: readonly StackFindings[],
  { autoApprove, lockId = [], env, signal }: RecoverOptions,
): Promise<Answer> {
  if (autoApprove) return { approved: true, lockIds: lockId };
  if (!(process.stdin.isTTY && process.stdout.isTTY)) {
    const again = commandLine("recover", "--env", env, "--auto-approve");
    const unknown = found.flatMap(({ lock }) => (lock?.kind === "unknown" ? lock.info.id : []));
    const flags = unknown.length > 0 ? ` --lock-id ${unknown.join(" ")}` : "";
    say(`Nothing was done: there is no terminal to ask on. To do it: ${again}${flags}`);
    return { approved: false, lockIds: [] };
  }
  const typed: string[] = [...lockId];
  for (const { stack, lock } of found) {
    if (lock?.kind !== "unknown" || typed.includes(lock.info.id)) continue;
    typed.push(await ask(`${stack}: the lock's ID, to unlock (or nothing):`, signal));
  }
  const answer = await ask("Do all of this? Only yes is taken as yes:", signal);
  if (signal.aborted) throw nothingDone(signal);
  return { approved: answer === "yes", lockIds: typed };
}

function nothingDone(signal: AbortSignal): Interrupted {
  return new Interrupted(signal, "", ["Interrupted; nothing was done."]);
}

/** Whether more is to be done about a stack than to deploy it. */
function isUnfinished({ done, error, ...findings }: StackRecovery): boolean {
  const { left, lock } = findings;
  return (
    error !== undefined ||
    left.length > 0 ||
    lock?.kind === "alive" ||
    (hasWork(findings) && done.length === 0)
  );
}

function outcomeText(
  stack: string,
  { done, error }: { readonly done: readonly string[]; readonly error?: string },
): string[] {
  return [
    ...done.map((one) => `${stack}: ${one}`),
    ...(error === undefined ? [] : [`${stack}: failed: ${error}`]),
  ];
}

function lastLines({ environment, verdict, stacks }: RecoverReport): string[] {
  const deploy = commandLine("deploy", "--env", environment);
  const words = {
    nothing: `nothing to recover. ${stacks.length} stacks were looked at.`,
    recovered: `recovered. Now: ${deploy}`,
    left: "not all is recovered; see above.",
  };
  return [`${environment}: ${words[verdict]}`];
}
