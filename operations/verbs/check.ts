import { formatProblems } from "../../envs/problems";
import { billingWarnings, redactionWarnings } from "../../envs/event-warnings";
import { listEnvironments, loadEnvironment } from "../../envs/load";
import type { Environment } from "../../envs/types";
import { environmentsFolder } from "../project";
import { painted, print, say } from "../terminal";

export interface CheckOptions {
  /** @default - every environment */
  readonly env?: string;
  readonly json?: boolean;
}

/**
 * Checks environment files and says what is wrong with them. Warnings are no fault.
 *
 * @returns whether nothing is
 */
export function check({ env, json = false }: CheckOptions): boolean {
  const names = env === undefined ? listEnvironments(environmentsFolder()) : [env];
  const results = names.map((name) => ({ name, ...loadEnvironment(environmentsFolder(), name) }));
  const bad = results.flatMap(({ problems = [] }) => problems);
  if (json) {
    const plain = results.map(({ name, environment, problems = [] }) => ({
      name,
      problems,
      warnings: warningsOf(environment),
    }));
    print(JSON.stringify({ ok: bad.length === 0, environments: plain }, null, 2));
    return bad.length === 0;
  }
  for (const { name, environment } of results) {
    if (!environment) continue;
    const { destination, members } = environment;
    const ok = painted("green", "ok", process.stdout);
    print(`${name}: ${ok}, destination ${destination.account}, ${members.length} members`);
    const warning = painted("yellow", "warning", process.stdout);
    for (const sentence of warningsOf(environment)) print(`  ${warning}: ${sentence}`);
  }
  if (bad.length > 0) say(formatProblems(bad));
  return bad.length === 0;
}

/** What is allowed and yet probably not meant. */
function warningsOf(environment: Environment | undefined): string[] {
  return environment === undefined
    ? []
    : [...redactionWarnings(environment), ...billingWarnings(environment)];
}
