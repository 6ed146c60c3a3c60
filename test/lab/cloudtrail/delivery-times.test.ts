import { gunzipSync } from "node:zlib";
import { parseDigestFileKey, parseLogFileKey } from "../../../cloudtrail/files/log-layout";
import type { CloudTrailRecord } from "../../../cloudtrail/records/record";
import { formatTime } from "../../../cloudtrail/time";
import { LabClock } from "../../../lab/clock";
import { Delivery } from "../../../lab/cloudtrail/delivery";
import type { DeliveryFile } from "../../../lab/cloudtrail/delivery-bucket";
import { SigningKeys } from "../../../lab/cloudtrail/signing-keys";
import type { StoredTrail, StoredTrailSettings } from "../../../lab/cloudtrail/trails";
import { trailOf } from "../../support/trails";

const ACCOUNT = "222222222222";
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// One set of RSA keys for all tests: making them is slow.
const signingKeys = new SigningKeys(() => Date.parse("2030-01-01T12:00:00Z"));

/** A delivery with a bucket in memory, and a clock that stands still until it is moved. */
class Bench {
  readonly clock = new LabClock(() => Date.parse("2030-01-01T12:00:00Z"));
  readonly files: (DeliveryFile & { readonly at: string })[] = [];
  /** S3's answer to each file. */
  answer: (key: string) => string | undefined = () => undefined;
  readonly delivery = new Delivery(
    this.clock,
    {
      bucket: {
        put: (_, file) => {
          const refused = this.answer(file.key);
          const at = formatTime(this.clock.now()).slice(5, 16);
          if (refused === undefined) this.files.push({ ...file, at });
          return Promise.resolve(refused);
        },
      },
      notifier: { notify: () => Promise.resolve(undefined) },
      signingKeys,
    },
    ["us-east-1", "eu-west-1", "cn-north-1"],
  );
  #count = 0;

  trail(settings: Partial<StoredTrailSettings> = {}): StoredTrail {
    return {
      identity: trailOf(ACCOUNT),
      settings: {
        s3BucketName: "logs",
        includeGlobalServiceEvents: true,
        isMultiRegionTrail: true,
        logFileValidation: false,
        ...settings,
      },
      isLogging: true,
      insightSelectors: [],
      deliveries: new Map(),
      tags: new Map(),
    };
  }

  /** A management event of now. */
  event(overrides: Partial<CloudTrailRecord> = {}): string {
    const eventName = `Event${++this.#count}`;
    this.delivery.add({
      eventName,
      eventTime: formatTime(this.clock.now()),
      eventSource: "s3.amazonaws.com",
      awsRegion: "us-east-1",
      readOnly: false,
      managementEvent: true,
      eventCategory: "Management",
      recipientAccountId: ACCOUNT,
      ...overrides,
    });
    return eventName;
  }

  /** Delivered log files: `day time region: events`. */
  get logs(): string[] {
    return this.files.flatMap(({ key, body, at }) => {
      const name = parseLogFileKey(key);
      if (name === undefined) return [];
      const { Records } = JSON.parse(gunzipSync(body).toString()) as {
        Records: CloudTrailRecord[];
      };
      return [`${at} ${name.region}: ${Records.map(({ eventName }) => eventName).join()}`];
    });
  }

  /** Delivered digests of a region: `end of the previous > start-end, log files`. */
  digests(region = "us-east-1"): string[] {
    return this.files.flatMap(({ key, body }) => {
      if (parseDigestFileKey(key)?.region !== region) return [];
      const digest = JSON.parse(gunzipSync(body).toString()) as Record<string, string> & {
        logFiles: unknown[];
      };
      const time = (text?: string) => text?.slice(11, 16);
      const previous = parseDigestFileKey(digest["previousDigestS3Object"] ?? "")?.endTime;
      return [
        `${time(previous) ?? "none"} > ${time(digest["digestStartTime"])}-${time(digest["digestEndTime"])}, ${digest.logFiles.length}`,
      ];
    });
  }
}

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
});

