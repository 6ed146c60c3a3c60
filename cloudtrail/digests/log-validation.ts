import { AtOnce, mapInOrder } from "../at-once";
import type { ReadDigest } from "./digest";
import type { ChainStep } from "./digest-chain";
import { causeOf, messageOf } from "./digest-check";
import { type ListedFolder, listDigests } from "./digest-listing";
import { checkLogFile } from "./log-check";
import { regionFolder } from "../files/log-layout";
import { PublicKeys } from "./public-keys";
import { formatTime, HOUR, parseTime } from "../time";
import { isOf, otherTrails, ownChain } from "./trail-chains";
import type { TrailIdentity } from "../trails/trail-identity";
import { unvouched, unvouchedFiles } from "./unvouched";
import type { Fault, ValidationFinding } from "./validation-findings";
import type { ValidationSource } from "./validation-source";
import { VouchedFiles } from "./vouched-files";

export { AtOnce } from "../at-once";
export * from "./validation-findings";
export type * from "./validation-source";

/** What to validate: the log files of one trail, of the events of one region. */
export interface ValidationRequest {
  /** The trail. */
  readonly trail: TrailIdentity;
  /** Where the events happened; each region has a chain of digests of its own. */
  readonly region: string;
  /** The bucket that it delivers to. */
  readonly s3BucketName: string;
  /**
   * The part of each key before `AWSLogs/`.
   * @default - none
   */
  readonly s3KeyPrefix?: string;
  /** ISO 8601 in UTC: the digests that end at or after it, and their log files. */
  readonly from: string;
  /** ISO 8601 in UTC: the digests that end at the latest an hour after it. */
  readonly to: string;
  /**
   * ISO 8601 in UTC: when the trail began to log, as GetTrailStatus says it. Hours before it, of
   * which no digest is left, are not missed.
   * @default - not known: they are
   */
  readonly loggingSince?: string;
  /**
   * How many objects are read at a time. Validations that share it share the bound.
   *
   * @default - 32 for this validation alone
   */
  readonly atOnce?: AtOnce;
}

/**
 * Validates digests and log files as `aws cloudtrail validate-logs` does, from the newest to the
 * oldest: each digest, followed by its log files; then the backfill digests; and last what lies
 * among them and no digest vouches for, of any of the account's trails. Objects are read many at a
 * time, and findings come in the order of the chain all the same. What a source can't do is a
 * finding too, and does not end the validation.
 *
 * @throws RangeError where `from` or `to` is not a time, or `from` is after `to`
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-intro.html
 */
export async function* validateLogFiles(
  request: ValidationRequest,
  source: ValidationSource,
): AsyncGenerator<ValidationFinding, void> {
  const { trail, region, s3BucketName: bucket, atOnce = new AtOnce(32) } = request;
  const [from, to] = timesOf(request);
  const folder = { accountId: trail.accountId, region, prefix: request.s3KeyPrefix };
  const ofDigests = { bucket, key: regionFolder(folder, "CloudTrail-Digest"), backfill: false };

  let publicKeys: PublicKeys;
  try {
    publicKeys = await PublicKeys.load(region, from, to, source);
  } catch (error) {
    const message = `CloudTrail's public keys of ${region} could not be had: ${messageOf(error)}.`;
    yield { ...ofDigests, kind: "public-keys-not-read", message, cause: causeOf(error) };
    return;
  }
  let listed: ListedFolder;
  try {
    // The digest of the last hour asked for is delivered in the next.
    listed = await listDigests(folder, bucket, from, to + HOUR, source);
  } catch (error) {
    const message = `The digests could not be listed: ${messageOf(error)}.`;
    yield { ...ofDigests, kind: "digests-not-listed", message, cause: causeOf(error) };
    return;
  }
  if (!listed.digests.some(({ name }) => isOf(trail, name) && !name.backfill)) {
    const message = `There is no digest of trail ${trail.name} that ends between ${request.from} and ${formatTime(to + HOUR)}.`;
    yield { ...ofDigests, kind: "no-digests", message } satisfies Fault;
  }

  const vouched = new VouchedFiles();
  const loggingSince =
    request.loggingSince === undefined ? undefined : parseTime(request.loggingSince);
  const asked = { trail, bucket, folder, from, loggingSince, source, atOnce, publicKeys };
  for (const backfill of [false, true]) {
    const steps = ownChain(asked, listed.digests, backfill, vouched);
    yield* mapInOrder(findingsAndLogs(steps), 4 * atOnce.most, async (item) =>
      "kind" in item ? item : atOnce.run(() => checkLogFile(item, backfill, source)),
    );
  }
  for (const key of listed.strangers)
    yield unvouched("digest-unvouched", bucket, key, "CloudTrail puts no file of that name there.");
  yield* otherTrails(asked, listed.digests, vouched);
  try {
    yield* unvouchedFiles(folder, bucket, vouched, from, to, source);
  } catch (error) {
    const message = `The log files could not be listed, so nothing is known of those that no digest names: ${messageOf(error)}.`;
    const place = { bucket, key: regionFolder(folder, "CloudTrail"), backfill: false };
    yield { ...place, kind: "logs-not-listed", message, cause: causeOf(error) };
  }
}

async function* findingsAndLogs(
  steps: AsyncIterable<ChainStep>,
): AsyncGenerator<ValidationFinding | ReadDigest["logFiles"][number], void> {
  for await (const { finding, proven } of steps) {
    yield finding;
    yield* proven?.logFiles ?? [];
  }
}

function timesOf({ from, to }: ValidationRequest): [number, number] {
  const times = [parseTime(from), parseTime(to)] as const;
  if (times[0] === undefined || times[1] === undefined || times[0] > times[1])
    throw new RangeError(
      `from ${from}, to ${to}: both must be times like 2026-01-31T23:12:05Z, and from not after to.`,
    );
  return [times[0], times[1]];
}
