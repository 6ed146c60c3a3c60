import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { logFileKey } from "../../../cloudtrail/files/log-layout";
import type { LogFolderName } from "../../../cloudtrail/files/log-folders";
import { type LogTableInput, logTableNames } from "../../../cloudtrail/table/log-table";
import type { CloudTrailRecord } from "../../../cloudtrail/records/record";
import { savedQueries } from "../../../cloudtrail/table/saved-queries";
import { aggregated, insight, networkActivity } from "../../support/record-kinds";
import { LocalLogTable, type Row, translated } from "../../support/log-table";

const OWNER = "111111111111";
const CALLER = "222222222222";
const UNLISTED = "999999999999";
const PREFIX = "org";

const INPUT: LogTableInput = {
  bucketName: "the-logs",
  s3KeyPrefix: PREFIX,
  accountIds: [OWNER, CALLER],
  regions: ["us-east-1", "eu-west-1"],
  firstDay: "2020-01-01",
};
const NAMES = { database: "central_trail", table: "cloudtrail_logs" };
const QUERIES = savedQueries({ ...NAMES, accountIds: INPUT.accountIds });
const HOUR = 3_600_000;

/** `2026-01-31T23:55:00Z`, some hours ago. */
function ago(hours: number): string {
  return new Date(Date.now() - hours * HOUR).toISOString().replace(/\.\d+/, "");
}

let folder: string;
let loaded: LocalLogTable | undefined;
let files: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "central-trail-test-"));
  files = 0;
});
afterEach(() => {
  loaded?.close();
  loaded = undefined;
  rmSync(folder, { recursive: true });
});

/** Delivers a log file, of the day of its first record. */
function deliver(
  accountId: string,
  records: readonly CloudTrailRecord[],
  { region = "us-east-1", prefix = PREFIX, deliveredAt = records[0]!.eventTime ?? ago(1) } = {},
  name: LogFolderName = "CloudTrail",
): void {
  files += 1;
  const uniqueString = String(files).padStart(16, "0");
  const key = logFileKey({
    accountId,
    region,
    prefix,
    deliveredAt,
    uniqueString,
    folder: name,
  });
  mkdirSync(dirname(join(folder, key)), { recursive: true });
  writeFileSync(join(folder, key), gzipSync(JSON.stringify({ Records: records })));
}

async function load(input: Partial<LogTableInput> = {}): Promise<LocalLogTable> {
  loaded = await LocalLogTable.load(folder, { ...INPUT, ...input }, NAMES);
  return loaded;
}

async function run(name: string): Promise<Row[]> {
  const table = loaded ?? (await load());
  return table.query(QUERIES.find((query) => query.name === name)!.sql);
}

const bucket = (name: string, accountId?: string) => ({
  ...(accountId === undefined ? {} : { accountId }),
  type: "AWS::S3::Bucket",
  ARN: `arn:aws:s3:::${name}`,
});

/** The caller's copy of a call of a bucket; others change what they need. */
function s3Call(changes: CloudTrailRecord = {}): CloudTrailRecord {
  return {
    eventVersion: "1.10",
    eventTime: ago(2),
    eventSource: "s3.amazonaws.com",
    eventName: "PutObject",
    awsRegion: "us-east-1",
    errorCode: "AccessDenied",
    userIdentity: { type: "AssumedRole", arn: `arn:aws:sts::${CALLER}:assumed-role/app/i-1` },
    requestParameters: { bucketName: "test-my-bucket-2", key: "x" },
    eventID: "caller-copy",
    sharedEventID: "shared-1",
    recipientAccountId: CALLER,
    readOnly: false,
    eventCategory: "Data",
    eventType: "AwsApiCall",
    resources: [
      { type: "AWS::S3::Object", ARNPrefix: "arn:aws:s3:::test-my-bucket-2/" },
      bucket("test-my-bucket-2", ""),
    ],
    ...changes,
  };
}

function ownerCopy(changes: CloudTrailRecord = {}): CloudTrailRecord {
  return s3Call({
    eventID: "owner-copy",
    recipientAccountId: OWNER,
    userIdentity: { type: "AWSAccount", principalId: "AROAX:i-1", accountId: CALLER },
    resources: [
      { type: "AWS::S3::Object", ARNPrefix: "arn:aws:s3:::test-my-bucket-2/" },
      bucket("test-my-bucket-2", OWNER),
    ],
    ...changes,
  });
}

