import { s3Client } from "../../aws/clients";
import { FOLDERS } from "../../cloudtrail/files/log-folders";
import { parseLogFileKey } from "../../cloudtrail/files/log-layout";
import type { RecordCriteria } from "../../cloudtrail/records/record-filter";
import { formatTime } from "../../cloudtrail/time";
import type { Environment } from "../../envs/types";
import { type AwsAccess, type ReadAs, readerCredentials } from "../../aws/account-access";
import { type EventFormat, EventOutput } from "./event-output";
import { EventSearch } from "./event-search";
import { ExpectedError } from "../expected-error";
import { leftOutLines } from "./left-out";
import type { LogFileQuery } from "./log-files";
import { startProgress } from "../terminal/progress";
import { projectEnvironment } from "../project";
import { say } from "../terminal/terminal";
import { verifiedFiles } from "./verified-files";
import { timeOfAws } from "../../verify/aws-clock";
import { LogBucketReader } from "../../verify/log-bucket";

/** Options of the verb. */
export interface EventsOptions
  extends
    Pick<
      RecordCriteria,
      | "from"
      | "to"
      | "eventName"
      | "eventSource"
      | "errorCode"
      | "principal"
      | "bucket"
      | "redacted"
    >,
    ReadAs {
  readonly env: string;
  /**
   * Account IDs.
   * @default - all of the environment
   */
  readonly account?: readonly string[];
  /** @default - all that have files */
  readonly region?: readonly string[];
  /**
   * Seconds before now that events began; instead of `from`.
   * @default 7200, where there is no `from`
   */
  readonly since?: number;
  /** Seconds after `to` in which files with earlier events are still looked for. */
  readonly late: number;
  /** Whether owners are looked up. */
  readonly resolve?: boolean;
  /** Whether only files are read that a valid digest file vouches for. */
  readonly verified?: boolean;
  readonly output: EventFormat;
  /** The same as the output `json`. */
  readonly json: boolean;
  /** @default - all */
  readonly limit?: number;
}

/** Seconds that `since` goes back where nothing is said. */
const SINCE = 7200;

/**
 * Prints the events of an environment's log bucket that match.
 *
 * @returns the exit code: 1 where a log file could not be read whole, or a folder not be listed
 * @throws ExpectedError where the question makes no sense
 */
export async function events(options: EventsOptions): Promise<number> {
  const environment = projectEnvironment(options.env);
  const output = new EventOutput(options.json ? "json" : options.output, options.resolve ?? false);
  // Of an environment for a local AWS; else the SDK's own way, AWS_ENDPOINT_URL included.
  return findEvents(environment, { endpoint: environment.endpoint }, options, output);
}

/**
 * {@link events}, with all that it needs from outside.
 *
 * @param time milliseconds; by default S3's own clock, since a local AWS may have been moved
 *   forward
 */
