import { AtOnce, mapInOrder } from "./at-once";
import type { ReadDigest } from "./digest";
import { type ChainRequest, type ChainStep, walkChain } from "./digest-chain";
import { causeOf, fetchDigest, messageOf } from "./digest-check";
import { digestEndTime, DigestShelf, type ListedDigest } from "./digest-shelf";
import { checkLogFile } from "./log-check";
import {
  type DigestFileName,
  digestFileFolder,
  digestFilesFolder,
  logFilesFolder,
  type LogFolder,
  parseDigestFileKey,
} from "./log-layout";
import { PublicKeys } from "./public-keys";
import { formatTime, HOUR, parseTime } from "./time";
import type { TrailIdentity } from "./trail-identity";
import { unvouched, unvouchedFiles } from "./unvouched";
import { type Fault, FAULTS, isFault, type ValidationFinding } from "./validation-findings";
import type { Location, ValidationSource } from "./validation-source";
import { VouchedFiles } from "./vouched-files";

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
   * ISO 8601 in UTC: when the trail began to log, as GetTrailStatus says it. Hours before it, of which no digest is
   * left, are not missed.
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
  const { region, s3BucketName: bucket } = request;
  const [from, to] = timesOf(request);
  const atOnce = request.atOnce ?? new AtOnce(32);
  const folder = { bucket, key: digestFilesFolder(logFolder(request)), backfill: false };

  let publicKeys: PublicKeys;
  try {
    publicKeys = await PublicKeys.load(region, from, to, source);
  } catch (error) {
    const message = `CloudTrail's public keys of ${region} could not be had: ${messageOf(error)}.`;
    yield { ...folder, kind: "public-keys-not-read", message, cause: causeOf(error) };
    return;
  }
  let listed: ListedFolder;
  try {
    // The digest of the last hour asked for is delivered in the next.
    listed = await listDigests(logFolder(request), bucket, from, to + HOUR, source);
  } catch (error) {
    const message = `The digests could not be listed: ${messageOf(error)}.`;
    yield { ...folder, kind: "digests-not-listed", message, cause: causeOf(error) };
    return;
  }
  if (!listed.digests.some(({ name }) => isOf(request.trail, name) && !name.backfill)) {
    const message = `There is no digest of trail ${request.trail.name} that ends between ${request.from} and ${formatTime(to + HOUR)}.`;
    yield { ...folder, kind: "no-digests", message } satisfies Fault;
  }

  const vouched = new VouchedFiles();
  const loggingSince =
    request.loggingSince === undefined ? undefined : parseTime(request.loggingSince);
  const asked = { ...request, from, to, loggingSince, source, atOnce, publicKeys };
  const own = listed.digests.filter(({ name }) => isOf(request.trail, name));
  for (const backfill of [false, true]) {
    const steps = noted(
      ownChain(asked, own, backfill),
      ({ bucket: other, key }) => !backfill && other === bucket && isBelow(key, request),
      vouched,
    );
    yield* mapInOrder(findingsAndLogs(steps), 4 * atOnce.most, async (item) =>
      "kind" in item ? item : atOnce.run(() => checkLogFile(item, backfill, source)),
    );
  }
  for (const key of listed.strangers)
    yield unvouched("digest-unvouched", bucket, key, "CloudTrail puts no file of that name there.");
  yield* otherTrails(asked, listed.digests, vouched);
  try {
    yield* unvouchedFiles(logFolder(request), bucket, vouched, from, to, source);
  } catch (error) {
    const message = `The log files could not be listed, so nothing is known of those that no digest names: ${messageOf(error)}.`;
    const key = logFilesFolder(logFolder(request));
    yield { ...folder, kind: "logs-not-listed", key, message, cause: causeOf(error) };
  }
}

/** A request with all that it takes to answer it; times are in milliseconds. */
interface Asked extends Omit<ValidationRequest, "from" | "to" | "loggingSince"> {
  readonly from: number;
  readonly to: number;
  readonly loggingSince: number | undefined;
  readonly source: ValidationSource;
  readonly atOnce: AtOnce;
  readonly publicKeys: PublicKeys;
}

/** The trail's own chain, also where it goes on in another bucket or below another prefix. */
function ownChain(
  asked: Asked,
  own: readonly ListedDigest[],
  backfill: boolean,
): AsyncGenerator<ChainStep, void> {
  const { trail, s3BucketName, s3KeyPrefix, source } = asked;
  const folders = new Set([`${s3BucketName}/${s3KeyPrefix ?? ""}`]);
  // A trail whose bucket or prefix was changed has its older digests elsewhere.
  return chain(asked, own, backfill, async ({ bucket, key }, end) => {
    const prefix = parseDigestFileKey(key)?.prefix;
    const name = `${bucket}/${prefix ?? ""}`;
    if (folders.has(name)) return [];
    folders.add(name);
    const folder = { ...logFolder(asked), prefix };
    const { digests } = await listDigests(folder, bucket, asked.from, end, source);
    return digests.filter((one) => isOf(trail, one.name) && one.name.backfill === backfill);
  });
}