describe("redacted-bucket-owners", () => {
  test("a redacted caller copy gets its owner back from the owner's copy", async () => {
    deliver(CALLER, [s3Call()]);
    deliver(OWNER, [ownerCopy()]);
    const row = {
      calleraccount: CALLER,
      caller: `arn:aws:sts::${CALLER}:assumed-role/app/i-1`,
      eventname: "PutObject",
      errorcode: "AccessDenied",
      bucket: "arn:aws:s3:::test-my-bucket-2",
      bucketowner: OWNER,
      ownerknownfrom: "owner copy",
      eventid: "caller-copy",
      sharedeventid: "shared-1",
    };
    const rows = await run("redacted-bucket-owners");
    expect(rows).toEqual([{ ...row, eventtime: expect.stringMatching(/^\d{4}-.*Z$/) as string }]);
  });

  test("copies that were delivered on different days, and twice, are one row", async () => {
    const copy = s3Call();
    deliver(CALLER, [copy], { deliveredAt: ago(30) });
    deliver(CALLER, [copy]);
    deliver(OWNER, [ownerCopy(), ownerCopy({ eventID: "owner-copy-of-another-trail" })]);
    expect(await run("redacted-bucket-owners")).toMatchObject([
      { eventid: "caller-copy", bucketowner: OWNER },
    ]);
  });

  test.each<[string, CloudTrailRecord | undefined]>([
    ["there is none", undefined],
    ["it is of another event", ownerCopy({ sharedEventID: "shared-2" })],
    ["it is of another bucket", ownerCopy({ resources: [bucket("another-bucket", OWNER)] })],
    [
      "it is not an owner's: the account named is not the recipient",
      ownerCopy({ recipientAccountId: CALLER }),
    ],
  ])("without an owner copy the row says so: %s", async (_, other) => {
    deliver(CALLER, [s3Call()]);
    if (other) deliver(OWNER, [other]);
    expect(await run("redacted-bucket-owners")).toMatchObject([
      { eventid: "caller-copy", bucketowner: null, ownerknownfrom: "no owner copy" },
    ]);
  });

  test("a record without sharedEventID is joined with nothing", async () => {
    deliver(CALLER, [s3Call({ sharedEventID: undefined })]);
    deliver(OWNER, [ownerCopy({ sharedEventID: undefined })]);
    expect(await run("redacted-bucket-owners")).toMatchObject([{ bucketowner: null }]);
  });

  test.each<[string, CloudTrailRecord]>([
    ["allowed", s3Call({ errorCode: undefined, resources: [bucket("b", OWNER)] })],
    ["denied, with the owner shown, as it was once", s3Call({ resources: [bucket("b", OWNER)] })],
    [
      "without an accountId, which is missing and not redacted",
      s3Call({ resources: [bucket("b")] }),
    ],
    ["of another service", s3Call({ eventSource: "kms.amazonaws.com" })],
    ["without resources", s3Call({ resources: undefined })],
    ["long ago", s3Call({ eventTime: ago(24 * 9) })],
  ])("not listed: a call that is %s", async (_, record) => {
    deliver(CALLER, [record]);
    expect(await run("redacted-bucket-owners")).toEqual([]);
  });
});

describe("what the projection gives", () => {
  const partitions = async (input: Partial<LogTableInput> = {}): Promise<unknown[]> => {
    const table = await load(input);
    const rows = await table.query(
      `SELECT account, region, day FROM ${NAMES.database}.${NAMES.table} ORDER BY 1, 2, 3`,
    );
    return rows.map(({ account, region, day }) => [account, region, day].join(" "));
  };

  test("accounts, regions and days of the files' keys", async () => {
    const at = { eventTime: "2026-01-31T23:58:00Z" };
    deliver(CALLER, [s3Call(at)], { deliveredAt: "2026-02-01T00:05Z" });
    deliver(OWNER, [s3Call(at), s3Call(at)], { region: "eu-west-1" });
    expect(await partitions()).toEqual([
      `${OWNER} eu-west-1 2026/01/31`,
      `${OWNER} eu-west-1 2026/01/31`,
      `${CALLER} us-east-1 2026/02/01`,
    ]);
  });

  test.each<[string, Parameters<typeof deliver>[2], string?]>([
    ["of another prefix", { prefix: "other" }],
    ["of a region that is not listed", { region: "ap-south-1" }],
    ["of an account that is not listed", {}, UNLISTED],
    ["of a day before the first", { deliveredAt: "2019-12-31T23:59Z" }],
  ])("no file %s", async (_, place, account = CALLER) => {
    deliver(account, [s3Call()], place);
    expect(await partitions()).toEqual([]);
  });

  test("with injected, any account that a query names", async () => {
    deliver(UNLISTED, [s3Call({ eventTime: "2026-01-31T10:00:00Z" })]);
    const accountProjection = "injected";
    expect(await partitions({ accountProjection })).toEqual([`${UNLISTED} us-east-1 2026/01/31`]);
  });
});

