import { formatProblems } from "../../envs/problems";
import { listEnvironments, loadEnvironment } from "../../envs/load";
import { environmentsFolder } from "../project";
import { painted, print, say } from "../terminal";

export interface CheckOptions {
  /** @default - every environment */
  readonly env?: string;
  readonly json?: boolean;
}

/**
 * Checks environment files and says what is wrong with them.
 *
 * @returns whether nothing is
 */
export function check({ env, json = false }: CheckOptions): boolean {
  const names = env === undefined ? listEnvironments(environmentsFolder()) : [env];
  const results = names.map((name) => ({ name, ...loadEnvironment(environmentsFolder(), name) }));
  const bad = results.flatMap(({ problems = [] }) => problems);
  if (json) {
    const plain = results.map(({ name, problems = [] }) => ({ name, problems }));
    print(JSON.stringify({ ok: bad.length === 0, environments: plain }, null, 2));
    return bad.length === 0;
  }
  for (const { name, environment } of results) {
    if (!environment) continue;
    const { destination, members } = environment;
    const ok = painted("green", "ok", process.stdout);
    print(`${name}: ${ok}, destination ${destination.account}, ${members.length} members`);
  }
  if (bad.length > 0) say(formatProblems(bad));
  return bad.length === 0;
}