describe("log files", () => {
  test("come every 5 minutes since StartLogging, where there is something to write", async () => {
    bench.delivery.start(bench.trail());
    const first = bench.event();
    await bench.delivery.advance(4 * MINUTE);
    expect(bench.logs).toEqual([]);
    const second = bench.event();
    await bench.delivery.advance(30 * MINUTE);
    const third = bench.event();
    await bench.delivery.advance(MINUTE);
    expect(bench.logs).toEqual([
      `01-01T12:05 us-east-1: ${first},${second}`,
      `01-01T12:35 us-east-1: ${third}`,
    ]);
  });

  test("are one for each region", async () => {
    bench.delivery.start(bench.trail());
    const [here, there] = [bench.event(), bench.event({ awsRegion: "eu-west-1" })];
    await bench.delivery.advance(5 * MINUTE);
    expect(bench.logs).toEqual([
      `01-01T12:05 us-east-1: ${here}`,
      `01-01T12:05 eu-west-1: ${there}`,
    ]);
  });

  test("come by the time alone, if nobody moves it", async () => {
    let time = Date.parse("2030-01-01T12:00:00Z");
    const clock = new LabClock(() => time);
    const keys: string[] = [];
    const delivery = new Delivery(
      clock,
      {
        bucket: { put: (_, { key }) => Promise.resolve(void keys.push(key)) },
        notifier: { notify: () => Promise.resolve(undefined) },
        signingKeys,
      },
      [],
    );
    delivery.start(bench.trail());
    delivery.add({
      eventTime: formatTime(time),
      awsRegion: "us-east-1",
      readOnly: true,
      eventCategory: "Management",
      recipientAccountId: ACCOUNT,
    });
    await delivery.runDue();
    expect(keys).toEqual([]);
    time += 5 * MINUTE;
    await delivery.runDue();
    expect(keys).toHaveLength(1);
  });

  test("that are refused come with the next, in order, each record once", async () => {
    const trail = bench.trail();
    bench.delivery.start(trail);
    bench.answer = () => "AccessDenied";
    const events = [bench.event()];
    const attempts = await bench.delivery.advance(6 * MINUTE);
    expect(attempts).toMatchObject([{ kind: "log", errorCode: "AccessDenied" }]);
    expect(trail.deliveries.get("us-east-1")).toMatchObject({ latestError: "AccessDenied" });
    expect(trail.deliveries.get("us-east-1")).not.toHaveProperty("latestDelivery");
    events.push(bench.event());
    await bench.delivery.advance(5 * MINUTE);
    bench.answer = () => undefined;
    await bench.delivery.advance(10 * MINUTE);
    expect(bench.logs).toEqual([`01-01T12:15 us-east-1: ${events.join()}`]);
    expect(trail.deliveries.get("us-east-1")).toMatchObject({
      latestError: undefined,
      latestDelivery: Date.parse("2030-01-01T12:15:00Z"),
    });
  });

  test("are given up after 30 days", async () => {
    bench.delivery.start(bench.trail());
    bench.answer = () => "NoSuchBucket";
    bench.event();
    await bench.delivery.advance(HOUR);
    const later = bench.event();
    // In one step: trying every 5 minutes of a month takes a while.
    bench.clock.forwardTo(bench.clock.now() + 30 * DAY - 55 * MINUTE);
    await bench.delivery.runDue();
    bench.answer = () => undefined;
    await bench.delivery.advance(5 * MINUTE);
    expect(bench.logs).toEqual([`01-31T12:10 us-east-1: ${later}`]);
  });
});

test("trails deliver in the order of their times", async () => {
  bench.delivery.start(bench.trail());
  bench.clock.forwardTo(bench.clock.now() + MINUTE);
  const member = { ...bench.trail(), identity: trailOf("333333333333") };
  bench.delivery.start(member);
  const [first, second] = [bench.event(), bench.event({ recipientAccountId: "333333333333" })];
  bench.answer = () => "AccessDenied";
  await bench.delivery.advance(5 * MINUTE);
  bench.answer = () => undefined;
  await bench.delivery.advance(5 * MINUTE);
  expect(bench.logs).toEqual([
    `01-01T12:10 us-east-1: ${first}`,
    `01-01T12:11 us-east-1: ${second}`,
  ]);
});