function chain(
  { from, loggingSince, source, atOnce, publicKeys }: Asked,
  digests: readonly ListedDigest[],
  backfill: boolean,
  listFolderOf: ChainRequest["listFolderOf"],
): AsyncGenerator<ChainStep, void> {
  const shelf = new DigestShelf(
    (location) => atOnce.run(() => fetchDigest(location, source)),
    atOnce.most,
  );
  shelf.add(digests.filter(({ name }) => name.backfill === backfill));
  return walkChain({ shelf, backfill, from, loggingSince, publicKeys, listFolderOf });
}

/** The same steps. What their digests vouch for is noted. */
async function* noted(
  steps: AsyncIterable<ChainStep>,
  covers: (digest: Location) => boolean,
  vouched: VouchedFiles,
): AsyncGenerator<ChainStep, void> {
  for await (const step of steps) {
    const { finding, proven } = step;
    if (proven !== undefined) {
      vouched.add(proven);
      if (covers(finding)) vouched.cover(proven);
    } else if (isFault(finding) && isAboutDigest(finding)) {
      const endTime = digestEndTime(finding.key);
      if (endTime !== undefined && !covers(finding)) vouched.notKnown(endTime);
    }
    yield step;
  }
}

/**
 * The digests of the account's other trails into the same folder: their log files lie among this trail's. What
 * they vouch for is noted; those that are not valid are a finding, and their log files are not looked at.
 */
async function* otherTrails(
  asked: Asked,
  listed: readonly ListedDigest[],
  vouched: VouchedFiles,
): AsyncGenerator<Fault, void> {
  const byTrail = new Map<string, ListedDigest[]>();
  for (const digest of listed) {
    if (isOf(asked.trail, digest.name)) continue;
    const { trailName, homeRegion } = digest.name;
    const id = `${trailName} ${homeRegion}`;
    byTrail.set(id, [...(byTrail.get(id) ?? []), digest]);
  }
  for (const digests of byTrail.values())
    for (const backfill of [false, true])
      for await (const { finding, proven } of chain(asked, digests, backfill, () =>
        Promise.resolve([]),
      )) {
        if (proven !== undefined) vouched.add(proven);
        if (!isFault(finding) || !isAboutDigest(finding)) continue;
        const { kind, bucket, key, message } = finding;
        const endTime = digestEndTime(key);
        const mayName =
          proven === undefined && (kind === "digest-missing" || kind === "digest-not-checked");
        if (mayName && endTime !== undefined) vouched.notKnown(endTime);
        const { trailName, homeRegion } = digests[0]!.name;
        const told = `It is of another trail, ${trailName} of ${homeRegion}. ${message}`;
        yield FAULTS[kind] === "not-checked"
          ? { ...finding, message: told }
          : unvouched("digest-unvouched", bucket, key, told);
      }
}

/** Whether a fault is about one digest, and not about a time or a folder. */
function isAboutDigest({ kind }: Fault): boolean {
  return (
    (kind.startsWith("digest-") && FAULTS[kind] !== "unvouched") || kind === "public-key-missing"
  );
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

function logFolder({
  trail,
  region,
  s3KeyPrefix,
}: Pick<ValidationRequest, "trail" | "region" | "s3KeyPrefix">): LogFolder {
  return { accountId: trail.accountId, region, prefix: s3KeyPrefix };
}

function isBelow(key: string, request: ValidationRequest): boolean {
  return key.startsWith(digestFilesFolder(logFolder(request)));
}

function isOf({ name, homeRegion }: TrailIdentity, digest: DigestFileName): boolean {
  return digest.trailName === name && digest.homeRegion === homeRegion;
}

/** What a listing of a folder of digests shows. */
interface ListedFolder {
  /** Those that end within the time, of all trails of the account. */
  readonly digests: readonly ListedDigest[];
  /** Keys of what is no digest by its name. */
  readonly strangers: readonly string[];
}

/** The digests in a folder that end within a time, which is in milliseconds and includes both ends. */
async function listDigests(
  folder: LogFolder,
  bucket: string,
  from: number,
  to: number,
  source: ValidationSource,
): Promise<ListedFolder> {
  const digests: ListedDigest[] = [];
  const strangers: string[] = [];
  const [firstDay, lastDay] = [from, to].map((time) => digestFileFolder(folder, formatTime(time)));
  for await (const key of source.listKeys(bucket, digestFilesFolder(folder), firstDay!)) {
    const name = parseDigestFileKey(key);
    const endTime = digestEndTime(key);
    if (name === undefined || endTime === undefined) {
      // S3's console makes an empty object for each folder.
      if (!key.endsWith("/")) strangers.push(key);
      continue;
    }
    // Within a day keys are in the order of their trails, and within a trail of their times.
    if (endTime > to && digestFileFolder(folder, name.endTime) > lastDay!) break;
    if (from <= endTime && endTime <= to) digests.push({ bucket, key, name, endTime });
  }
  return { digests, strangers };
}
