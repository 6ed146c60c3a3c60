/**
 * Queries over the log table, in Athena's SQL (engine version 3, which is Trino's).
 *
 * Each names its accounts, since a table with `injected` accounts refuses a query that does not,
 * and so that people see where to narrow it down; and its days, since without them Athena reads
 * every log file there is. A day is that of delivery, so it may be one later than the event's.
 *
 * @see https://docs.aws.amazon.com/athena/latest/ug/querying-cloudtrail-logs.html
 */
import type { LogFolderName } from "../files/log-folders";
import { RESOURCE_FIELDS, STATISTIC_FIELDS } from "./log-columns";
import { logTableNames } from "./log-table";

/** A query with a name. */
export interface SavedQuery {
  /** `redacted-bucket-owners` */
  readonly name: string;
  /** What it answers, in a sentence. */
  readonly description: string;
  /** One SELECT. */
  readonly sql: string;
}

/** What the queries are about. */
export interface SavedQueriesInput {
  /** The database's name. */
  readonly database: string;
  /** The name of the table of management and data events. */
  readonly table: string;
  /** The accounts to look at, one or more: twelve digits each. */
  readonly accountIds: readonly string[];
}

/** The queries that come with a log table. */
export function savedQueries(input: SavedQueriesInput): SavedQuery[] {
  return [
    redactedBucketOwners(input),
    accessDenied(input),
    rootActivity(input),
    consoleLogins(input),
    lastDayOfAccount(input),
    trailChanges(input),
    insights(input),
    vpcEndpointDenials(input),
    aggregatedActivity(input),
  ];
}

/**
 * The owner's copy of a shared event has the same `sharedEventID`, is for the owner, and names it.
 * That the two copies are joined so is our reading of two pages.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-receive-logs-from-multiple-accounts.html
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
function redactedBucketOwners(input: SavedQueriesInput): SavedQuery {
  return {
    name: "redacted-bucket-owners",
    description:
      "Denied calls of other accounts' buckets, where CloudTrail took the bucket owner's account ID out of the caller's copy, with the owner from the owner's copy",
    // DISTINCT: CloudTrail may deliver an event more than once.
    sql: `WITH buckets AS (
  SELECT DISTINCT
    eventid, sharedeventid, eventtime, eventname, errorcode, recipientaccountid,
    useridentity.arn AS caller,
    resource.arn AS bucket,
    resource.accountid AS bucketowner
  FROM ${tableOf(input)}
  CROSS JOIN UNNEST(resources) AS resource (${RESOURCE_FIELDS.join(", ")})
  WHERE ${partitions(input, 7)}
    AND eventsource = 's3.amazonaws.com'
    AND resource.type = 'AWS::S3::Bucket'
),
owners AS (
  SELECT DISTINCT sharedeventid, bucket, bucketowner
  FROM buckets
  WHERE bucketowner = recipientaccountid
)
SELECT
  redacted.eventtime,
  redacted.recipientaccountid AS calleraccount,
  redacted.caller,
  redacted.eventname,
  redacted.errorcode,
  redacted.bucket,
  owners.bucketowner,
  CASE WHEN owners.bucketowner IS NULL THEN 'no owner copy' ELSE 'owner copy' END AS ownerknownfrom,
  redacted.eventid,
  redacted.sharedeventid
FROM buckets AS redacted
LEFT JOIN owners
  ON owners.sharedeventid = redacted.sharedeventid
  AND owners.bucket = redacted.bucket
WHERE redacted.bucketowner = ''
ORDER BY redacted.eventtime DESC`,
  };
}

function accessDenied(input: SavedQueriesInput): SavedQuery {
  return {
    name: "access-denied-by-principal",
    description: "Who was refused what, and how often; a cross-account call is in both accounts",
    sql: `SELECT
  recipientaccountid,
  useridentity.accountid AS calleraccount,
  COALESCE(useridentity.arn, useridentity.principalid, useridentity.invokedby) AS principal,
  eventsource,
  eventname,
  errorcode,
  COUNT(DISTINCT eventid) AS events,
  MIN(eventtime) AS firsttime,
  MAX(eventtime) AS lasttime
FROM ${tableOf(input)}
WHERE ${partitions(input, 7)}
  AND (
    errorcode LIKE '%AccessDenied%'
    OR errorcode LIKE '%UnauthorizedOperation'
  )
GROUP BY 1, 2, 3, 4, 5, 6
ORDER BY events DESC, lasttime DESC`,
  };
}

function rootActivity(input: SavedQueriesInput): SavedQuery {
  return {
    name: "root-activity",
    description: "What root users did themselves, not AWS services on their behalf",
    sql: `SELECT DISTINCT
  eventtime, recipientaccountid, awsregion, eventsource, eventname, errorcode,
  sourceipaddress, useragent,
  useridentity.sessioncontext.attributes.mfaauthenticated AS mfaauthenticated,
  eventid
FROM ${tableOf(input)}
WHERE ${partitions(input, 7)}
  AND useridentity.type = 'Root'
  AND useridentity.invokedby IS NULL
  AND eventtype <> 'AwsServiceEvent'
ORDER BY eventtime DESC`,
  };
}

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html */
function consoleLogins(input: SavedQueriesInput): SavedQuery {
  return {
    name: "console-logins",
    description: "Who signed in to the console, from where, with or without MFA, and who failed to",
    sql: `SELECT DISTINCT
  eventtime, recipientaccountid,
  useridentity.type AS usertype,
  COALESCE(useridentity.arn, useridentity.username) AS principal,
  json_extract_scalar(responseelements, '$.ConsoleLogin') AS result,
  json_extract_scalar(additionaleventdata, '$.MFAUsed') AS mfaused,
  sourceipaddress, useragent, errormessage, eventid
FROM ${tableOf(input)}
WHERE ${partitions(input, 7)}
  AND eventsource = 'signin.amazonaws.com'
  AND eventname = 'ConsoleLogin'
ORDER BY eventtime DESC`,
  };
}

