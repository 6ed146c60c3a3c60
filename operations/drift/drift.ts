import type { SettingDrift } from "./findings";
import { settingDrift } from "./setting-drift";
import { type StackDrift, stackDrift } from "./stack-drift";
import { type TrailDrift, trailDrift } from "./trail-drift";
import { withEnvironmentRun } from "../terraform/environment-run";
import { startProgress } from "../terminal/progress";
import { oneLine } from "../../review/writing/markdown-text";
import { outsideLine } from "../../review/writing/words";
import type { StackRunOptions } from "../deploy/run-stacks";
import { print, printJson } from "../terminal/terminal";
import { withLockTimeout } from "../terraform/terraform";
import type { DeployOptions } from "../deploy/deploy";

export interface DriftOptions
  extends Pick<StackRunOptions, "parallelism">, Pick<DeployOptions, "env" | "lockTimeout"> {
  readonly json: boolean;
  readonly signal: AbortSignal;
}

/**
 * What is not as it was deployed. As JSON, `version` rises when a field goes or changes its
 * meaning.
 */
export interface DriftReport {
  readonly version: 1;
  readonly environment: string;
  /** "not-checked" where anything could not be looked at, whatever else was found. */
  readonly verdict: "none" | "drift" | "not-checked";
  /** By Terraform's states. */
  readonly stacks: readonly StackDrift[];
  /** By CloudTrail's API, against the environment file. */
  readonly trails: readonly TrailDrift[];
  /** By the APIs of S3, KMS and SNS: what AWS has and no resource of the environment declares. */
  readonly settings: readonly SettingDrift[];
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
      const { stacks, plans } = await stackDrift({
        ...options,
        environment,
        project,
        output: folder.output,
        env: withLockTimeout(env, lockTimeout),
        onStack: (stack) => progress.status(`${stack} is compared`),
      });
      progress.status("asking CloudTrail, S3 and KMS");
      const access = { endpoint: environment.endpoint };
      const [trails, settings] = await Promise.all([
        trailDrift(environment, access),
        settingDrift(environment, plans, access),
      ]);
      const all = [...stacks, ...trails, ...settings];
      const verdict: DriftReport["verdict"] = all.some(({ error }) => error !== undefined)
        ? "not-checked"
        : stacks.some(({ resources }) => resources.length > 0) ||
            [...trails, ...settings].some(({ differences }) => differences.length > 0)
          ? "drift"
          : "none";
      progress.stop();
      const found = { verdict, stacks, trails, settings };
      const report: DriftReport = { version: 1, environment: name, ...found };
      if (json) printJson(report);
      else print(...lines(report));
      return EXIT_CODES[verdict];
    } finally {
      progress.stop();
    }
  });
}

/** Characters of one line: a setting is shown as AWS has it. The JSON has the whole. */
const LONGEST = 1000;

function lines({ environment, verdict, stacks, trails, settings }: DriftReport): string[] {
  const words = {
    none: "nothing was changed outside of Terraform",
    drift: "something was changed outside of Terraform",
    "not-checked": "not all could be looked at",
  };
  const asked = [
    ...trails.map((trail) => ({ ...trail, about: `${trail.account} ${trail.name}` })),
    ...settings.map((setting) => ({ ...setting, about: `${setting.kind} ${setting.name}` })),
  ];
  return [
    ...stacks.flatMap(({ stack, resources, error }) => [
      ...resources.map((resource) => `${stack}: ${outsideLine(resource, oneLine)}`),
      ...(error === undefined ? [] : [`${stack}: not checked: ${oneLine(error, 300)}`]),
    ]),
    ...asked.flatMap(({ about, differences, error }) => [
      ...differences.map((difference) => `${about}: ${oneLine(difference, LONGEST)}`),
      ...(error === undefined ? [] : [`${about}: not checked: ${oneLine(error, LONGEST)}`]),
    ]),
    `${environment}: ${words[verdict]}. ${stacks.length} stacks, ${trails.length} trails, and ${counted(settings)} were looked at.`,
  ];
}

/** `2 buckets, 1 key` */
function counted(settings: readonly SettingDrift[]): string {
  const kinds = [...new Set(settings.map(({ kind }) => kind))];
  return kinds
    .map((kind) => {
      const count = settings.filter((one) => one.kind === kind).length;
      return `${count} ${kind}${count === 1 ? "" : "s"}`;
    })
    .join(", ");
}
