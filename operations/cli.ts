import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { accountIdProblem } from "../cloudtrail/names";
import { isRegionName } from "../cloudtrail/regions";
import { parseTime } from "../cloudtrail/time";
import { EnvironmentError } from "../envs/schema/problems";
import { ExpectedError } from "./expected-error";
import { interruption } from "./terminal/interruption";
import { systemErrorLines } from "./terminal/system-error";
import { painted, say } from "./terminal/terminal";
import { outliveReaders } from "./terminal/standard-streams";
import { check, type CheckOptions } from "./verbs/check";
import { type DeployOptions, deployPlans, runEnvironment } from "./verbs/deploy";
import { drift, type DriftOptions } from "./verbs/drift";
import { events, type EventsOptions } from "./verbs/events";
import { explainAccess, type ExplainOptions } from "./verbs/explain";
import { init, type InitOptions } from "./verbs/init";
import { plan, type PlanVerbOptions } from "./verbs/plan";
import { policies, type PoliciesOptions } from "./verbs/policies";
import { recoverEnvironment, type RecoverOptions } from "./verbs/recover";
import { schema } from "./verbs/schema";
import { stacks, type StacksOptions } from "./verbs/stacks";
import { verify, type VerifyVerbOptions } from "./verbs/verify";

const EXIT_CODES = `
Exit codes: 0 done, 1 something is wrong (standard error says what), 2 wrong usage;
129, 130, 143 interrupted by SIGHUP, Ctrl-C, SIGTERM before all was done.`;

const EVENTS_EXIT_CODES = `
Exit codes: 0 all log files were read, 1 a folder could not be listed or a file not be read whole (standard
error says which, and the way out; what could be read is printed), 2 wrong usage.`;

/** Of the verbs whose 2 means something else; EX_USAGE of sysexits.h. */
const OTHER_USAGE_CODE = 64;

const VERIFY_EXIT_CODES = `
Exit codes: 0 proven, 1 could not check (all of) it, 2 late, missing or not as the environment says,
3 tampered with, ${OTHER_USAGE_CODE} wrong usage. Where several hold: 3, else 1, else 2. A file that no digest
vouches for, though one would, is 2 as well.`;

const DRIFT_EXIT_CODES = `
Exit codes: 0 nothing, 1 not all could be looked at, 2 drift, ${OTHER_USAGE_CODE} wrong usage.`;

const PLAN_EXIT_CODES = `
Exit codes: 0 nothing changes, 1 error or a stack that can't be planned, 2 something changes,
3 a guard blocks, ${OTHER_USAGE_CODE} wrong usage.`;

/** For Commander: ends a verb with {@link OTHER_USAGE_CODE} where it was used wrongly. */
function otherUsageCode({ exitCode, code, message }: CommanderError): never {
  throw new CommanderError(exitCode === 0 ? 0 : OTHER_USAGE_CODE, code, message);
}

