import { S3Client } from "@aws-sdk/client-s3";
import { mapInOrder } from "../../cloudtrail/at-once";
import { OwnerIndex } from "../../cloudtrail/bucket-owner";
import { Deduplicator } from "../../cloudtrail/deduplicator";
import {
  type LogProblem,
  type Prefilter,
  type RecordBatch,
  readRecords,
} from "../../cloudtrail/log-reader";
import { havingAll } from "../../cloudtrail/prefilter";
import { type RecordCriteria, recordFilter } from "../../cloudtrail/record-filter";
import { formatTime } from "../../cloudtrail/time";
import { requireEnvironment } from "../../envs/load";
import type { Environment } from "../../envs/types";
import { type AwsAccess, type ReadAs, readerCredentials } from "../account-access";
import { type EventFormat, EventOutput } from "../event-output";
import { ExpectedError } from "../expected-error";
import { logFileKeys, type LogFileQuery } from "../log-files";
import { type Progress, startProgress } from "../progress";
import { environmentsFolder } from "../project";
import { say } from "../terminal";
import { LogBucket } from "../verify/log-bucket";
import { reasonOf } from "../verify/reason";

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
  readonly output: EventFormat;
  /** The same as the output `json`. */
  readonly json: boolean;
  /** @default - all */
  readonly limit?: number;
}

/** Files that are asked for while one is read. */
const FILES_AHEAD = 8;

/** Seconds that `since` goes back where nothing is said. */
const SINCE = 7200;

/**
 * Prints the events of an environment's log bucket that match.
 *
 * @returns the exit code: 1 where a log file could not be read whole
 * @throws ExpectedError where the question makes no sense or the bucket cannot be read
 */
export async function events(options: EventsOptions): Promise<number> {
  const environment = requireEnvironment(environmentsFolder(), options.env);
  // Of an environment for a local AWS; else the SDK's own way, AWS_ENDPOINT_URL included.
  const output = new EventOutput(options.json ? "json" : options.output, options.resolve ?? false);
  return findEvents(environment, { endpoint: environment.endpoint }, options, output, Date.now());
}

/** {@link events}, with all that it needs from outside. */
export async function findEvents(
  environment: Environment,
  access: AwsAccess,
  options: EventsOptions,
  output: EventOutput,
  now: number,
): Promise<number> {
  const period = askedPeriod(environment, options, now);
  const { destination } = environment;
  const { credentials, who } = readerCredentials(environment, options, access);
  const s3 = new S3Client({ region: destination.region, endpoint: access.endpoint, credentials });
  const progress = startProgress();
  say(
    `Reading s3://${destination.bucket} as ${who}: events from ${formatTime(period.from)} to ${formatTime(period.to)}.`,
  );
  const reading = new Reading(new LogBucket(s3, destination.bucket), progress);
  try {
    const files: LogFileQuery = {
      prefix: destination.prefix,
      accounts: options.account ?? accountsOf(environment),
      regions: options.region,
      from: period.from,
      to: Math.min(now, period.to + 1000 * options.late),
    };
    const owners = options.resolve
      ? await findOwners(reading, { ...files, accounts: accountsOf(environment) })
      : undefined;
    const count = await printEvents(reading, files, { ...options, ...period }, owners, output);
    progress.stop();
    await output.end({ files: reading.files, problems: reading.problems });
    say(
      `${count} ${count === 1 ? "event" : "events"} in ${reading.files} log files.`,
      ...(owners && owners.forgotten > 0
        ? [`${owners.forgotten} events or buckets were too many to remember; ask for less time.`]
        : []),
    );
    return reading.problems.length === 0 ? 0 : 1;
  } catch (error) {
    if (!isReadFault(error)) throw error;
    throw new ExpectedError([
      `s3://${destination.bucket} could not be read as ${who}: ${reasonOf(error)}`,
      "Another role or profile can be given with --role-arn or --profile.",
    ]);
  } finally {
    progress.stop();
    s3.destroy();
  }
}

/** Whether AWS or the way to it refused, and not this program failed. */
function isReadFault(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return (
    "$metadata" in error ||
    error.name === "CredentialsProviderError" ||
    (typeof code === "string" && /^E[A-Z]+$/.test(code))
  );
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

async function findOwners(reading: Reading, files: LogFileQuery): Promise<OwnerIndex> {
  const owners = new OwnerIndex();
  // A record that names a bucket's owner has "arn:aws:s3:::…" or "AWS::S3::Bucket".
  for await (const { records } of reading.records(
    files,
    havingAll(["3::"]),
    "looking for owners",
  )) {
    for (const record of records) owners.add(record);
  }
  reading.startAgain();
  return owners;
}

async function printEvents(
  reading: Reading,
  files: LogFileQuery,
  options: RecordCriteria & Pick<EventsOptions, "limit">,
  owners: OwnerIndex | undefined,
  output: EventOutput,
): Promise<number> {
  const { matches, prefilter } = recordFilter(options);
  const deduplicator = new Deduplicator();
  const { limit = Infinity } = options;
  let count = 0;
  for await (const { records } of reading.records(files, prefilter, "reading")) {
    const found = records
      .filter((record) => matches(record) && deduplicator.isNew(record))
      .slice(0, limit - count)
      .map((record) => ({ record, owner: owners?.resolve(record) }));
    count += found.length;
    if (found.length > 0 && process.stdout.isTTY) reading.clearStatus();
    await output.print(found);
    if (count >= limit) break;
  }
  return count;
}

/** Reads log files one after the other, tells how far it is and what is wrong with them. */
class Reading {
  files = 0;
  readonly problems: LogProblem[] = [];
  readonly #told = new Set<string>();

  constructor(
    private readonly bucket: LogBucket,
    private readonly progress: Progress,
  ) {}

  /** The next pass counts its own files. */
  startAgain(): void {
    this.files = 0;
  }

  clearStatus(): void {
    this.progress.stop();
  }

  async *records(
    query: LogFileQuery,
    prefilter: Prefilter | undefined,
    what: string,
  ): AsyncGenerator<RecordBatch, void> {
    const { name } = this.bucket;
    this.progress.status("listing log files");
    const opened = mapInOrder(logFileKeys(this.bucket, query), FILES_AHEAD, async (key) => ({
      key,
      object: await this.bucket.get(name, key),
    }));
    for await (const { key, object } of opened) {
      this.files++;
      this.progress.status(`${what}: file ${this.files}, ${key.split("/").at(-1)}`);
      const file = `s3://${name}/${key}`;
      // A lifecycle rule may have removed it since it was listed.
      if (object === undefined) continue;
      for await (const batch of readRecords(object.body, { file, prefilter })) {
        this.#tell(batch.problems);
        yield batch;
      }
    }
  }

  /** Once, though a file may be read twice. */
  #tell(problems: readonly LogProblem[]): void {
    for (const problem of problems) {
      const { file = "", offset, index, what, how } = problem;
      const place = `${file}: ${index === undefined ? "" : `record ${index}, `}byte ${offset}`;
      if (this.#told.has(place)) continue;
      this.#told.add(place);
      this.problems.push(problem);
      this.progress.stop();
      say(`${place}: ${what} ${how}`);
    }
  }
}