test("access-denied-by-principal counts each event once, for each recipient", async () => {
  const denied = s3Call({ eventID: "a" });
  deliver(CALLER, [denied, denied, s3Call({ eventID: "b" }), s3Call({ errorCode: undefined })]);
  deliver(OWNER, [
    ownerCopy(),
    s3Call({
      eventSource: "ec2.amazonaws.com",
      eventName: "RunInstances",
      errorCode: "Client.UnauthorizedOperation",
      recipientAccountId: OWNER,
    }),
    s3Call({ errorCode: "NoSuchKey" }),
  ]);
  const rows = await run("access-denied-by-principal");
  const told = rows.map(({ recipientaccountid, principal, eventname, events }) =>
    [recipientaccountid, principal, eventname, events].join(" "),
  );
  const role = `arn:aws:sts::${CALLER}:assumed-role/app/i-1`;
  expect(told[0]).toBe(`${CALLER} ${role} PutObject 2`);
  expect(told.slice(1).sort()).toEqual([
    `${OWNER} AROAX:i-1 PutObject 1`,
    `${OWNER} ${role} RunInstances 1`,
  ]);
});

test("root-activity is the root users' own", async () => {
  const root = (eventID: string, changes: CloudTrailRecord = {}): CloudTrailRecord =>
    s3Call({
      eventID,
      userIdentity: {
        type: "Root",
        sessionContext: { attributes: { mfaAuthenticated: "true" } },
      },
      ...changes,
    });
  deliver(CALLER, [
    root("own"),
    root("by-service", { userIdentity: { type: "Root", invokedBy: "support.amazonaws.com" } }),
    root("service-event", { eventType: "AwsServiceEvent" }),
    s3Call(),
  ]);
  expect(await run("root-activity")).toMatchObject([{ eventid: "own", mfaauthenticated: "true" }]);
});

test("console-logins tell result and MFA", async () => {
  const login = s3Call({
    eventSource: "signin.amazonaws.com",
    eventName: "ConsoleLogin",
    eventID: "login",
    responseElements: { ConsoleLogin: "Failure" },
    additionalEventData: { MFAUsed: "No", LoginTo: "https://console.aws.amazon.com/" },
    userIdentity: { type: "IAMUser", userName: "alice" },
  });
  deliver(CALLER, [login, s3Call()]);
  expect(await run("console-logins")).toMatchObject([
    { eventid: "login", result: "Failure", mfaused: "No", principal: "alice" },
  ]);
});

test("last-day-of-account has one account and 24 hours", async () => {
  deliver(OWNER, [s3Call({ eventID: "now" }), s3Call({ eventID: "older", eventTime: ago(25) })]);
  deliver(CALLER, [s3Call()]);
  expect(await run("last-day-of-account")).toMatchObject([
    // Objects in string columns are JSON texts.
    {
      eventid: "now",
      requestparameters: '{"bucketName":"test-my-bucket-2","key":"x"}',
      readonly: "false",
    },
  ]);
});

test("trail-changes has attempts too, newest first", async () => {
  const change = (eventName: string, hours: number, changes: CloudTrailRecord = {}) =>
    s3Call({
      eventSource: "cloudtrail.amazonaws.com",
      eventName,
      eventTime: ago(hours),
      errorCode: undefined,
      ...changes,
    });
  deliver(CALLER, [
    change("StopLogging", 3, { errorCode: "AccessDenied" }),
    change("DeleteTrail", 2),
    change("LookupEvents", 1),
    change("DeleteTrail", 1, { eventSource: "other.amazonaws.com" }),
  ]);
  deliver(OWNER, [change("PutEventSelectors", 4), change("UpdateTrail", 5)]);
  const rows = await run("trail-changes");
  expect(rows.map(({ eventname, errorcode }) => [eventname, errorcode])).toEqual([
    ["DeleteTrail", null],
    ["StopLogging", "AccessDenied"],
    ["PutEventSelectors", null],
    ["UpdateTrail", null],
  ]);
});

/** The lines that are translated. */
const UNNESTED: Readonly<Record<string, readonly string[]>> = {
  "redacted-bucket-owners": [
    "  CROSS JOIN UNNEST(resources) AS resource (arn, accountid, type, arnprefix)",
  ],
  "aggregated-activity": [
    "  CROSS JOIN UNNEST(summary.primarydimension.statistics) AS statistic (name, value)",
  ],
};

