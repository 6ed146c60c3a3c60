import type { LogFolderName } from "../files/log-folders";

/**
 * The columns of the tables. Numbers are `string`, as in AWS's statement, and so are objects whose
 * fields nobody lists, such as requestparameters: those are JSON texts.
 */

/** A column: its name and its Hive type. */
export interface LogTableColumn {
  /** In lower case, as Athena has it. */
  readonly name: string;
  /** `string`, `array<struct<…>>` and so on. */
  readonly type: string;
}

/** The partition columns, in the order of the keys' parts. The day is that of delivery. */
export const PARTITION_COLUMNS = columns({ account: "string", region: "string", day: "string" });

/**
 * The fields of `resources`, in their order: `UNNEST` makes columns of them. `arnprefix`, which
 * S3's objects have in place of the ARN, is not in AWS's statement, and is last so that AWS's own
 * queries fit.
 */
export const RESOURCE_FIELDS = ["arn", "accountid", "type", "arnprefix"] as const;

/** The fields of what aggregated events count, in their order. */
export const STATISTIC_FIELDS = ["name", "value"] as const;

/** The columns of AWS's statement. */
const EVENT_COLUMNS = columns({
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
  resources: `array<${texts(RESOURCE_FIELDS)}>`,
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

/**
 * The fields of AWS's page on Insights records.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-insights-fields-trails.html
 */
const INSIGHT_COLUMNS = columns({
  eventversion: "string",
  eventtime: "string",
  awsregion: "string",
  eventid: "string",
  eventtype: "string",
  recipientaccountid: "string",
  sharedeventid: "string",
  insightdetails: struct({
    state: "string",
    eventsource: "string",
    eventname: "string",
    insighttype: "string",
    errorcode: "string",
    insightcontext: struct({
      statistics: struct({
        baseline: texts(["average"]),
        insight: texts(["average"]),
        insightduration: "string",
        baselineduration: "string",
      }),
      attributions: `array<${struct({
        attribute: "string",
        insight: `array<${texts(["value", "average"])}>`,
        baseline: `array<${texts(["value", "average"])}>`,
      })}>`,
    }),
  }),
  eventcategory: "string",
});

const COUNTED = struct({
  dimension: "string",
  statistics: `array<${texts(STATISTIC_FIELDS)}>`,
});

/**
 * The fields of AWS's page on aggregated records.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aggregated-events.html
 */
const AGGREGATED_COLUMNS = columns({
  eventversion: "string",
  accountid: "string",
  eventid: "string",
  eventcategory: "string",
  eventtype: "string",
  awsregion: "string",
  eventsource: "string",
  timewindow: texts(["windowstart", "windowend", "windowsize"]),
  summary: struct({ primarydimension: COUNTED, details: `array<${COUNTED}>` }),
});

/** The columns of each folder's table, in their order. */
export const LOG_COLUMNS: Readonly<Record<LogFolderName, readonly LogTableColumn[]>> = {
  CloudTrail: EVENT_COLUMNS,
  "CloudTrail-Insight": INSIGHT_COLUMNS,
  "CloudTrail-NetworkActivity": EVENT_COLUMNS,
  "CloudTrail-Aggregated": AGGREGATED_COLUMNS,
};

function columns(types: Readonly<Record<string, string>>): readonly LogTableColumn[] {
  return Object.entries(types).map(([name, type]) => ({ name, type }));
}

function struct(fields: Readonly<Record<string, string>>): string {
  const list = Object.entries(fields).map(([name, type]) => `${name}:${type}`);
  return `struct<${list.join(",")}>`;
}

/** A struct whose fields are all texts. */
function texts(names: readonly string[]): string {
  return struct(Object.fromEntries(names.map((name) => [name, "string"])));
}
