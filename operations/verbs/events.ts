import { type Command, Option } from "commander";
import type { EventsOptions } from "../events/events";
import {
  accountIds,
  externalIdOption,
  oneEnvironment,
  period,
  regionNames,
  time,
  wholeNumber,
} from "./options";

const EXIT_CODES = `
Exit codes: 0 all log files were read, 1 a folder could not be listed or a file not be read whole (standard
error says which, and the way out; what could be read is printed), 2 wrong usage.`;

/** `central-trail events` */
export function eventsVerb(cli: Command): void {
  cli
    .command("events")
    .description("find events in the log bucket; what is given must all hold")
    .addOption(oneEnvironment())
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
    .addOption(externalIdOption())
    .addHelpText("after", EXIT_CODES)
    .action(async (options: EventsOptions) => {
      const { events } = require("../events/events") as typeof import("../events/events");
      process.exitCode = await events(options);
    });
}
