import type { GetTrailStatusResponse, Trail } from "@aws-sdk/client-cloudtrail";
import type { Encryption } from "../../envs/types";
import { encryptionFindings, expectedKey, type ExpectedKey } from "../../verify/encryption";
import { newestFindings, type NewestFiles } from "../../verify/newest-findings";
import { type ExpectedTrail, settingsFindings, statusFindings } from "../../verify/trail-findings";

const KEY = "arn:aws:kms:us-east-1:111111111111:key/ours";
const OTHER_KEY = "arn:aws:kms:us-east-1:111111111111:key/other";
const NOW = new Date("2026-02-01T12:00:00Z");

function ago(minutes: number): Date {
  return new Date(NOW.getTime() - minutes * 60_000);
}

describe("the trail's settings", () => {
  const expected: ExpectedTrail = {
    destination: { bucket: "logs" },
    key: { type: "sse-kms", arn: KEY },
    logFileValidation: true,
  };
  const trail: Trail = { S3BucketName: "logs", KmsKeyId: KEY, LogFileValidationEnabled: true };

  test("as the environment has them are no finding", () => {
    expect(settingsFindings(trail, expected)).toEqual([]);
    expect(settingsFindings({ ...trail, S3KeyPrefix: "" }, expected)).toEqual([]);
    expect(
      settingsFindings(
        { ...trail, LogFileValidationEnabled: false },
        { ...expected, logFileValidation: false },
      ),
    ).toEqual([]);
  });

  test.each<[Trail, string]>([
    [{ S3BucketName: "theirs" }, "It delivers to the bucket theirs, not to logs."],
    [{ S3KeyPrefix: "p" }, "Its prefix is p, not (none)."],
    [{ LogFileValidationEnabled: false }, "Log file validation is off, though"],
    [{ KmsKeyId: OTHER_KEY }, `It encrypts with ${OTHER_KEY}, not ${KEY}.`],
    [{ KmsKeyId: undefined }, `It encrypts with S3's own keys (SSE-S3), not ${KEY}.`],
  ])("%j is amiss", (change, text) => {
    const findings = settingsFindings({ ...trail, ...change }, expected);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ verdict: "amiss" });
    expect(findings[0]!.text).toContain(text);
  });

  test("says all that differs, not the first", () => {
    expect(settingsFindings({}, expected)).toHaveLength(3);
  });
});

describe("GetTrailStatus", () => {
  test("of a trail that logs, without errors, is not a finding; no error may be empty text", () => {
    expect(statusFindings({ IsLogging: true })).toEqual([]);
    expect(statusFindings({ IsLogging: true, LatestDeliveryError: "" })).toEqual([]);
  });

  test("of a stopped trail says since when", () => {
    expect(
      statusFindings({ IsLogging: false, StopLoggingTime: new Date("2026-02-01T10:00:00.5Z") }),
    ).toEqual([
      { verdict: "amiss", check: "trail", text: "It is not logging since 2026-02-01T10:00:00Z." },
    ]);
  });

  test.each<[keyof GetTrailStatusResponse, RegExp]>([
    ["LatestDeliveryError", /^Log files: .* AccessDenied;/],
    ["LatestDigestDeliveryError", /^Digest files: .* AccessDenied;/],
    ["LatestNotificationError", /^Notifications: .* AccessDenied;/],
    ["LatestCloudWatchLogsDeliveryError", /^CloudWatch Logs: .* AccessDenied;/],
  ])("%s is amiss", (field, text) => {
    expect(statusFindings({ IsLogging: true, [field]: "AccessDenied" })).toEqual([
      { verdict: "amiss", check: "delivery", text: expect.stringMatching(text) as string },
    ]);
  });
});

describe("encryption", () => {
  const kms: Encryption = {
    type: "sse-kms",
    alias: "logs",
    deletionWindowDays: 7,
    bucketKey: false,
  };

  test.each<[Encryption, string | undefined, ExpectedKey]>([
    [{ type: "sse-s3" }, undefined, { type: "sse-s3" }],
    [
      { type: "sse-kms-existing", keyArn: KEY, bucketKey: false },
      OTHER_KEY,
      { type: "sse-kms", arn: KEY },
    ],
    [kms, KEY, { type: "sse-kms", arn: KEY }],
    [kms, undefined, { type: "sse-kms", arn: undefined }],
  ])("%j with the destination's trail on %s", (encryption, ofTrail, expected) => {
    expect(expectedKey(encryption, ofTrail)).toEqual(expected);
  });

  test.each<[ExpectedKey, string | undefined, string | undefined]>([
    [{ type: "sse-s3" }, undefined, undefined],
    [{ type: "sse-s3" }, KEY, "amiss"],
    [{ type: "sse-kms", arn: KEY }, KEY, undefined],
    [{ type: "sse-kms", arn: KEY }, OTHER_KEY, "amiss"],
    [{ type: "sse-kms", arn: KEY }, undefined, "amiss"],
    [{ type: "sse-kms" }, KEY, "not-checked"],
    [{ type: "sse-kms" }, undefined, "amiss"],
  ])("%j against %s: %s", (expected, found, verdict) => {
    const verdicts = encryptionFindings("It uses", found, expected).map((one) => one.verdict);
    expect(verdicts).toEqual(verdict === undefined ? [] : [verdict]);
  });
});

