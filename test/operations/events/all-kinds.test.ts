import { gzipSync } from "node:zlib";
import type { LogFolderName } from "../../../cloudtrail/files/log-folders";
import { logFileKey } from "../../../cloudtrail/files/log-layout";
import type { CloudTrailRecord } from "../../../cloudtrail/records/record";
import type { EventFormat } from "../../../operations/events/event-output";
import type { LeftOut } from "../../../operations/events/left-out";
import type { EventsOptions } from "../../../operations/events/events";
import { SEARCHED_BUCKET, type Searched, searchEvents } from "../../support/event-search";
import { LoopbackS3, s3Error } from "../../support/loopback-s3";
import { aggregated, CALLER_ARN, insight, networkActivity } from "../../support/record-kinds";

const ACCOUNT = "222222222222";
const NOW = Date.UTC(2026, 0, 31, 11, 0);
const at = (time: string): number => Date.parse(`2026-01-31T${time}Z`);

let s3: LoopbackS3;

beforeEach(async () => {
  s3 = await LoopbackS3.start(SEARCHED_BUCKET);
});
afterEach(() => {
  s3.stop();
  jest.restoreAllMocks();
});

/** Delivers a file, each a minute behind the one before. */
function deliver(folder: LogFolderName | undefined, ...records: readonly CloudTrailRecord[]): void {
  const key = logFileKey({
    accountId: ACCOUNT,
    region: "us-east-1",
    folder,
    uniqueString: "unique",
    deliveredAt: `2026-01-31T10:${10 + s3.objects.size}Z`,
  });
  s3.objects.set(key, gzipSync(JSON.stringify({ Records: records })));
}

interface Found extends Omit<Searched, "said"> {
  readonly said: string;
}

async function search(output: EventFormat, options: Partial<EventsOptions> = {}): Promise<Found> {
  const found = await searchEvents(s3, { since: 7200, output, now: NOW, ...options });
  return { ...found, said: found.said.join("") };
}

async function ids(options: Partial<EventsOptions> = {}): Promise<unknown[]> {
  const { stdout } = await search("ndjson", options);
  return stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as CloudTrailRecord)
    .map(({ eventID, eventId }) => eventID ?? eventId);
}

const call: CloudTrailRecord = {
  eventVersion: "1.11",
  eventTime: "2026-01-31T10:00:00Z",
  eventSource: "s3.amazonaws.com",
  eventName: "GetObject",
  eventID: "call",
  recipientAccountId: ACCOUNT,
  userIdentity: { type: "AssumedRole", arn: CALLER_ARN },
  requestParameters: { bucketName: "payments" },
  eventCategory: "Data",
};

/** One file of each kind, with one record twice. */
function deliverAll(): void {
  deliver(undefined, call);
  deliver("CloudTrail-Insight", insight());
  deliver("CloudTrail-NetworkActivity", networkActivity(), networkActivity());
  deliver("CloudTrail-Aggregated", aggregated(), aggregated(), aggregated({ eventId: "other" }));
  deliver("CloudTrail-Insight", insight());
}

const ALL = ["call", "insight-start", "network-1", "aggregated-1", "other"];

test("each kind is found, each record once, in the order of delivery", async () => {
  deliverAll();
  const { code, said } = await search("json");
  expect(said).toContain("5 events in 5 log files.");
  expect(said).not.toContain("Left out");
  expect(code).toBe(0);
  expect(await ids()).toEqual(ALL);
});

test.each<[string, Partial<EventsOptions>, readonly string[]]>([
  ["an Insights event's own name", { eventName: "UpdateInstanceInformation" }, ["insight-start"]],
  ["an Insights event's own source", { eventSource: "ssm" }, ["insight-start"]],
  ["a network activity event's name", { eventName: "Decrypt" }, ["network-1"]],
  ["an endpoint's refusal", { errorCode: "VpceAccessDenied" }, ["network-1"]],
  ["a name that is counted", { eventName: "PutObject" }, ["aggregated-1", "other"]],
  ["a name of a call and counted", { eventName: "GetObject" }, ["call", "aggregated-1", "other"]],
  ["no name, but a word of the record", { eventName: "eventName" }, []],
  ["an error", { errorCode: "AccessDenied" }, ["insight-start", "aggregated-1", "other"]],
  ["a bucket", { bucket: "payments" }, ["call", "aggregated-1", "other"]],
  ["a caller", { principal: CALLER_ARN }, ["call", "insight-start", "aggregated-1", "other"]],
  ["another account's caller", { principal: "333333333333" }, ["network-1"]],
  ["the first moment", { since: undefined, from: at("10:00:00"), to: at("10:00:01") }, ALL],
  ["within a window", { since: undefined, from: at("10:04:59") }, ["aggregated-1", "other"]],
  ["behind a window, whose end is not in it", { since: undefined, from: at("10:05:00") }, []],
  ["before all", { since: undefined, from: at("09:00:00"), to: at("10:00:00") }, []],
])("filtered by %s", async (_, options, expected) => {
  deliverAll();
  expect(await ids(options)).toEqual(expected);
});