describe("which events", () => {
  const delivered = async (trail: StoredTrail, event: Partial<CloudTrailRecord>) => {
    bench.delivery.start(trail);
    bench.event(event);
    await bench.delivery.advance(5 * MINUTE);
    return bench.logs.length > 0;
  };

  test.each<[string, boolean, Partial<StoredTrailSettings>, Partial<CloudTrailRecord>]>([
    ["another account's", false, {}, { recipientAccountId: "333333333333" }],
    ["another region's, multi-region", true, {}, { awsRegion: "eu-west-1" }],
    ["another region's", false, { isMultiRegionTrail: false }, { awsRegion: "eu-west-1" }],
    ["the home region's", true, { isMultiRegionTrail: false }, {}],
    ["IAM's", true, { isMultiRegionTrail: false }, { eventSource: "iam.amazonaws.com" }],
    [
      "IAM's, without global services",
      false,
      { isMultiRegionTrail: false, includeGlobalServiceEvents: false },
      { eventSource: "iam.amazonaws.com" },
    ],
    ["a data event's", false, {}, { eventCategory: "Data", managementEvent: false }],
  ])("%s: %s", async (_, expected, settings, event) => {
    expect(await delivered(bench.trail(settings), event)).toBe(expected);
  });

  test("those that the trail's selectors ask for at the time", async () => {
    const trail = bench.trail();
    trail.eventSelection = {
      kind: "advanced",
      selectors: [
        {
          FieldSelectors: [
            { Field: "eventCategory", Equals: ["Data"] },
            { Field: "resources.type", Equals: ["AWS::S3::Object"] },
          ],
        },
      ],
    };
    bench.delivery.start(trail);
    bench.event();
    const data = bench.event({
      eventCategory: "Data",
      managementEvent: false,
      resources: [{ type: "AWS::S3::Object", ARN: "arn:aws:s3:::bucket/key" }],
    });
    await bench.delivery.advance(5 * MINUTE);
    expect(bench.logs).toEqual([`01-01T12:05 us-east-1: ${data}`]);
  });

  test("none before StartLogging, none after StopLogging", async () => {
    const trail = bench.trail();
    bench.event();
    bench.delivery.start(trail);
    const event = bench.event();
    bench.clock.forwardTo(bench.clock.now() + MINUTE);
    bench.delivery.stop(trail);
    const stopLogging = bench.event();
    bench.clock.forwardTo(bench.clock.now() + MINUTE);
    bench.event();
    await bench.delivery.advance(HOUR);
    bench.event();
    await bench.delivery.advance(HOUR);
    expect(bench.logs).toEqual([`01-01T12:05 us-east-1: ${event},${stopLogging}`]);
  });

  test("each once where a trail starts again at once", async () => {
    const trail = bench.trail();
    bench.delivery.start(trail);
    const before = bench.event();
    bench.delivery.stop(trail);
    bench.delivery.start(trail);
    const after = bench.event();
    await bench.delivery.advance(5 * MINUTE);
    expect(bench.logs).toEqual([
      `01-01T12:05 us-east-1: ${before}`,
      `01-01T12:05 us-east-1: ${after}`,
    ]);
  });
});