describe("the newest files", () => {
  const file = (time: Date) => ({ key: `key of ${time.toISOString()}`, time, kmsKeyArn: KEY });
  const healthy: NewestFiles = { log: file(ago(10)), digest: file(ago(30)) };
  const status: GetTrailStatusResponse = {
    IsLogging: true,
    StartLoggingTime: ago(6000),
    LatestDeliveryTime: ago(9),
    LatestDigestDeliveryTime: ago(25),
  };

  function findings(
    newest: NewestFiles,
    changed: Partial<GetTrailStatusResponse> = {},
    logFileValidation = true,
  ) {
    const key = { type: "sse-kms", arn: KEY } as const;
    return newestFindings(newest, {
      status: { ...status, ...changed },
      logFileValidation,
      key,
      now: NOW,
    });
  }

  test("that are young and encrypted with our key are no finding", () => {
    expect(findings(healthy)).toEqual([]);
  });

  test("no activity makes no log file late", () => {
    expect(
      findings({ ...healthy, log: file(ago(6000)) }, { LatestDeliveryTime: ago(6000) }),
    ).toEqual([]);
    expect(findings({ ...healthy, log: undefined }, { LatestDeliveryTime: undefined })).toEqual([]);
  });

  test.each([15, 16])("a log file %d min before CloudTrail's latest delivery", (minutes) => {
    const found = findings({ ...healthy, log: file(ago(9 + minutes)) });
    expect(found).toEqual(
      minutes === 15
        ? []
        : [
            {
              verdict: "amiss",
              check: "log-file",
              key: "key of 2026-02-01T11:35:00.000Z",
              text: "CloudTrail says that it delivered log files at 2026-02-01T11:51:00Z, but the newest under the expected key is of 2026-02-01T11:35:00Z.",
            },
          ],
    );
  });

  test("a delivery that left no log file is amiss", () => {
    expect(findings({ ...healthy, log: undefined })).toMatchObject([
      {
        verdict: "amiss",
        check: "log-file",
        text: expect.stringContaining("but none is under") as string,
      },
    ]);
  });

  test.each([120, 121])("a digest file of %d min", (minutes) => {
    const found = findings(
      { ...healthy, digest: file(ago(minutes)) },
      { LatestDigestDeliveryTime: undefined },
    );
    expect(found).toMatchObject(
      minutes === 120
        ? []
        : [
            {
              verdict: "amiss",
              check: "digest-file",
              text: expect.stringContaining("is 2 h 1 min old") as string,
            },
          ],
    );
  });

  test.each([59, 60])("a digest file %d min before CloudTrail's latest one", (minutes) => {
    const found = findings({ ...healthy, digest: file(ago(25 + minutes)) });
    expect(found.map(({ text }) => text)).toEqual(
      minutes === 59
        ? []
        : [
            "CloudTrail says that it delivered a digest file at 2026-02-01T11:35:00Z, but the newest under the expected key is of 2026-02-01T10:35:00Z.",
          ],
    );
  });

  test("a stopped trail's last digest file does not grow late", () => {
    const stopped = { IsLogging: false, LatestDigestDeliveryTime: ago(600) };
    const digest = file(ago(600));
    expect(findings({ ...healthy, digest }, { ...stopped, StopLoggingTime: ago(610) })).toEqual([]);
    expect(
      findings({ ...healthy, digest }, { ...stopped, StopLoggingTime: ago(10) }),
    ).toMatchObject([{ check: "digest-file" }]);
  });

  test.each([119, 120])("no digest file %d min after the start", (minutes) => {
    expect(
      findings({ ...healthy, digest: undefined }, { StartLoggingTime: ago(minutes) }),
    ).toMatchObject([{ verdict: minutes === 119 ? "not-checked" : "amiss", check: "digest-file" }]);
  });

  test("no digest file of a trail whose status is not known is amiss", () => {
    const expected = { logFileValidation: true, key: { type: "sse-s3" }, now: NOW } as const;
    expect(newestFindings({}, expected)).toMatchObject([{ verdict: "amiss" }]);
  });

  test("without log file validation no digest file is asked for", () => {
    expect(findings({ ...healthy, digest: undefined }, {}, false)).toEqual([]);
  });

  test("each of them with another key is amiss", () => {
    const log = { ...healthy.log!, kmsKeyArn: OTHER_KEY };
    const digest = { ...healthy.digest!, kmsKeyArn: undefined };
    expect(findings({ log, digest })).toEqual([
      {
        verdict: "amiss",
        check: "encryption",
        key: log.key,
        text: `It is encrypted with ${OTHER_KEY}, not ${KEY}.`,
      },
      {
        verdict: "amiss",
        check: "encryption",
        key: digest.key,
        text: `It is encrypted with S3's own keys (SSE-S3), not ${KEY}.`,
      },
    ]);
  });
});