test("the table shows each kind by its own fields", async () => {
  deliverAll();
  const { stdout } = await search("table");
  const rows = stdout.split("\n").map((row) => row.split(/ {2,}/));
  const start = ["2026-01-31T10:00:00Z", ACCOUNT];
  expect(rows.slice(2, 5)).toEqual([
    [
      ...start,
      "us-east-1",
      "ssm:UpdateInstanceInformation ApiErrorRateInsight Start",
      "AccessDenied",
      "-",
      CALLER_ARN,
    ],
    [...start, "us-east-1", "kms:Decrypt", "VpceAccessDenied", "-", "AROAX:one"],
    [...start, "us-east-1", "s3:GetObject,PutObject", "AccessDenied", "payments", CALLER_ARN],
  ]);
});

test("JSON has the records' own text", async () => {
  deliver("CloudTrail-Aggregated", aggregated());
  const { stdout } = await search("json");
  expect(JSON.parse(stdout)).toEqual({
    records: [aggregated()],
    files: 1,
    problems: [],
    leftOut: [],
  });
});

test("a time window that cannot be read may be of any time", async () => {
  deliver(
    "CloudTrail-Aggregated",
    aggregated(),
    aggregated({ timeWindow: { windowStart: "yesterday" }, eventId: "odd" }),
    aggregated({ timeWindow: undefined, eventId: "none" }),
  );
  expect(await ids({ since: undefined, from: at("09:00:00"), to: at("10:00:00") })).toEqual([
    "odd",
    "none",
  ]);
});

describe("what is left out", () => {
  async function leftOut(options: Partial<EventsOptions> = {}): Promise<readonly LeftOut[]> {
    const { stdout, code } = await search("json", options);
    expect(code).toBe(0);
    return (JSON.parse(stdout) as { leftOut: readonly LeftOut[] }).leftOut;
  }
  const place = (key: string, reason: string): LeftOut => ({
    file: `s3://${SEARCHED_BUCKET}/${key}`,
    reason,
  });
  const folder = `AWSLogs/${ACCOUNT}/`;

  test("a folder below an account's that is not known", async () => {
    deliverAll();
    s3.objects.set(`${folder}CloudTrail-Something/us-east-1/file`, gzipSync("{}"));
    expect(await leftOut()).toEqual([
      place(`${folder}CloudTrail-Something/`, "this version knows no such folder"),
    ]);
    const { said } = await search("table");
    expect(said).toContain(
      `Left out: s3://${SEARCHED_BUCKET}/${folder}CloudTrail-Something/: this version knows no such folder.`,
    );
  });

  test("digest files are known, and no log files", async () => {
    s3.objects.set(`${folder}CloudTrail-Digest/us-east-1/file`, gzipSync("{}"));
    expect(await leftOut()).toEqual([]);
  });

  test("a file whose name CloudTrail would not give", async () => {
    deliverAll();
    const odd = `${folder}CloudTrail-Aggregated/us-east-1/2026/01/31/${ACCOUNT}_zzz.json.gz`;
    s3.objects.set(odd, gzipSync("{}"));
    s3.objects.set(`${folder}CloudTrail/us-east-1/2026/01/31/zzz/`, gzipSync(""));
    expect(await leftOut()).toEqual([place(odd, "CloudTrail gives no file such a name")]);
  });

  test("folders beside those of the accounts, unless accounts are asked for", async () => {
    deliverAll();
    const organization = "o-exampleorgid";
    for (const name of ["555555555555", organization, "other"])
      s3.objects.set(`AWSLogs/${name}/CloudTrail/us-east-1/x`, gzipSync("{}"));
    expect(await leftOut()).toEqual([
      place("AWSLogs/555555555555/", "the environment has no such account"),
      place(`AWSLogs/${organization}/`, "an organization's trail wrote it"),
      place("AWSLogs/other/", "CloudTrail makes no such folder"),
    ]);
    expect(await leftOut({ account: [ACCOUNT] })).toEqual([]);
  });

  test("what may not be listed: the known folders are searched all the same", async () => {
    deliverAll();
    s3.lists
      .set("AWSLogs/", s3Error(403, "AccessDenied"))
      .set(folder, s3Error(403, "AccessDenied"));
    expect(await ids()).toEqual(ALL);
    expect(await leftOut()).toEqual([
      place(
        "AWSLogs/",
        expect.stringMatching(/^other accounts' folders were not looked for: /) as string,
      ),
      place(folder, "its other folders were not seen, as it may not be listed"),
    ]);
  });

  test("the first ten are said one by one", async () => {
    for (let n = 0; n < 12; n++) s3.objects.set(`${folder}Folder-${n}/x`, gzipSync("{}"));
    const { said } = await search("table");
    expect(said.match(/Left out: /g)).toHaveLength(10);
    expect(said).toContain("2 more places were left out; --json has each.");
  });
});