export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Allowed is a whole number from ${least} to ${most}.`);
  };
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { m: 60, h: 3600, d: 86_400 };

/** Seconds of `90m`, `24h` or `7d`. */
function period(text: string): number {
  const [, number, unit = ""] = /^([1-9]\d{0,4})([mhd])$/.exec(text) ?? [];
  if (number !== undefined) return Number(number) * UNIT_SECONDS[unit]!;
  throw new InvalidArgumentError("Allowed is a whole number with m, h or d, such as 24h.");
}

function accountIds(text: string): readonly string[] {
  const ids = text.split(",");
  const problem = ids.map((id) => accountIdProblem(id)).find(Boolean);
  if (problem === undefined) return ids;
  throw new InvalidArgumentError(`Each account ID ${problem}; separate them by commas.`);
}

function regionNames(text: string): readonly string[] {
  const names = text.split(",");
  if (names.every(isRegionName)) return names;
  throw new InvalidArgumentError("Allowed are regions such as eu-central-1, separated by commas.");
}

/** Milliseconds since 1970 of `2026-01-31` or `2026-01-31T23:00Z`. */
function time(text: string): number {
  const value = parseTime(text.includes("T") ? text : `${text}T00:00Z`);
  if (value !== undefined) return value;
  throw new InvalidArgumentError("Allowed is a time in UTC, such as 2026-01-31T23:00Z.");
}

/** As Terraform takes it, whose durations are Go's. */
function duration(text: string): string {
  if (/^(\d+[hms])+$/.test(text)) return text;
  throw new InvalidArgumentError("Allowed is a duration such as 30s, 5m or 1h30m.");
}

function lockTimeoutOption(): Option {
  return new Option(
    "--lock-timeout <duration>",
    "how long to wait for a state that another run holds (default: not at all)",
  ).argParser(duration);
}

export function environmentOption(): Option {
  return new Option("--env <name>", "the environment: a file envs/<name>.yaml").env(
    "CENTRAL_TRAIL_ENV",
  );
}

/** The command with the verbs that need no more than the environment files, Terraform and AWS. */
export function program(): Command {
  const cli = new Command("central-trail")
    .description("CloudTrail logs of many AWS accounts in one bucket: deploy, check, try out.")
    .addHelpText("after", EXIT_CODES)
    .showHelpAfterError("(add --help for what is allowed)")
    .showSuggestionAfterError()
    .exitOverride();

  cli
    .command("init")
    .description("write an app into this folder: cdktf.json, an environment file, a pipeline")
    .addOption(environmentOption().default("production"))
    .option("--destination-account <id>", "the account that gets the logs (default: an example)")
    .option("--members <ids>", "the other accounts, separated by commas", (text) => text.split(","))
    .option(
      "--region <name>",
      "home region of the trails, and of bucket, key and state",
      "us-east-1",
    )
    .option("--bucket <name>", "the log bucket, which is made (default: named after the account)")
    .option("--state-bucket <name>", "Terraform's, which must exist (default: the same)")
    .option("--role <name>", "the role to assume in each account", "central-trail-deployer")
    .option("--external-id <id>", "what its trust policy asks for (default: one that is made up)")
    .option("--json", "print what was written as JSON", false)
    .action((options: InitOptions) => init(options));

  const stackVerb = (verb: "deploy" | "destroy", description: string): Command =>
    cli
      .command(verb)
      .description(description)
      .addOption(environmentOption().makeOptionMandatory())
      .option("--stacks <names...>", "only these stacks (default: all of the environment)")
      .option("--parallelism <n>", "stacks at once, 0.6 GB of memory each", wholeNumber(1, 1000), 2)
      .option("--terraform-parallelism <n>", "operations at once in a stack", wholeNumber(1, 1000))
      .addOption(lockTimeoutOption())
      .option("--auto-approve", "do not show plans and ask", false)
      .action(async (options: DeployOptions & { plans?: string }, command: Command) => {
        if (options.plans !== undefined) {
          if (options.stacks) command.error("error: --plans says which stacks; leave --stacks out");
          const { plans } = options;
          await deployPlans({ ...options, plans, signal: interruption() });
          return;
        }
        if (!options.autoApprove && !(process.stdin.isTTY && process.stdout.isTTY)) {
          command.error("error: no terminal to ask for approval on; pass --auto-approve");
        }
        await runEnvironment(verb, { ...options, signal: interruption() });
      });
  stackVerb("deploy", "deploy an environment: the destination first, then its members").option(
    "--plans <folder>",
    "apply what `plan --out` saved there, and nothing else; nobody is asked",
  );
  stackVerb("destroy", "destroy what an environment deployed: members first, then the destination");

  cli
    .command("recover")
    .description("bring state and AWS together after a deploy or destroy that was ended")
    .addOption(environmentOption().makeOptionMandatory())
    .option("--stacks <names...>", "only these stacks (default: all of the environment)")
    .option("--lock-id <ids...>", "unlock these; only if you know that no run holds them")
    .option("--auto-approve", "do what was found without asking", false)
    .option("--json", "print what was found and done as JSON", false)
    .action(async (options: Omit<RecoverOptions, "signal">) => {
      process.exitCode = await recoverEnvironment({ ...options, signal: interruption() });
    });

  cli
    .command("plan")
    .description("plan an environment's stacks, and review what the plans do to the logs")
    .addOption(environmentOption().makeOptionMandatory())
    .option(
      "--stacks <names...>",
      "only these, and those that read what they change (default: all)",
    )
    .option("--changed-since <rev>", "only the stacks that the change since a git revision touches")
    .option("--out <folder>", "keep plans, review.md and review.json there")
    .option("--parallelism <n>", "stacks at once, 0.6 GB of memory each", wholeNumber(1, 1000), 2)
    .addOption(lockTimeoutOption())
    .option("--json", "print the review as JSON", false)
    .addHelpText("after", PLAN_EXIT_CODES)
    .exitOverride(otherUsageCode)
    .action(async (options: Omit<PlanVerbOptions, "signal">) => {
      process.exitCode = await plan({ ...options, signal: interruption() });
    });

  cli
    .command("drift")
    .description("say what was changed outside of Terraform, also where Terraform does not see it")
    .addOption(environmentOption().makeOptionMandatory())
    .option("--parallelism <n>", "stacks at once, 0.6 GB of memory each", wholeNumber(1, 1000), 2)
    .addOption(lockTimeoutOption())
    .option("--json", "print the report as JSON", false)
    .addHelpText("after", DRIFT_EXIT_CODES)
    .exitOverride(otherUsageCode)
    .action(async (options: Omit<DriftOptions, "signal">) => {
      process.exitCode = await drift({ ...options, signal: interruption() });
    });

  cli
    .command("stacks")
    .description("print the names of an environment's stacks, as cdktf takes them")
    .addOption(environmentOption().makeOptionMandatory())
    .option("--changed-since <rev>", "only those that the change since a git revision touches")
    .option("--json", "print them as JSON", false)
    .action((options: Omit<StacksOptions, "signal">) =>
      stacks({ ...options, signal: interruption() }),
    );

  cli
    .command("check")
    .description("check environment files and say all that is wrong with them")
    .addOption(environmentOption())
    .option("--json", "print the result as JSON", false)
    .action((options: CheckOptions) => {
      if (!check(options)) process.exitCode = 1;
    });

  cli
    .command("policies")
    .description("print an environment's policies: its resources', and those of who deploys it")
    .addOption(environmentOption().makeOptionMandatory())
    .option("--trusted <arns...>", "roles or users that deploy, for the trust policies")
    .option("--trusted-to-plan <arns...>", "the same for those that only plan, with planRole")
    .option("--trusted-to-verify <arns...>", "those that verify, by a role that reads logs alone")
    .option("--key-arn <arn>", "the key that the first deploy made, for narrower permissions")
    .option("--topic-key-arn <arn>", "the same for the notifications' key")
    .option("--json", "print the result as JSON", false)
    .action((options: PoliciesOptions) => policies(options));

  cli
    .command("explain")
    .description("say who may write, read, delete and change what, by an environment's policies")
    .addOption(environmentOption().makeOptionMandatory())
    .option("--may-write", "may CloudTrail write --key for --trail of --account?", false)
    .option("--account <id>", "with --may-write: the trail's account")
    .option("--trail <name>", "with --may-write: its name or ARN (default: the environment's)")
    .option("--key <key>", "with --may-write: the object's key")
    .option("--who-can-read <account>", "who can read this account's log files?")
    .option("--who-can-delete", "who can delete log files, or make them unreadable?", false)
    .option("--json", "print the result as JSON", false)
    .action((options: ExplainOptions) => explainAccess(options));

  cli
    .command("verify")
    .description("prove that each trail logs and delivers, and that its files are as delivered")
    .addOption(environmentOption().makeOptionMandatory())
    .option("--account <ids>", "only these accounts, separated by commas", accountIds)
    .addOption(
      new Option("--since <period>", "how far back digest and log files are checked")
        .argParser(period)
        .default(86_400, "24h"),
    )
    .option("--profile <name>", "ask the destination with this profile, not with its own role")
    .option("--role-arn <arn>", "ask the destination with this role, not with its own")
    .option("--external-id <id>", "with --role-arn: what its trust policy asks for")
    .option("--json", "print the report as JSON", false)
    .addHelpText("after", VERIFY_EXIT_CODES)
    .exitOverride(otherUsageCode)
    .action(async (options: VerifyVerbOptions) => {
      process.exitCode = await verify(options);
    });

  cli
    .command("events")
    .description("find events in the log bucket; what is given must all hold")
    .addOption(environmentOption().makeOptionMandatory())
    .option("--account <ids>", "only the logs of these accounts, separated by commas", accountIds)
    .option("--region <names>", "only the logs of these regions, separated by commas", regionNames)
    .option("--since <period>", "events since so long ago (default: 2h)", period)
    .option("--from <time>", "events from this time on, in UTC, instead of --since", time)
    .option("--to <time>", "events before this time (default: now)", time)
    .addOption(
      new Option("--late <period>", "how long after --to files with earlier events may have come")
        .argParser(period)
        .default(3600, "1h"),
    )
    .option("--event-name <name>", "such as GetObject")
    .option("--event-source <source>", "such as s3.amazonaws.com, or s3")
    .option("--error-code <code>", "such as AccessDenied")
    .option("--principal <name>", "the caller's ARN, ID, access key, name, account or service")
    .option("--bucket <name>", "the bucket that was called")
    .option("--redacted", "only those whose bucket's owner CloudTrail took out")
    .option("--verified", "read only log files that a valid digest file vouches for")
    .option("--resolve", "say who owns the bucket, and how that is known (reads the files twice)")
    .addOption(
      new Option("--output <format>", "how events are printed")
        .choices(["table", "json", "ndjson"])
        .default("table"),
    )
    .option("--json", "the same as --output json", false)
    .option("--limit <n>", "no more events than this", wholeNumber(1, 1_000_000_000))
    .option("--profile <name>", "read with this profile, not with the environment's role")
    .option("--role-arn <arn>", "read with this role, not with the environment's")
    .option("--external-id <id>", "with --role-arn: what its trust policy asks for")
    .addHelpText("after", EVENTS_EXIT_CODES)
    .action(async (options: EventsOptions) => {
      process.exitCode = await events(options);
    });

  cli
    .command("schema")
    .description("print the JSON Schema of environment files, for editors")
    .option("--write", "write it to envs/environment.schema.json instead", false)
    .action(schema);

  return cli;
}

/** Runs what the command line asks for; errors go to standard error, and the exit code says the rest. */
export async function run(cli: Command): Promise<void> {
  // It would stand in the midst of our own lines; package.json says which Node versions will do.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  outliveReaders();
  process.once("beforeExit", endedInTheMidst);
  try {
    await cli.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has said it; help that was asked for is no error.
      process.exitCode = error.exitCode === 1 ? 2 : error.exitCode;
      return;
    }
    process.exitCode = error instanceof ExpectedError ? error.exitCode : 1;
    const system = systemErrorLines(String(error));
    const isExpected = error instanceof ExpectedError || error instanceof EnvironmentError;
    if (isExpected || system) {
      const [first = "", ...more] = isExpected ? error.message.split("\n") : system!;
      say(`${painted("red", "error:", process.stderr)} ${first}`, ...more);
    } else {
      say(...(error instanceof Error ? (error.stack ?? error.message) : String(error)).split("\n"));
    }
  } finally {
    process.off("beforeExit", endedInTheMidst);
  }
}

/** Node ends a program that waits for what nothing will answer, in silence and with 0. */
function endedInTheMidst(): void {
  process.exitCode = 1;
  say(
    `${painted("red", "error:", process.stderr)} This ended before it was done: it waited for an answer that nothing was left to give.`,
    "What it has printed is not all. This is a fault of central-trail; please report it with the command.",
  );
}
