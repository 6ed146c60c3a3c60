import type { GetTrailStatusResponse, Trail } from "@aws-sdk/client-cloudtrail";
import type { Destination } from "../envs/types";
import { encryptionFindings, type ExpectedKey } from "./encryption";
import { toSecond } from "./times";
import type { VerifyFinding } from "./verdict";

/** What a trail is to be. */
export interface ExpectedTrail {
  readonly destination: Pick<Destination, "bucket" | "prefix">;
  readonly key: ExpectedKey;
  /** Whether it is to write digest files. */
  readonly logFileValidation: boolean;
  /**
   * Whether it is to cover every region.
   * @default - either will do
   */
  readonly multiRegion?: boolean;
}

/** Where a trail's settings, as AWS has them, are not the environment's. */
export function settingsFindings(trail: Trail, expected: ExpectedTrail): VerifyFinding[] {
  const { bucket, prefix } = expected.destination;
  const differences = [
    trail.S3BucketName !== bucket &&
      `It delivers to the bucket ${trail.S3BucketName}, not to ${bucket}.`,
    (trail.S3KeyPrefix || undefined) !== prefix &&
      `Its prefix is ${trail.S3KeyPrefix || "(none)"}, not ${prefix ?? "(none)"}.`,
    expected.logFileValidation &&
      !trail.LogFileValidationEnabled &&
      "Log file validation is off, though the environment turns it on.",
    expected.multiRegion === true &&
      trail.IsMultiRegionTrail === false &&
      "It covers its home region alone, though the environment has it cover all (trail.multiRegion).",
    expected.multiRegion === false &&
      trail.IsMultiRegionTrail === true &&
      "It covers all regions, though the environment has it cover its home region alone (trail.multiRegion).",
  ];
  return [
    ...differences.flatMap((text) => (text ? [amiss("trail", text)] : [])),
    ...encryptionFindings("It encrypts with", trail.KmsKeyId, expected.key),
  ];
}

/**
 * What GetTrailStatus says in one region: whether it logs there, and the errors of its deliveries.
 */
export function statusFindings(status: GetTrailStatusResponse): VerifyFinding[] {
  const files = "the policies of bucket and key";
  const errors = [
    ["Log files", status.LatestDeliveryError, files],
    ["Digest files", status.LatestDigestDeliveryError, files],
    ["Notifications", status.LatestNotificationError, "the policies of topic and key"],
    ["CloudWatch Logs", status.LatestCloudWatchLogsDeliveryError, "the role and its policy"],
  ] as const;
  const stopped = status.StopLoggingTime;
  return [
    ...(status.IsLogging
      ? []
      : [amiss("trail", `It is not logging${stopped ? ` since ${toSecond(stopped)}` : ""}.`)]),
    ...errors.flatMap(([what, error, look]) =>
      error
        ? [amiss("delivery", `${what}: the latest delivery failed with ${error}; look at ${look}.`)]
        : [],
    ),
  ];
}

function amiss(check: VerifyFinding["check"], text: string): VerifyFinding {
  return { verdict: "amiss", check, text };
}
