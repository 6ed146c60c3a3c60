/**
 * The log files of all accounts as tables of AWS's Data Catalog, for Athena. Their partitions are
 * projected: Athena works out their places from the table's properties, and nobody has to add any.
 *
 * Each of CloudTrail's folders has a table of its own. One table over all would have the columns of
 * every kind, most of them empty in each row, and a query that names no kind would scan, and bill,
 * them all.
 *
 * AWS documents projection for the logs of one account and region. That of several is our reading
 * of the types of projection: tried with a local engine, never on Athena.
 *
 * @see https://docs.aws.amazon.com/athena/latest/ug/create-cloudtrail-table-partition-projection.html
 * @see https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html
 */
import type { LogFolderName } from "../files/log-folders";
import { logsRoot, regionFolder } from "../files/log-layout";

/** How Athena knows the accounts: from a list in the table, or from each query's own filter. */
export const ACCOUNT_PROJECTIONS = ["enum", "injected"] as const;

/** One of {@link ACCOUNT_PROJECTIONS}. */
export type AccountProjection = (typeof ACCOUNT_PROJECTIONS)[number];

/**
 * Accounts up to which a list is the default. AWS: "we recommend limiting the use of `enum` based
 * partition projections to a few dozen or less". Three dozen is our reading.
 *
 * @see https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html
 */
export const ENUM_ACCOUNTS = 36;

/** What querying has unless something else is asked for. */
export const QUERY_DEFAULTS = {
  /** The name of the table of management and data events; those of the others begin with it. */
  tableName: "cloudtrail_logs",
  /** Days until a result expires. */
  resultsExpireDays: 30,
  /** Bytes that one query may scan: 100 GiB. */
  bytesScannedCutoffPerQuery: 107_374_182_400,
} as const;

/** What the table follows from. */
export interface LogTableInput {
  /** The log bucket's name. */
  readonly bucketName: string;
  /**
   * The part of every log file's key before `AWSLogs/`.
   * @default - none
   */
  readonly s3KeyPrefix?: string;
  /** Whose logs, one or more: twelve digits each. */
  readonly accountIds: readonly string[];
  /**
   * `enum`: the table lists the accounts, and a query may leave them out. `injected`: every query
   * has to name its accounts, with `account = '…'` or `account IN ('…', '…')`, and may name any.
   * @default - enum up to {@link ENUM_ACCOUNTS} accounts, injected above
   */
  readonly accountProjection?: AccountProjection;
  /** The regions that logs come from, one or more. */
  readonly regions: readonly string[];
  /** The first day with logs: `2026-01-31`. */
  readonly firstDay: string;
}

/** The table, as far as it depends on the bucket. */
export interface LogTable {
  /** `s3://bucket/prefix/AWSLogs/` */
  readonly location: string;
  /** The table's properties; `${…}` in them is Athena's. */
  readonly properties: Readonly<Record<string, string>>;
}

/**
 * The names of the tables, by folder.
 *
 * @param tableName that of management and data events
 */
export function logTableNames(tableName: string): Readonly<Record<LogFolderName, string>> {
  return {
    CloudTrail: tableName,
    "CloudTrail-Insight": `${tableName}_insights`,
    "CloudTrail-NetworkActivity": `${tableName}_network_activity`,
    "CloudTrail-Aggregated": `${tableName}_aggregated`,
  };
}

/** A table's location and the projection of its partitions. */
export function logTable(input: LogTableInput, name: LogFolderName = "CloudTrail"): LogTable {
  const { bucketName, s3KeyPrefix, accountIds, regions, firstDay } = input;
  const { accountProjection = defaultAccountProjection(accountIds) } = input;
  const root = `s3://${bucketName}/`;
  const place = { accountId: "${account}", region: "${region}", prefix: s3KeyPrefix };
  return {
    location: `${root}${logsRoot(s3KeyPrefix)}`,
    properties: {
      "projection.enabled": "true",
      "projection.account.type": accountProjection,
      // White space would be part of a value.
      ...(accountProjection === "enum"
        ? { "projection.account.values": accountIds.join(",") }
        : {}),
      "projection.region.type": "enum",
      "projection.region.values": regions.join(","),
      "projection.day.type": "date",
      "projection.day.format": "yyyy/MM/dd",
      "projection.day.range": `${firstDay.replaceAll("-", "/")},NOW`,
      "projection.day.interval": "1",
      "projection.day.interval.unit": "DAYS",
      "storage.location.template": `${root}${regionFolder(place, name)}\${day}`,
    },
  };
}

/** See {@link LogTableInput.accountProjection}. */
export function defaultAccountProjection(accountIds: readonly string[]): AccountProjection {
  return accountIds.length <= ENUM_ACCOUNTS ? "enum" : "injected";
}

/**
 * What is wrong with a day, as the end of a sentence that starts with "a day"; undefined where
 * nothing is.
 */
export function dayProblem(value: string): string | undefined {
  const [, year, month, day] = (/^(\d{4})-(\d\d)-(\d\d)$/.exec(value) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined)
    return "must look like 2026-01-31";
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const length = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return day >= 1 && day <= length ? undefined : "must be a day of the calendar";
}
