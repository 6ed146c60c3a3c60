import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { logFileKey } from "../../../cloudtrail/files/log-layout";
import type { CloudTrailRecord } from "../../../cloudtrail/records/record";
import { redacted } from "../../../cloudtrail/records/redaction";
import { formatTime } from "../../../cloudtrail/time";
import { requireEnvironment } from "../../../envs/load";
import { EventOutput } from "../../../operations/events/event-output";
import { ExpectedError } from "../../../operations/expected-error";
import { type EventsOptions, findEvents } from "../../../operations/events/events";
import { REPOSITORY } from "../../support/repository";
import { EXTERNAL_ID, type Lab, startLab } from "../../support/lab";
import { requires } from "../../support/requirements";

const OWNER = "111111111111";
const CALLER = "222222222222";
const BUCKET = "central-trail-local-logs";
const READER = `arn:aws:iam::${OWNER}:role/reader`;
const STRANGER = "arn:aws:iam::555555555555:role/stranger";
const DEPLOYER = `arn:aws:iam::${OWNER}:role/central-trail-deployer`;
const MINUTE = 60_000;
const now = Date.now();
const minutesAgo = (minutes: number): string => formatTime(now - minutes * MINUTE);

interface Found {
  readonly status: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

// Against the environment that ships as envs/local.yaml; the log files are put there by hand.
requires("moto", "boto3")("central-trail events", () => {
  let lab: Lab;
  let s3: S3Client;

  const refused = redacted({
    ...call("refused", 20),
    recipientAccountId: CALLER,
    sharedEventID: "shared-1",
  });
  const ownerCopy = { ...call("owner-copy", 20), sharedEventID: "shared-1" };
  const lateFile = call("late", 90);

  function call(eventID: string, minutes: number, bucket = "payments"): CloudTrailRecord {
    return {
      eventVersion: "1.11",
      userIdentity: { type: "AssumedRole", arn: `arn:aws:sts::${CALLER}:assumed-role/app/one` },
      eventTime: minutesAgo(minutes),
      eventSource: "s3.amazonaws.com",
      eventName: "GetObject",
      awsRegion: "us-east-1",
      errorCode: "AccessDenied",
      requestParameters: { bucketName: bucket },
      resources: [
        { type: "AWS::S3::Object", ARN: `arn:aws:s3:::${bucket}/secret` },
        { type: "AWS::S3::Bucket", ARN: `arn:aws:s3:::${bucket}`, accountId: OWNER },
      ],
      eventID,
      recipientAccountId: OWNER,
    };
  }

  async function put(account: string, minutes: number, body: Buffer): Promise<string> {
    const Key = logFileKey({
      accountId: account,
      region: "us-east-1",
      deliveredAt: minutesAgo(minutes),
      uniqueString: lab.name("unique"),
    });
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: body }));
    return Key;
  }

  const file = (...Records: readonly CloudTrailRecord[]): Buffer =>
    gzipSync(JSON.stringify({ Records }));

  async function events(...args: readonly string[]): Promise<Found> {
    const child = spawn(
      process.execPath,
      [join(REPOSITORY, "bin", "central-trail.js"), "events", "--env", "local", ...args],
      {
        stdio: ["ignore", "pipe", "pipe"],
        env: {
          PATH: process.env.PATH,
          HOME: process.env.HOME,
          AWS_ENDPOINT_URL: lab.aws.endpoint,
          AWS_REGION: "us-east-1",
          AWS_ACCESS_KEY_ID: lab.aws.credentials.accessKeyId,
          AWS_SECRET_ACCESS_KEY: lab.aws.credentials.secretAccessKey,
        },
      },
    );
    const [stdout, stderr, [status]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close") as Promise<[number | null]>,
    ]);
    return { status, stdout, stderr };
  }

  /** The same in this process, which is quicker. */
  async function find(options: Partial<EventsOptions>): Promise<unknown[]> {
    let stdout = "";
    const stream = new Writable({
      write(chunk: Buffer, _, callback) {
        stdout += chunk.toString();
        callback();
      },
    });
    const output = new EventOutput("ndjson", false, stream as unknown as NodeJS.WriteStream);
    const access = { endpoint: lab.aws.endpoint, credentials: lab.aws.credentials };
    const all = { env: "local", late: 3600, output: "ndjson", json: false, ...options } as const;
    const environment = requireEnvironment(join(REPOSITORY, "envs"), "local");
    expect(await findEvents(environment, access, all, output, now)).toBe(0);
    return ids({ stdout });
  }

  const ids = ({ stdout }: Pick<Found, "stdout">): unknown[] =>
    stdout
      .split("\n")
      .filter(Boolean)
      .map((line) => (JSON.parse(line) as CloudTrailRecord).eventID);

  beforeAll(async () => {
    lab = await startLab({
      roles: [
        { roleArn: DEPLOYER, externalId: "central-trail-local" },
        { roleArn: READER, externalId: EXTERNAL_ID },
        { roleArn: STRANGER, externalId: EXTERNAL_ID },
      ],
    });
    const { credentials } = await lab.assume(READER);
    s3 = new S3Client({ region: "us-east-1", endpoint: lab.aws.endpoint, credentials });
    await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    await put(OWNER, 300, file(call("old", 305)));
    await put(OWNER, 15, file(ownerCopy, call("other", 16, "web")));
    await put(CALLER, 14, file(refused, { ...call("allowed", 15), errorCode: undefined }));
    await put(CALLER, 10, file(refused, lateFile));
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(async () => {
    s3?.destroy();
    await lab?.stop();
  });

  test("all of the last two hours, in the order of delivery, each event once", async () => {
    const found = await events("--output", "ndjson");
    expect(ids(found)).toEqual(["owner-copy", "other", "refused", "allowed", "late"]);
    expect(found.stderr).toContain(`Reading s3://${BUCKET} as ${DEPLOYER}: events from `);
    expect(found.stderr).toContain("5 events in 3 log files.");
    expect(found.status).toBe(0);
  });

  const ago = (minutes: number): number => now - minutes * MINUTE;
  test.each<[Partial<EventsOptions>, string[]]>([
    [{ account: [CALLER] }, ["refused", "allowed", "late"]],
    [{ redacted: true }, ["refused"]],
    [{ since: 3600 }, ["owner-copy", "other", "refused", "allowed"]],
    [{ from: ago(310), to: ago(100) }, ["old"]],
    [{ from: ago(310), to: ago(80), late: 60 }, ["old"]],
    [{ from: ago(310), to: ago(80), late: 7200 }, ["old", "late"]],
    [{ bucket: "web" }, ["other"]],
    [{ errorCode: "NoSuchKey" }, []],
    [{ eventSource: "s3", eventName: "GetObject", limit: 2 }, ["owner-copy", "other"]],
    [{ principal: `arn:aws:sts::${CALLER}:assumed-role/app/one`, limit: 1 }, ["owner-copy"]],
    [{ region: ["eu-central-1"] }, []],
  ])("%j", async (options, expected) => {
    jest.spyOn(process.stderr, "write").mockReturnValue(true);
    expect(await find(options)).toEqual(expected);
  });

  test.each<[Partial<EventsOptions>, RegExp]>([
    [{ account: ["555555555555"] }, /--account: 555555555555 is none of the environment's/],
    [{ from: ago(9), since: 60 }, /Give --since or --from, not both\./],
    [{ from: ago(8), to: ago(9) }, /There is no time between/],
    [{ externalId: "x" }, /--external-id belongs to --role-arn\./],
  ])("%j is refused in words", async (options, words) => {
    jest.spyOn(process.stderr, "write").mockReturnValue(true);
    const refusal = await find(options).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ExpectedError);
    expect((refusal as ExpectedError).message).toMatch(words);
  });

  test.each([
    [STRANGER, EXTERNAL_ID, "refused"],
    [READER, "wrong", "no-credentials"],
  ])("%s with the external ID %s finds nothing, and why", async (role, externalId, kind) => {
    const found = await events("--role-arn", role, "--external-id", externalId, "--json");
    expect(found.status).toBe(1);
    const report = JSON.parse(found.stdout) as { readonly problems: readonly { kind: string }[] };
    expect(report).toMatchObject({ records: [], files: 0 });
    expect(new Set(report.problems.map((problem) => problem.kind))).toEqual(new Set([kind]));
    expect(found.stderr).toMatch(new RegExp(`could not be listed as ${role}: AccessDenied: `));
    expect(found.stderr).toContain("--role-arn or --profile");
  });

  test("the owner of a redacted bucket is found in another account's logs", async () => {
    const found = await events("--account", CALLER, "--redacted", "--resolve", "--json");
    expect(JSON.parse(found.stdout)).toEqual({
      records: [
        {
          ...(JSON.parse(JSON.stringify(refused)) as object),
          bucketOwner: {
            how: "owner copy",
            ownerAccountId: OWNER,
            eventID: "owner-copy",
            others: [],
          },
        },
      ],
      files: 2,
      problems: [],
      leftOut: [],
    });
  });

  test("a table for people", async () => {
    const { stdout } = await events("--account", CALLER, "--redacted", "--resolve");
    const [head, row, ...more] = stdout.split("\n");
    expect(head).toMatch(/^TIME +ACCOUNT +REGION +EVENT +ERROR +BUCKET +PRINCIPAL +OWNER$/);
    expect(row!.split(/ {2,}/)).toEqual([
      minutesAgo(20),
      CALLER,
      "us-east-1",
      "s3:GetObject",
      "AccessDenied",
      "payments",
      `arn:aws:sts::${CALLER}:assumed-role/app/one`,
      `${OWNER} by owner copy owner-copy`,
    ]);
    expect(more).toEqual([""]);
  });

  test("JSON without events is JSON", async () => {
    const { stdout } = await events("--error-code", "NoSuchKey", "--json");
    expect(JSON.parse(stdout)).toEqual({
      records: [],
      files: 3,
      problems: [],
      leftOut: [],
    });
  });

  test("a reader's role reads instead of the deployer's", async () => {
    const found = await events("--role-arn", READER, "--external-id", EXTERNAL_ID);
    expect(found).toMatchObject({ status: 0 });
    expect(found.stderr).toContain(`as ${READER}:`);
  });

  test.each([
    [["--from", "2026-01-31", "--since", "2h"], 1, /error: Give --since or --from, not both\./],
    [["--from", "yesterday"], 2, /Allowed is a time in UTC/],
    [["--region", "Frankfurt"], 2, /Allowed are regions such as eu-central-1/],
    [["--output", "xml"], 2, /Allowed choices are table, json, ndjson/],
  ])("%j is refused in words", async (args, status, words) => {
    const found = await events(...args);
    expect(found).toMatchObject({ status, stdout: "" });
    expect(found.stderr).toMatch(words);
    expect(found.stderr).not.toMatch(/^\s+at /m);
  });

  test("a broken file is said, its records are there, and the exit code tells", async () => {
    const whole = JSON.stringify({ Records: [call("before-the-cut", 3), call("cut", 3)] });
    const key = await put("333333333333", 2, Buffer.from(whole.slice(0, -20)));
    const found = await events("--account", "333333333333", "--json");
    expect(found.status).toBe(1);
    expect(found.stderr).toContain(`s3://${BUCKET}/${key}: `);
    expect(JSON.parse(found.stdout)).toMatchObject({
      records: [{ eventID: "before-the-cut" }],
      files: 1,
      problems: [{ kind: "truncated", file: `s3://${BUCKET}/${key}` }],
    });
  });
});
