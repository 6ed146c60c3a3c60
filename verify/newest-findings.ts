import type { GetTrailStatusResponse } from "@aws-sdk/client-cloudtrail";
import { encryptionFindings, type ExpectedKey } from "./encryption";
import { duration, secondsBetween, toSecond } from "./times";
import type { VerifyFinding } from "./verdict";

/** Seconds past which files are late. */
const LATE_AFTER = {
  /**
   * AWS says "within an average of about 5 minutes", not guaranteed, and 15 minutes in older texts.
   * No activity makes no file, so one is only late where CloudTrail itself says that it delivered
   * since.
   *
   * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/how-cloudtrail-works.html
   */
  logFile: 15 * 60,
  /**
   * AWS says one each hour, activity or not, and names no delay: another hour for that is our
   * reading.
   *
   * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-intro.html
   */
  digestFile: 2 * 60 * 60,
} as const;

/** What one digest file covers. */
const HOUR = 60 * 60;

/** One of CloudTrail's files in the bucket. */
export interface DeliveredFile {
  /** The object's key. */
  readonly key: string;
  /**
   * The time in its name: of a log file the minute of delivery, of a digest file the end of its
   * hour.
   */
  readonly time: Date;
  /**
   * The KMS key's ARN, as S3 says.
   * @default - SSE-S3
   */
  readonly kmsKeyArn?: string;
}

/** The newest files of one region, as found under the expected keys. */
export interface NewestFiles {
  /** @default - there is none */
  readonly log?: DeliveredFile;
  /**
   * Of this trail; backfill digests do not count.
   * @default - there is none
   */
  readonly digest?: DeliveredFile;
}

/** What the newest files of a region are held to. */
export interface ExpectedFiles {
  /**
   * The trail's status in this region.
   * @default - it could not be read
   */
  readonly status?: GetTrailStatusResponse;
  /** Whether the trail is to write digest files. */
  readonly logFileValidation: boolean;
  /**
   * Whether the trail delivers anything of the region; if not, files are not late.
   * @default true
   */
  readonly delivers?: boolean;
  readonly key: ExpectedKey;
  readonly now: Date;
}

/** Whether a region's newest files are there, in time, and encrypted with the right key. */
export function newestFindings(
  { log, digest }: NewestFiles,
  expected: ExpectedFiles,
): VerifyFinding[] {
  const { delivers = true, logFileValidation } = expected;
  return [
    ...(delivers ? logFindings(log, expected) : []),
    ...(delivers && logFileValidation ? digestFindings(digest, expected) : []),
    ...[log, digest].flatMap((file) =>
      file
        ? encryptionFindings("It is encrypted with", file.kmsKeyArn, expected.key, {
            key: file.key,
          })
        : [],
    ),
  ];
}

function logFindings(log: DeliveredFile | undefined, { status }: ExpectedFiles): VerifyFinding[] {
  const delivered = status?.LatestDeliveryTime;
  if (delivered === undefined) return [];
  if (log && secondsBetween(log.time, delivered) <= LATE_AFTER.logFile) return [];
  return [
    {
      verdict: "amiss",
      check: "log-file",
      text: `CloudTrail says that it delivered log files at ${toSecond(delivered)}, but ${newestIs(log)}.`,
      key: log?.key,
    },
  ];
}

function digestFindings(
  digest: DeliveredFile | undefined,
  { status, now }: ExpectedFiles,
): VerifyFinding[] {
  if (digest === undefined) return [noDigest(status?.StartLoggingTime, now)];
  const finding = { verdict: "amiss", check: "digest-file", key: digest.key } as const;
  const delivered = status?.LatestDigestDeliveryTime;
  if (delivered && secondsBetween(digest.time, delivered) >= HOUR)
    return [
      {
        ...finding,
        text: `CloudTrail says that it delivered a digest file at ${toSecond(delivered)}, but ${newestIs(digest)}.`,
      },
    ];
  // A stopped trail writes no more of them; that it is stopped is said elsewhere.
  const until = status?.IsLogging === false ? (status.StopLoggingTime ?? now) : now;
  const age = secondsBetween(digest.time, until);
  if (age <= LATE_AFTER.digestFile) return [];
  return [
    {
      ...finding,
      text: `The newest digest file is ${duration(age)} old; CloudTrail writes one each hour, and past ${duration(LATE_AFTER.digestFile)} it is late.`,
    },
  ];
}

function noDigest(started: Date | undefined, now: Date): VerifyFinding {
  const due = started && new Date(started.getTime() + 1000 * LATE_AFTER.digestFile);
  if (started && due && due > now)
    return {
      verdict: "not-checked",
      check: "digest-file",
      text: `Nothing to check yet: it logs since ${toSecond(started)}, and its first digest file may take until ${toSecond(due)}.`,
    };
  return {
    verdict: "amiss",
    check: "digest-file",
    text: "No digest file is under the expected key; CloudTrail writes one each hour.",
  };
}

function newestIs(file: DeliveredFile | undefined): string {
  if (file === undefined) return "none is under the expected key";
  return `the newest under the expected key is of ${toSecond(file.time)}`;
}
