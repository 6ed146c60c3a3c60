import { Writable } from "node:stream";
import { gzipSync } from "node:zlib";
import { logFileKey, parseLogFileKey } from "../../../cloudtrail/files/log-layout";
import type { CloudTrailRecord } from "../../../cloudtrail/records/record";
import { EventOutput } from "../../../operations/events/event-output";
import { type EventsOptions, findEvents } from "../../../operations/events/events";
import { DeliveringEnvironment } from "../../support/delivering-environment";
import { fourAccounts } from "../../support/environment";
import { requires } from "../../support/requirements";

jest.setTimeout(300_000);

const HOURS = 3;
const [MEMBER] = fourAccounts().members;

requires("moto")("events --verified", () => {
  let lab: DeliveringEnvironment;
  let logs: readonly string[];

  beforeAll(async () => {
    lab = await DeliveringEnvironment.start(HOURS, ["us-east-1"], {
      ...fourAccounts(),
      members: [MEMBER!],
    });
    await lab.hours(HOURS);
    logs = await lab.logKeys(MEMBER!.account);
    expect(logs).toHaveLength(HOURS);
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => lab?.stop());

  async function found(
    options: Partial<EventsOptions> = {},
    environment = lab.environment,
  ): Promise<{ status: number; stderr: string; names: Record<string, number> }> {
    const names: Record<string, number> = {};
    const stream = new Writable({
      write(chunk: Buffer, _, callback) {
        for (const line of chunk.toString().split("\n").filter(Boolean)) {
          const name = (JSON.parse(line) as CloudTrailRecord).eventName!;
          names[name] = (names[name] ?? 0) + 1;
        }
        callback();
      },
    });
    let stderr = "";
    jest.spyOn(process.stderr, "write").mockImplementation((text) => {
      stderr += String(text);
      return true;
    });
    const status = await findEvents(
      environment,
      lab.awsAccess,
      {
        env: "test",
        late: 3600,
        output: "ndjson",
        json: false,
        since: 86_400,
        verified: true,
        account: [MEMBER!.account],
        ...options,
      },
      new EventOutput("ndjson", false, stream as unknown as NodeJS.WriteStream),
      lab.now.getTime(),
    );
    jest.restoreAllMocks();
    return { status, stderr, names };
  }

  /** A log file with a right name, beside another one. */
  async function forge(key: string): Promise<string> {
    const file = parseLogFileKey(key)!;
    const forged = logFileKey({ ...file, uniqueString: "forgedforgedforg" });
    const record = { eventVersion: "1.11", eventID: "forged", eventName: "Forged" };
    const eventTime = file.deliveredAt.replace("Z", ":00Z");
    const body = gzipSync(JSON.stringify({ Records: [{ ...record, eventTime }] }));
    await lab.write({ key: forged, body, metadata: {}, kmsKeyArn: lab.keyArn });
    return forged;
  }

  test("reads all that a digest vouches for", async () => {
    const { status, stderr, names } = await found();
    expect(names).toMatchObject({ DescribeTrails: HOURS });
    expect(stderr).toContain(`in ${HOURS} log files.`);
    expect(stderr).not.toContain("left out");
    expect(status).toBe(0);
  });

  test("reads no forged file, and names it; without the option it is read", async () => {
    const forged = await forge(logs[1]!);
    try {
      expect((await found({ verified: false })).names).toMatchObject({ Forged: 1 });
      const { status, stderr, names } = await found();
      expect(names).not.toHaveProperty("Forged");
      expect(names).toMatchObject({ DescribeTrails: HOURS });
      expect(stderr).toContain(`${forged}: No valid digest names it`);
      expect(stderr).toContain("1 log files were left out");
      expect(status).toBe(1);
    } finally {
      await lab.delete(forged);
    }
  });

  test("reads no file that was changed, and says why", async () => {
    const original = await lab.read(logs[0]!);
    await lab.edit(logs[0]!, (text) => text.replace("DescribeTrails", "Changed"));
    try {
      const { status, stderr, names } = await found();
      expect(names).toMatchObject({ DescribeTrails: HOURS - 1 });
      expect(names).not.toHaveProperty("Changed");
      expect(stderr).toMatch(/: Its SHA-256 is [0-9a-f]{64}, and the digest says /);
      expect(status).toBe(1);
    } finally {
      await lab.write(original);
    }
  });

  test("where validation is off, nothing is verified, and that is said", async () => {
    const { status, stderr, names } = await found(
      {},
      {
        ...lab.environment,
        members: [{ ...MEMBER!, trail: { ...MEMBER!.trail, logFileValidation: false } }],
      },
    );
    expect(names).toEqual({});
    expect(stderr).toContain("Log file validation is off in the environment");
    expect(status).toBe(1);
  });
});
