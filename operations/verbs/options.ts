import { CommanderError, InvalidArgumentError, Option } from "commander";
import { accountIdProblem } from "../../cloudtrail/names";
import { isRegionName } from "../../cloudtrail/regions";
import { parseTime } from "../../cloudtrail/time";

/** Of the verbs whose 2 means something else; EX_USAGE of sysexits.h. */
export const OTHER_USAGE_CODE = 64;

/** For Commander: ends a verb with {@link OTHER_USAGE_CODE} where it was used wrongly. */
export function otherUsageCode({ exitCode, code, message }: CommanderError): never {
  throw new CommanderError(exitCode === 0 ? 0 : OTHER_USAGE_CODE, code, message);
}

/** The option that says which environment a verb is about. */
export function environmentOption(): Option {
  return new Option("--env <name>", "the environment: a file envs/<name>.yaml").env(
    "CENTRAL_TRAIL_ENV",
  );
}

/** {@link environmentOption}, which must be given. */
export function oneEnvironment(): Option {
  return environmentOption().makeOptionMandatory();
}

/** The option that says how many stacks Terraform runs for at once. */
export function parallelismOption(): Option {
  return new Option("--parallelism <n>", "stacks at once, 0.6 GB of memory each")
    .argParser(wholeNumber(1, 1000))
    .default(2);
}

/** The option that says how long Terraform waits for a state. */
export function lockTimeoutOption(): Option {
  return new Option(
    "--lock-timeout <duration>",
    "how long to wait for a state that another run holds (default: not at all)",
  ).argParser(duration);
}

/** The option of a verb that may ask as somebody else than the environment says. */
export function externalIdOption(): Option {
  return new Option("--external-id <id>", "with --role-arn: what its trust policy asks for");
}

/** A parser of whole numbers in a range. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Allowed is a whole number from ${least} to ${most}.`);
  };
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { m: 60, h: 3600, d: 86_400 };

/** Seconds of `90m`, `24h` or `7d`. */
export function period(text: string): number {
  const [, number, unit = ""] = /^([1-9]\d{0,4})([mhd])$/.exec(text) ?? [];
  if (number !== undefined) return Number(number) * UNIT_SECONDS[unit]!;
  throw new InvalidArgumentError("Allowed is a whole number with m, h or d, such as 24h.");
}

/** Account IDs, separated by commas. */
export function accountIds(text: string): readonly string[] {
  const ids = text.split(",");
  const problem = ids.map((id) => accountIdProblem(id)).find(Boolean);
  if (problem === undefined) return ids;
  throw new InvalidArgumentError(`Each account ID ${problem}; separate them by commas.`);
}

/** Names of AWS regions, separated by commas. */
export function regionNames(text: string): readonly string[] {
  const names = text.split(",");
  if (names.every(isRegionName)) return names;
  throw new InvalidArgumentError("Allowed are regions such as eu-central-1, separated by commas.");
}

/** Milliseconds since 1970 of `2026-01-31` or `2026-01-31T23:00Z`. */
export function time(text: string): number {
  const value = parseTime(text.includes("T") ? text : `${text}T00:00Z`);
  if (value !== undefined) return value;
  throw new InvalidArgumentError("Allowed is a time in UTC, such as 2026-01-31T23:00Z.");
}

/** As Terraform takes it, whose durations are Go's. */
function duration(text: string): string {
  if (/^(\d+[hms])+$/.test(text)) return text;
  throw new InvalidArgumentError("Allowed is a duration such as 30s, 5m or 1h30m.");
}
