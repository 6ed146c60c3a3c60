/**
 * The log files of all accounts as one table of AWS's Data Catalog, for Athena. Its partitions are
 * projected: Athena works out their places from the table's properties, and nobody has to add any.
 *
 * AWS documents projection for the logs of one account and region. That of several is our reading of
 * the types of projection: tried with a local engine, never on Athena.
 *
 * @see https://docs.aws.amazon.com/athena/latest/ug/create-cloudtrail-table-partition-projection.html
 * @see https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html
 */
import { accountFolder } from "../files/log-layout";

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
  /** The table's name. */
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
   * `enum`: the table lists the accounts, and a query may leave them out. `injected`: every query has
   * to name its accounts, with `account = '…'` or `account IN ('…', '…')`, and may name any.
   * @default - enum up to {@link ENUM_ACCOUNTS} accounts, injected above
   */
  readonly accountProjection?: AccountProjection;
  /** The regions that logs come from, one or more. */
  readonly regions: readonly string[];
  /** The first day with logs: `2026-01-31`. */
  readonly firstDay: string;
}

/** A column: its name and its Hive type. */
export interface LogTableColumn {
  /** In lower case, as Athena has it. */
  readonly name: string;
  /** `string`, `array<struct<…>>` and so on. */
  readonly type: string;
}

/** The table, as far as it depends on the bucket. */
export interface LogTable {
  /** `s3://bucket/prefix/AWSLogs/` */
  readonly location: string;
  /** The table's properties; `${…}` in them is Athena's. */
  readonly properties: Readonly<Record<string, string>>;
}

/** The table's location and the projection of its partitions. */
export function logTable(input: LogTableInput): LogTable {
  const { bucketName, s3KeyPrefix, accountIds, regions, firstDay } = input;
  const { accountProjection = defaultAccountProjection(accountIds) } = input;
  const folder = `s3://${bucketName}/${accountFolder("${account}", s3KeyPrefix)}`;
  return {
    location: folder.slice(0, folder.indexOf("${account}")),
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
      "storage.location.template": `${folder}CloudTrail/\${region}/\${day}`,
    },
  };
}

/** See {@link LogTableInput.accountProjection}. */
export function defaultAccountProjection(accountIds: readonly string[]): AccountProjection {
  return accountIds.length <= ENUM_ACCOUNTS ? "enum" : "injected";
}

/** The partition columns, in the order of the keys' parts. The day is that of delivery. */
export const PARTITION_COLUMNS = columns({ account: "string", region: "string", day: "string" });

/**
 * The fields of `resources`, in their order: `UNNEST` makes columns of them. `arnprefix`, which S3's
 * objects have in place of the ARN, is not in AWS's statement, and is last so that AWS's own queries fit.
 */
export const RESOURCE_FIELDS = ["arn", "accountid", "type", "arnprefix"] as const;

/** The columns of AWS's statement. Objects in `string` columns, such as requestparameters, are JSON texts. */
export const LOG_COLUMNS = columns({
  eventversion: "string",
  useridentity: struct({
    type: "string",
    principalid: "string",
    arn: "string",
    accountid: "string",
    invokedby: "string",
    accesskeyid: "string",
    username: "string",
    onbehalfof: struct({ userid: "string", identitystorearn: "string" }),
    sessioncontext: struct({
      attributes: struct({ mfaauthenticated: "string", creationdate: "string" }),
      sessionissuer: struct({
        type: "string",
        principalid: "string",
        arn: "string",
        accountid: "string",
        username: "string",
      }),
      ec2roledelivery: "string",
      webidfederationdata: struct({
        federatedprovider: "string",
        attributes: "map<string,string>",
      }),
    }),
  }),
  eventtime: "string",
  eventsource: "string",
  eventname: "string",
  awsregion: "string",
  sourceipaddress: "string",
  useragent: "string",
  errorcode: "string",
  errormessage: "string",
  requestparameters: "string",
  responseelements: "string",
  additionaleventdata: "string",
  requestid: "string",
  eventid: "string",
  readonly: "string",
  resources: `array<${struct(Object.fromEntries(RESOURCE_FIELDS.map((name) => [name, "string"])))}>`,
  eventtype: "string",
  apiversion: "string",
  recipientaccountid: "string",
  serviceeventdetails: "string",
  sharedeventid: "string",
  vpcendpointid: "string",
  vpcendpointaccountid: "string",
  eventcategory: "string",
  addendum: struct({
    reason: "string",
    updatedfields: "string",
    originalrequestid: "string",
    originaleventid: "string",
  }),
  sessioncredentialfromconsole: "string",
  edgedevicedetails: "string",
  tlsdetails: struct({
    tlsversion: "string",
    ciphersuite: "string",
    clientprovidedhostheader: "string",
  }),
});

function columns(types: Readonly<Record<string, string>>): readonly LogTableColumn[] {
  return Object.entries(types).map(([name, type]) => ({ name, type }));
}

function struct(fields: Readonly<Record<string, string>>): string {
  const list = Object.entries(fields).map(([name, type]) => `${name}:${type}`);
  return `struct<${list.join(",")}>`;
}

/** What is wrong with a day, as the end of a sentence that starts with "a day"; undefined where nothing is. */
export function dayProblem(value: string): string | undefined {
  const [, year, month, day] = (/^(\d{4})-(\d\d)-(\d\d)$/.exec(value) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined)
    return "must look like 2026-01-31";
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const length = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return day >= 1 && day <= length ? undefined : "must be a day of the calendar";
}