describe.each(QUERIES)("$name", ({ name, sql, description }) => {
  test("names its accounts and its days each time that it reads the table", () => {
    const tables = Object.values(logTableNames(NAMES.table)).join("|");
    const reads = sql.split(new RegExp(`"${NAMES.database}"\\."(?:${tables})"`)).slice(1);
    expect(reads.length).toBeGreaterThan(0);
    const accounts = name === "last-day-of-account" ? `'${OWNER}'` : `'${OWNER}', '${CALLER}'`;
    for (const read of reads) {
      const filter = new RegExp(
        `WHERE account IN \\(${accounts}\\)\\s+AND day >= date_format\\(current_date - interval '\\d+' day, '%Y/%m/%d'\\)`,
      );
      expect(read).toMatch(filter);
    }
  });

  test("can be saved: name, description and text are as long as Athena takes, and are Terraform's as they stand", () => {
    expect(name).toMatch(/^[a-z-]{1,128}$/);
    expect(description.length).toBeLessThanOrEqual(1_024);
    expect(sql).not.toMatch(/[$%]\{/);
  });

  test("runs over no files at all, translated in one place at most", async () => {
    expect(await run(name)).toEqual([]);
    const changed = sql.split("\n").filter((line) => translated(line) !== line);
    expect(changed).toEqual(UNNESTED[name] ?? []);
  });
});

describe("the tables of other folders", () => {
  test("insights: each beginning and end once, with what was unusual", async () => {
    const start = insight({ eventTime: ago(3) });
    const details = { ...start.insightDetails, state: "End" };
    const end = insight({ eventID: "insight-end", eventTime: ago(2), insightDetails: details });
    deliver(CALLER, [start, start, end], {}, "CloudTrail-Insight");
    deliver(UNLISTED, [start], {}, "CloudTrail-Insight");
    const what = {
      recipientaccountid: CALLER,
      insighttype: "ApiErrorRateInsight",
      state: "End",
      eventsource: "ssm.amazonaws.com",
      eventname: "UpdateInstanceInformation",
      errorcode: "AccessDenied",
      baselineaverage: "0.0017857143",
      insightaverage: "4",
      sharedeventid: "insight-1",
      eventid: "insight-end",
    };
    expect(await run("insights")).toMatchObject([
      what,
      { ...what, state: "Start", eventid: "insight-start" },
    ]);
  });

  test("vpc-endpoint-denials: whose calls, through which endpoint, and how many", async () => {
    const again = networkActivity({ eventID: "network-2", eventTime: ago(2) });
    const first = networkActivity({ eventTime: ago(3) });
    const allowed = networkActivity({ eventID: "network-3", errorCode: undefined });
    deliver(CALLER, [first, first, again, allowed], {}, "CloudTrail-NetworkActivity");
    deliver(CALLER, [networkActivity({ eventID: "elsewhere", eventTime: ago(2) })]);
    expect(await run("vpc-endpoint-denials")).toEqual([
      {
        recipientaccountid: CALLER,
        vpcendpointid: "vpce-0123456789abcdef0",
        vpcendpointaccountid: CALLER,
        calleraccount: "333333333333",
        principal: "AROAX:one",
        eventsource: "kms.amazonaws.com",
        eventname: "Decrypt",
        events: "2",
        firsttime: first.eventTime,
        lasttime: again.eventTime,
      },
    ]);
  });

  test("aggregated-activity: what was counted, no window twice", async () => {
    const window = (hours: number) => ({ windowStart: ago(hours), windowEnd: ago(hours) });
    const first = aggregated({ timeWindow: window(3) });
    const second = aggregated({ timeWindow: window(2), eventId: "aggregated-2" });
    deliver(CALLER, [first, first, second], {}, "CloudTrail-Aggregated");
    const row = {
      accountid: CALLER,
      eventsource: "s3.amazonaws.com",
      dimension: "eventName",
      firsttime: first.timeWindow!.windowStart,
      lasttime: second.timeWindow!.windowStart,
    };
    expect(await run("aggregated-activity")).toEqual([
      { ...row, name: "GetObject", events: "2000" },
      { ...row, name: "PutObject", events: "6" },
    ]);
  });

  test("what lies in one folder is in no other's table", async () => {
    deliver(CALLER, [s3Call()]);
    deliver(CALLER, [insight({ eventTime: ago(2) })], {}, "CloudTrail-Insight");
    const table = await load();
    const counts = Object.values(logTableNames(NAMES.table)).map((name) =>
      table.query(`SELECT COUNT(*) AS rows FROM ${NAMES.database}.${name}`),
    );
    expect((await Promise.all(counts)).flat()).toEqual(
      ["1", "1", "0", "0"].map((rows) => ({ rows })),
    );
  });
});