function lastDayOfAccount(input: SavedQueriesInput): SavedQuery {
  const oneAccount = { ...input, accountIds: input.accountIds.slice(0, 1) };
  return {
    name: "last-day-of-account",
    description:
      "All that happened in one account in the last 24 hours; write the account's ID into it",
    sql: `SELECT DISTINCT
  eventtime, awsregion, eventsource, eventname,
  COALESCE(useridentity.arn, useridentity.principalid, useridentity.invokedby) AS principal,
  sourceipaddress, errorcode, readonly, requestparameters, eventid
FROM ${tableOf(input)}
WHERE ${partitions(oneAccount, 1)}
  AND from_iso8601_timestamp(eventtime) >= current_timestamp - interval '1' day
ORDER BY eventtime DESC`,
  };
}

function trailChanges(input: SavedQueriesInput): SavedQuery {
  return {
    name: "trail-changes",
    description: "Who made, changed, stopped or deleted trails, or tried to",
    sql: `SELECT DISTINCT
  eventtime, recipientaccountid, awsregion, eventname, errorcode,
  COALESCE(useridentity.arn, useridentity.principalid, useridentity.invokedby) AS principal,
  sourceipaddress, requestparameters, eventid
FROM ${tableOf(input)}
WHERE ${partitions(input, 30)}
  AND eventsource = 'cloudtrail.amazonaws.com'
  AND eventname IN (
    'CreateTrail', 'DeleteTrail', 'PutEventSelectors', 'PutInsightSelectors',
    'StartLogging', 'StopLogging', 'UpdateTrail'
  )
ORDER BY eventtime DESC`,
  };
}

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-insights-fields-trails.html */
function insights(input: SavedQueriesInput): SavedQuery {
  return {
    name: "insights",
    description:
      "Unusual numbers of calls or errors: where each began and ended, with the average before and then",
    sql: `SELECT DISTINCT
  eventtime, recipientaccountid, awsregion,
  insightdetails.state AS state,
  insightdetails.insighttype AS insighttype,
  insightdetails.eventsource AS eventsource,
  insightdetails.eventname AS eventname,
  insightdetails.errorcode AS errorcode,
  insightdetails.insightcontext.statistics.baseline.average AS baselineaverage,
  insightdetails.insightcontext.statistics.insight.average AS insightaverage,
  sharedeventid, eventid
FROM ${tableOf(input, "CloudTrail-Insight")}
WHERE ${partitions(input, 30)}
ORDER BY eventtime DESC`,
  };
}

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-network-events-with-cloudtrail.html */
function vpcEndpointDenials(input: SavedQueriesInput): SavedQuery {
  return {
    name: "vpc-endpoint-denials",
    description: "Whose calls the policies of VPC endpoints denied, and how often",
    sql: `SELECT
  recipientaccountid,
  vpcendpointid,
  vpcendpointaccountid,
  useridentity.accountid AS calleraccount,
  COALESCE(useridentity.arn, useridentity.principalid, useridentity.invokedby) AS principal,
  eventsource,
  eventname,
  COUNT(DISTINCT eventid) AS events,
  MIN(eventtime) AS firsttime,
  MAX(eventtime) AS lasttime
FROM ${tableOf(input, "CloudTrail-NetworkActivity")}
WHERE ${partitions(input, 7)}
  AND errorcode = 'VpceAccessDenied'
GROUP BY 1, 2, 3, 4, 5, 6, 7
ORDER BY events DESC, lasttime DESC`,
  };
}

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aggregated-events.html */
function aggregatedActivity(input: SavedQueriesInput): SavedQuery {
  return {
    name: "aggregated-activity",
    description: "Data events as aggregated events count them: by event, by resource or by caller",
    // DISTINCT: CloudTrail may deliver an event more than once.
    sql: `WITH counted AS (
  SELECT DISTINCT
    eventid, accountid, eventsource,
    timewindow.windowstart AS windowstart,
    summary.primarydimension.dimension AS dimension,
    statistic.name AS name,
    statistic.value AS value
  FROM ${tableOf(input, "CloudTrail-Aggregated")}
  CROSS JOIN UNNEST(summary.primarydimension.statistics) AS statistic (${STATISTIC_FIELDS.join(", ")})
  WHERE ${partitions(input, 7)}
)
SELECT
  accountid, eventsource, dimension, name,
  SUM(CAST(value AS bigint)) AS events,
  MIN(windowstart) AS firsttime,
  MAX(windowstart) AS lasttime
FROM counted
GROUP BY 1, 2, 3, 4
ORDER BY events DESC`,
  };
}

function tableOf(
  { database, table }: SavedQueriesInput,
  folder: LogFolderName = "CloudTrail",
): string {
  return `"${database}"."${logTableNames(table)[folder]}"`;
}

/**
 * The filter of accounts and of the last days. Both are known before anything is read, as
 * `injected` asks.
 */
function partitions({ accountIds }: SavedQueriesInput, days: number): string {
  const accounts = accountIds.map((account) => `'${account}'`).join(", ");
  return `account IN (${accounts})
    AND day >= date_format(current_date - interval '${days}' day, '%Y/%m/%d')`;
}