export async function findEvents(
  environment: Environment,
  access: AwsAccess,
  options: EventsOptions,
  output: EventOutput,
  time?: number,
): Promise<number> {
  const { destination } = environment;
  const { credentials, who } = readerCredentials(environment, options, access);
  const { region } = destination;
  const s3 = s3Client({ region, endpoint: access.endpoint, credentials });
  const now = time ?? (await timeOfAws(s3, destination.bucket))?.getTime() ?? Date.now();
  const period = askedPeriod(environment, options, now);
  const progress = startProgress();
  say(
    `Reading s3://${destination.bucket} as ${who}: events from ${formatTime(period.from)} to ${formatTime(period.to)}.`,
  );
  const searched = { bucket: new LogBucketReader(s3, destination.bucket), region, who };
  const search = new EventSearch(searched, {
    status: (text) => progress.status(text),
    problem: (sentence) => {
      progress.stop();
      say(sentence);
    },
  });
  try {
    const accounts = options.account ?? accountsOf(environment);
    if (options.account === undefined) await search.lookAround(accounts, destination.prefix);
    const notVerified = new Set<string>();
    const asked: LogFileQuery = {
      prefix: destination.prefix,
      accounts,
      regions: options.region,
      from: period.from,
      to: Math.min(now, period.to + 1000 * options.late),
    };
    let files = asked;
    if (options.verified) {
      progress.status("validating log files");
      const all = { ...asked, accounts: options.resolve ? accountsOf(environment) : accounts };
      const asks = { endpoint: access.endpoint, credentials };
      const verified = await verifiedFiles(environment, searched, asks, all);
      search.note(verified.problems);
      files = {
        ...asked,
        isWanted: (key) => {
          if (!verified.has(key)) notVerified.add(key);
          return verified.has(key);
        },
      };
    }
    const found = search.find(
      files,
      { ...options, ...period },
      options.resolve ? { ...files, accounts: accountsOf(environment) } : undefined,
    );
    const { limit = Infinity } = options;
    let count = 0;
    for await (const events of found) {
      const wanted = events.slice(0, limit - count);
      count += wanted.length;
      // The status line stands where the output is to go.
      if (process.stdout.isTTY) progress.stop();
      await output.print(wanted);
      if (count >= limit || output.readerIsGone) break;
    }
    progress.stop();
    const { files: read, problems, leftOut, forgotten, untold } = search;
    await output.end({ files: read, problems, leftOut });
    say(
      ...untold.map(
        ({ kind, count, first }) =>
          `${count} more of the kind "${kind}", as of ${first}; --json has each.`,
      ),
      `${count} ${count === 1 ? "event" : "events"} in ${read} log files.`,
      ...notVerifiedLines(notVerified),
      ...leftOutLines(leftOut),
      ...(forgotten > 0
        ? [`${forgotten} events or buckets were too many to remember; ask for less time.`]
        : []),
    );
    return problems.length === 0 ? 0 : 1;
  } finally {
    progress.stop();
    s3.destroy();
  }
}

/** What is said of log files that no valid digest file vouches for. */
function notVerifiedLines(keys: ReadonlySet<string>): string[] {
  const folders = [...keys].map((key) => parseLogFileKey(key)?.folder ?? "CloudTrail");
  const undocumented = folders.filter((folder) => !FOLDERS[folder].namedByDigests);
  const others = folders.length - undocumented.length;
  const kinds = [...new Set(undocumented)].map((folder) => FOLDERS[folder].holds).sort();
  return [
    ...(others > 0
      ? [
          `${others} log files were left out: no valid digest file vouches for them, or none yet; the newest hour's comes with the next.`,
        ]
      : []),
    ...(undocumented.length > 0
      ? [
          `${undocumented.length} log files of ${kinds.join(", ")} were left out: AWS documents no digest files for those, and none names them.`,
        ]
      : []),
  ];
}

function accountsOf({ destination, members }: Environment): readonly string[] {
  return [destination, ...members].map(({ account }) => account);
}

/** @throws ExpectedError with all that makes no sense in the options */
function askedPeriod(
  environment: Environment,
  { since, from, to = Infinity, account = [], roleArn, externalId }: EventsOptions,
  now: number,
): { readonly from: number; readonly to: number } {
  const known = accountsOf(environment);
  const start = from ?? now - 1000 * (since ?? SINCE);
  const end = Math.min(to, now);
  const problems = [
    ...(since !== undefined && from !== undefined ? ["Give --since or --from, not both."] : []),
    ...(start < end
      ? []
      : [
          `There is no time between ${formatTime(start)} and ${formatTime(end)}: check --from, --to.`,
        ]),
    ...(externalId !== undefined && roleArn === undefined
      ? ["--external-id belongs to --role-arn."]
      : []),
    ...account
      .filter((one) => !known.includes(one))
      .map((one) => `--account: ${one} is none of the environment's: ${known.join(", ")}.`),
  ];
  if (problems.length > 0) throw new ExpectedError(problems);
  return { from: start, to: end };
}
