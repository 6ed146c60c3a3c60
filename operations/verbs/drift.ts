import { type StackDrift, stackDrift } from "../drift/stack-drift";
import { type TrailDrift, trailDrift } from "../drift/trail-drift";
import { withEnvironmentRun } from "../environment-run";
import { startProgress } from "../progress";
import { oneLine } from "../review/markdown-text";
import type { StackRunOptions } from "../run-stacks";
import { print, printJson } from "../terminal";
import { withLockTimeout } from "../terraform";
import type { DeployOptions } from "./deploy";

export interface DriftOptions
  extends Pick<StackRunOptions, "parallelism">, Pick<DeployOptions, "env" | "lockTimeout"> {
  readonly json: boolean;
  readonly signal: AbortSignal;
}

/** What is not as it was deployed. As JSON, `version` rises when a field goes or changes its meaning. */
export interface DriftReport {
  readonly version: 1;
  readonly environment: string;
  /** "not-checked" where anything could not be looked at, whatever else was found. */
  readonly verdict: "none" | "drift" | "not-checked";
  /** By Terraform's states. */
  readonly stacks: readonly StackDrift[];
  /** By CloudTrail's API, against the environment file. */
  readonly trails: readonly TrailDrift[];
}

const EXIT_CODES = { none: 0, "not-checked": 1, drift: 2 } as const;

/**
 * Says what was changed outside of Terraform, also where Terraform does not see it.
 *
 * @returns the exit code: 0 nothing, 1 something could not be looked at, 2 drift
 */
export async function drift({
  env: name,
  json,
  lockTimeout,
  ...options
}: DriftOptions): Promise<number> {
  return withEnvironmentRun(name, async ({ environment, env, project, folder }) => {
    const progress = startProgress();
    try {
      progress.status("comparing states with AWS");
      const stacks = await stackDrift({
        ...options,
        ...{ environment, project, output: folder.output },
        env: withLockTimeout(env, lockTimeout),
        onStack: ({ stack }) => progress.status(`${stack} is compared`),
      });
      progress.status("asking CloudTrail");
      const trails = await trailDrift(environment, { endpoint: environment.endpoint });
      const all = [...stacks, ...trails];
      const verdict = all.some(({ error }) => error !== undefined)
        ? "not-checked"
        : stacks.some(({ resources }) => resources.length > 0) ||
            trails.some(({ differences }) => differences.length > 0)
          ? "drift"
          : "none";
      progress.stop();
      const report: DriftReport = { version: 1, environment: name, verdict, stacks, trails };
      if (json) printJson(report);
      else print(...lines(report));
      return EXIT_CODES[verdict];
    } finally {
      progress.stop();
    }
  });
}

function lines({ environment, verdict, stacks, trails }: DriftReport): string[] {
  const words = {
    none: "nothing was changed outside of Terraform",
    drift: "something was changed outside of Terraform",
    "not-checked": "not all could be looked at",
  };
  return [
    ...stacks.flatMap(({ stack, resources, error }) => [
      ...resources.map(
        ({ address, action, attributes }) =>
          `${stack}: ${action} of ${address}${attributes.length > 0 ? `: ${attributes.map(({ path }) => path).join(", ")}` : ""}`,
      ),
      ...(error === undefined ? [] : [`${stack}: not checked: ${oneLine(error, 300)}`]),
    ]),
    ...trails.flatMap(({ account, name, differences, error }) => [
      ...differences.map((difference) => `${account} ${name}: ${difference}`),
      ...(error === undefined ? [] : [`${account} ${name}: not checked: ${error}`]),
    ]),
    `${environment}: ${words[verdict]}. ${stacks.length} stacks and ${trails.length} trails were looked at.`,
  ];
}
