import { formatDay } from "../../cloudtrail/time";
import { acknowledgementWarnings } from "../../envs/rules/acknowledgements";
import { formatProblems } from "../../envs/schema/problems";
import { billingWarnings, redactionWarnings } from "../../envs/rules/event-warnings";
import { foreignAccountWarnings } from "../../envs/rules/foreign-account-warnings";
import { partitionWarnings } from "../../envs/rules/partition-warnings";
import { listEnvironments, loadEnvironment } from "../../envs/load";
import type { Environment } from "../../envs/types";
import { destinationSettings } from "../../envs/destination-settings";
import { destinationBudgets } from "../../policies/documents/destination-policies";
import { destinationProblems } from "../../policies/documents/destination-problems";
import { ExpectedError } from "../expected-error";
import { environmentsFolder, loadOptions } from "../project";
import { readingWarnings } from "../explain/reading-warnings";
import { painted, print, printJson, say } from "../terminal/terminal";

export interface CheckOptions {
  /** @default - every environment */
  readonly env?: string;
  readonly json?: boolean;
}

/**
 * Checks environment files and says what is wrong with them. Warnings are not a fault.
 *
 * @returns whether nothing is
 * @throws ExpectedError where there is no file to check
 */
export function check({ env, json = false }: CheckOptions): boolean {
  const names = env === undefined ? listEnvironments(environmentsFolder()) : [env];
  if (names.length === 0)
    throw new ExpectedError([
      `There is no environment file in ${environmentsFolder()}, so nothing was checked. Name the folder in CENTRAL_TRAIL_ENVS_DIR, or write a file with: npx central-trail init`,
    ]);
  const results = names.map((name) => {
    const {
      environment,
      problems = [],
      warnings: ofWords = [],
    } = loadEnvironment(environmentsFolder(), name, loadOptions());
    const { policyProblems, warnings } = remarksOn(environment);
    const result = { name, problems, policyProblems, warnings: [...ofWords, ...warnings] };
    return { environment, result };
  });
  const bad = results.flatMap(({ result }) => result.problems);
  const ok = results.every(
    ({ result }) => result.problems.length + result.policyProblems.length === 0,
  );
  if (json) {
    const plain = results.map(({ result }) => result);
    printJson({ ok, environments: plain });
    return ok;
  }
  for (const { environment, result } of results) {
    if (!environment) continue;
    const { name, policyProblems, warnings } = result;
    const { destination, members } = environment;
    const word =
      policyProblems.length === 0
        ? painted("green", "ok", process.stdout)
        : painted("red", "not ok", process.stdout);
    const others = `${members.length} ${members.length === 1 ? "member" : "members"}`;
    print(`${name}: ${word}, destination ${destination.account}, ${others}`);
    const warning = painted("yellow", "warning", process.stdout);
    for (const sentence of warnings) print(`  ${warning}: ${sentence}`);
    for (const sentence of policyProblems) say(`${name}: ${sentence}`);
  }
  if (bad.length > 0) say(...formatProblems(bad).split("\n"));
  return ok;
}

/**
 * What synthesis would say of an environment whose file is right: its policies too large, and what
 * is probably not meant.
 */
function remarksOn(environment: Environment | undefined): {
  readonly policyProblems: readonly string[];
  readonly warnings: readonly string[];
} {
  if (environment === undefined) return { policyProblems: [], warnings: [] };
  const settings = destinationSettings(environment);
  const budgets = destinationBudgets(settings);
  const told = (wanted: "over" | "warning"): string[] =>
    budgets.flatMap(({ level, message = "" }) => (level === wanted ? [message] : []));
  const problems = destinationProblems(settings);
  return {
    policyProblems: [...problems, ...told("over")],
    warnings: [
      ...acknowledgementWarnings(environment.acknowledgements, formatDay(Date.now())),
      ...redactionWarnings(environment),
      ...billingWarnings(environment),
      ...partitionWarnings(environment),
      // Without its roles there is no document to evaluate.
      ...(problems.length === 0 ? readingWarnings(environment) : []),
      ...foreignAccountWarnings(environment),
      ...told("warning"),
    ],
  };
}
