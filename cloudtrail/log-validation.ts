import { AtOnce, mapInOrder } from "./at-once";
import type { ReadDigest } from "./digest";
import { type ChainStep, walkChain } from "./digest-chain";
import { fetchDigest, messageOf } from "./digest-check";
import { DigestShelf, type ListedDigest } from "./digest-shelf";
import { checkLogFile } from "./log-check";
import { accountFolder, digestFileKey, parseDigestFileKey } from "./log-layout";
import { PublicKeys } from "./public-keys";
import { formatTime, HOUR, parseTime } from "./time";
import type { TrailIdentity } from "./trail-identity";
import type { Fault, ValidationFinding } from "./validation-findings";
import type { ValidationSource } from "./validation-source";

export { AtOnce } from "./at-once";
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
   * How many objects are read at a time. Validations that share it share the bound.
   *
   * @default - 32 for this validation alone
   */
  readonly atOnce?: AtOnce;
}

/**
 * Validates digests and log files as `aws cloudtrail validate-logs` does, from the newest to the oldest:
 * each digest, followed by its log files; the backfill digests come last. Objects are read many at a
 * time, and findings come in the order of the chain all the same. What a source can't do is a finding
 * too, and does not end the validation.
 *
 * @throws RangeError where `from` or `to` is no time, or `from` is after `to`
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-intro.html
 */
export async function* validateLogFiles(
  request: ValidationRequest,
  source: ValidationSource,
): AsyncGenerator<ValidationFinding, void> {
  const { region, s3BucketName: bucket, s3KeyPrefix: prefix } = request;
  const [from, to] = timesOf(request);
  const atOnce = request.atOnce ?? new AtOnce(32);
  const folder = { bucket, key: digestFolder(request, prefix), backfill: false };

  let publicKeys: PublicKeys;
  try {
    publicKeys = await PublicKeys.load(region, from, to, source);
  } catch (error) {
    const message = `CloudTrail's public keys of ${region} could not be had: ${messageOf(error)}.`;
    yield { ...folder, kind: "public-keys-not-read", message } satisfies Fault;
    return;
  }
  let listed: readonly ListedDigest[];
  try {
    // The digest of the last hour asked for is delivered in the next.
    listed = await listDigests(request, bucket, prefix, from, to + HOUR, source);
  } catch (error) {
    const message = `The digests could not be listed: ${messageOf(error)}.`;
    yield { ...folder, kind: "digests-not-listed", message } satisfies Fault;
    return;
  }
  if (!listed.some(({ key }) => !isBackfill(key))) {
    const message = `There is no digest of trail ${request.trail.name} that ends between ${request.from} and ${formatTime(to + HOUR)}.`;
    yield { ...folder, kind: "no-digests", message } satisfies Fault;
  }

  for (const backfill of [false, true]) {
    const shelf = new DigestShelf(
      (location) => atOnce.run(() => fetchDigest(location, source)),
      atOnce.most,
    );
    shelf.add(listed.filter(({ key }) => isBackfill(key) === backfill));
    const folders = new Set([`${bucket}/${prefix ?? ""}`]);
    const steps = walkChain({
      shelf,
      backfill,
      from,
      publicKeys,
      // A trail whose bucket or prefix was changed has its older digests elsewhere.
      listFolderOf: async ({ bucket: other, key }, end) => {
        const otherPrefix = parseDigestFileKey(key)?.prefix;
        const name = `${other}/${otherPrefix ?? ""}`;
        if (folders.has(name)) return [];
        folders.add(name);
        const found = await listDigests(request, other, otherPrefix, from, end, source);
        return found.filter((digest) => isBackfill(digest.key) === backfill);
      },
    });
    yield* mapInOrder(findingsAndLogs(steps), 4 * atOnce.most, async (item) =>
      "kind" in item ? item : atOnce.run(() => checkLogFile(item, backfill, source)),
    );
  }
}

async function* findingsAndLogs(
  steps: AsyncIterable<ChainStep>,
): AsyncGenerator<ValidationFinding | ReadDigest["logFiles"][number], void> {
  for await (const { finding, logFiles } of steps) {
    yield finding;
    yield* logFiles;
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

/** `…AWSLogs/111111111111/CloudTrail-Digest/us-east-1/` */
function digestFolder({ trail, region }: ValidationRequest, prefix: string | undefined): string {
  return `${accountFolder(trail.accountId, prefix)}CloudTrail-Digest/${region}/`;
}

/** The trail's digests that end within a time, which is in milliseconds and includes both ends. */
async function listDigests(
  request: ValidationRequest,
  bucket: string,
  prefix: string | undefined,
  from: number,
  to: number,
  source: ValidationSource,
): Promise<readonly ListedDigest[]> {
  const { trail, region } = request;
  const { accountId, homeRegion, name: trailName } = trail;
  const before = formatTime(from - 1000);
  const startAfter = digestFileKey({
    ...{ accountId, region, prefix, trailName, homeRegion, backfill: false },
    endTime: before,
  });
  const listed: ListedDigest[] = [];
  for await (const key of source.listKeys(bucket, digestFolder(request, prefix), startAfter)) {
    const name = parseDigestFileKey(key);
    if (name?.trailName !== trailName || name.homeRegion !== homeRegion) continue;
    const endTime = parseTime(name.endTime);
    if (endTime === undefined || endTime < from) continue;
    // A trail's keys are in the order of their times.
    if (endTime > to) break;
    listed.push({ bucket, key, endTime });
  }
  return listed;
}

function isBackfill(key: string): boolean {
  return parseDigestFileKey(key)?.backfill === true;
}
