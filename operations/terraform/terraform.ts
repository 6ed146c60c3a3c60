import { existsSync } from "node:fs";
import { join } from "node:path";
import { PROVIDER_LOCK } from "../../envs/provider-lock";
import { keepErroredState } from "../runs/errored-state";
import { lockedState } from "../recover/configuration";
import { type EndRecord, recordRun } from "../runs/run-records";
import { type ProcessEnd, runProcess } from "../runs/run-process";
import type { AppOptions, SynthesizedStack } from "./synthesis";

/** How Terraform runs for one stack. */
export interface TerraformOptions extends Pick<AppOptions, "env" | "signal"> {
  /**
   * Gets each line that Terraform prints, errors included.
   * @default - lines are dropped
   */
  readonly onLine?: (stack: string, line: string) => void;
}

/**
 * Runs Terraform in a stack's folder: TERRAFORM_BINARY_NAME, as cdktf calls the variable, or
 * `terraform`. A state that it could not write is kept, also where the signal ended it.
 *
 * @throws Interrupted where the signal ended it
 */
export async function terraform(
  stack: Pick<SynthesizedStack, "name" | "folder">,
  args: readonly string[],
  { env, signal, onLine }: TerraformOptions,
): Promise<ProcessEnd> {
  const state = RECORDED.includes(args[0]!) ? lockedState(stack.folder, env) : undefined;
  const endRecord: EndRecord | undefined =
    state === undefined ? undefined : recordRun({ state, folder: stack.folder });
  let how: Parameters<EndRecord>[0] = "killed";
  try {
    const end = await runProcess(env.TERRAFORM_BINARY_NAME ?? "terraform", args, {
      cwd: stack.folder,
      env,
      signal,
      onLine: (line) => onLine?.(stack.name, line),
    });
    how = end.code === 0 ? "succeeded" : end.code < KILLED ? "failed" : "killed";
    return end;
  } finally {
    endRecord?.(how);
    keepErroredState(stack);
  }
}

/** A shell's exit code of what a signal ended is this plus the signal's number. */
const KILLED = 128;

/** Terraform's commands that lock the state, of those that make or apply plans. */
const LOCKING = ["plan", "apply", "destroy"];

/** All of its commands that we run and that lock or unlock a state. */
const RECORDED = [...LOCKING, "state", "force-unlock"];

/**
 * The environment in which Terraform waits for a state that another run holds. By Terraform's own
 * variables, so that it holds for every call of a run.
 *
 * @param duration as Terraform's `-lock-timeout` takes it: `30s`, `5m`; undefined leaves all as it
 *   is, and Terraform does not wait
 * @see https://developer.hashicorp.com/terraform/cli/config/environment-variables#tf_cli_args-and-tf_cli_args_name
 */
export function withLockTimeout(
  env: NodeJS.ProcessEnv,
  duration: string | undefined,
): NodeJS.ProcessEnv {
  if (duration === undefined) return env;
  const waiting = LOCKING.map(
    (command) => [`TF_CLI_ARGS_${command}`, `-lock-timeout=${duration}`] as const,
  );
  return { ...env, ...Object.fromEntries(waiting) };
}

/** What every call takes that asks nobody. */
export const PLAIN = ["-input=false", "-no-color"];

/**
 * `terraform init` for one stack after another, however many ask at once: Terraform's plugin cache
 * takes one at a time. Where the stack has a lock file of providers, only what it names is taken.
 */
export function initializer(
  options: TerraformOptions,
): (stack: Pick<SynthesizedStack, "name" | "folder">) => Promise<ProcessEnd> {
  let last: Promise<unknown> = Promise.resolve();
  return (stack) => {
    const locked = existsSync(join(stack.folder, PROVIDER_LOCK)) ? ["-lockfile=readonly"] : [];
    const next = last.then(() => terraform(stack, ["init", ...PLAIN, ...locked], options));
    last = next.catch(() => undefined);
    return next;
  };
}

/** Without the bar that Terraform draws before each line of an error. */
export function unframed(text: string): string {
  return text.replaceAll(/^[│╷╵] ?/gm, "").trim();
}