describe("digests", () => {
  const validated = () => bench.trail({ logFileValidation: true });

  test("come every hour since StartLogging, chained, with or without log files", async () => {
    bench.clock.forwardTo(bench.clock.now() + 7 * MINUTE);
    bench.delivery.start(validated());
    bench.event();
    await bench.delivery.advance(10 * MINUTE);
    bench.event();
    // Delivered at 13:07, and so in the digest that ends then.
    await bench.delivery.advance(46 * MINUTE);
    bench.event();
    await bench.delivery.advance(2 * HOUR + 4 * MINUTE);
    expect(bench.digests()).toEqual([
      "none > 12:07-13:07, 3",
      "13:07 > 13:07-14:07, 0",
      "14:07 > 14:07-15:07, 0",
    ]);
  });

  test("come of each region of the partition, and of those that calls use", async () => {
    bench.delivery.start(validated());
    bench.event({ awsRegion: "ap-south-1" });
    await bench.delivery.advance(HOUR);
    expect(bench.digests("eu-west-1")).toEqual(["none > 12:00-13:00, 0"]);
    expect(bench.digests("ap-south-1")).toEqual(["none > 12:00-13:00, 1"]);
    expect(bench.digests("cn-north-1")).toEqual([]);
  });

  test("end for the other regions of a trail that becomes a single-region one", async () => {
    const trail = validated();
    bench.delivery.start(trail);
    await bench.delivery.advance(HOUR);
    trail.settings = { ...trail.settings, isMultiRegionTrail: false };
    await bench.delivery.advance(2 * HOUR);
    expect(bench.digests("eu-west-1")).toEqual(["none > 12:00-13:00, 0", "13:00 > 13:00-14:00, 0"]);
    expect(bench.digests()).toHaveLength(3);
  });

  test("cover whole seconds, without a gap", async () => {
    bench.clock.forwardTo(bench.clock.now() + 7_999);
    bench.delivery.start(validated());
    await bench.delivery.advance(2 * HOUR);
    const times = bench.files
      .filter(({ key }) => parseDigestFileKey(key)?.region === "us-east-1")
      .map(({ body }) => JSON.parse(gunzipSync(body).toString()) as Record<string, string>)
      .map(({ digestStartTime, digestEndTime }) => [digestStartTime, digestEndTime]);
    expect(times).toEqual([
      ["2030-01-01T12:00:07Z", "2030-01-01T13:00:07Z"],
      ["2030-01-01T13:00:07Z", "2030-01-01T14:00:07Z"],
    ]);
  });

  test("come of the home region alone for a single-region trail", async () => {
    bench.delivery.start(bench.trail({ logFileValidation: true, isMultiRegionTrail: false }));
    await bench.delivery.advance(HOUR);
    expect(bench.digests()).toEqual(["none > 12:00-13:00, 0"]);
    expect(bench.digests("eu-west-1")).toEqual([]);
  });

  test("that are refused come later, in order, and the chain is whole", async () => {
    const trail = validated();
    bench.delivery.start(trail);
    await bench.delivery.advance(HOUR);
    bench.answer = (key) => (key.includes("CloudTrail-Digest") ? "AccessDenied" : undefined);
    bench.event();
    await bench.delivery.advance(2 * HOUR);
    expect(trail.deliveries.get("us-east-1")).toMatchObject({
      latestError: undefined,
      latestDigestError: "AccessDenied",
      latestDigestDelivery: Date.parse("2030-01-01T13:00:00Z"),
    });
    expect(bench.digests()).toHaveLength(1);
    bench.answer = () => undefined;
    await bench.delivery.advance(5 * MINUTE);
    expect(bench.digests()).toEqual([
      "none > 12:00-13:00, 0",
      "13:00 > 13:00-14:00, 1",
      "14:00 > 14:00-15:00, 0",
    ]);
    expect(trail.deliveries.get("us-east-1")).toMatchObject({ latestDigestError: undefined });
  });

  test("end with a final one after StopLogging, and start anew after StartLogging", async () => {
    const trail = validated();
    bench.delivery.start(trail);
    await bench.delivery.advance(HOUR + 12 * MINUTE);
    bench.event();
    bench.delivery.stop(trail);
    await bench.delivery.advance(18 * MINUTE);
    expect(bench.digests()).toEqual(["none > 12:00-13:00, 0", "13:00 > 13:00-13:15, 1"]);
    await bench.delivery.advance(5 * HOUR);
    expect(bench.digests()).toHaveLength(2);
    bench.delivery.start(trail);
    await bench.delivery.advance(HOUR);
    expect(bench.digests().slice(2)).toEqual(["none > 18:30-19:30, 0"]);
  });

  test("stop an hour after validation is turned off, and start anew when it is on again", async () => {
    const trail = validated();
    bench.delivery.start(trail);
    await bench.delivery.advance(HOUR + MINUTE);
    bench.event();
    await bench.delivery.advance(5 * MINUTE);
    trail.settings = { ...trail.settings, logFileValidation: false };
    bench.event();
    await bench.delivery.advance(3 * HOUR);
    expect(bench.digests()).toEqual(["none > 12:00-13:00, 0", "13:00 > 13:00-14:00, 1"]);
    trail.settings = { ...trail.settings, logFileValidation: true };
    await bench.delivery.advance(2 * HOUR);
    expect(bench.digests().slice(2)).toEqual(["none > 16:00-17:00, 0", "17:00 > 17:00-18:00, 0"]);
  });
});

test("time does not move back", async () => {
  for (const time of [-1, NaN, Infinity])
    await expect(bench.delivery.advance(time)).rejects.toThrow(RangeError);
});
