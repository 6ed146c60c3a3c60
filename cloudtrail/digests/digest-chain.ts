import type { ReadDigest } from "./digest";
import { checkDigest, messageOf, type Vouched } from "./digest-check";
import { digestEndTime, type DigestShelf, type ListedDigest } from "./digest-shelf";
import { parseDigestFileKey } from "../files/log-layout";
import type { PublicKeys } from "./public-keys";
import { EACH_TIME_ANOTHER, secondLook } from "./second-look";
import { formatTime, HOUR, parseTime } from "../time";
import type { ValidationFinding } from "./validation-findings";
import type { Location } from "./validation-source";

/** A chain of digests to go along. */
export interface ChainRequest {
  /** The digests that were listed for the time asked for. */
  readonly shelf: DigestShelf;
  /** Whether it is the backfill digests' chain. */
  readonly backfill: boolean;
  /** Milliseconds: the digests that begin before it are the last. */
  readonly from: number;
  /**
   * Milliseconds: before it the trail did not log, as far as no digest says otherwise.
   * @default - not known
   */
  readonly loggingSince?: number;
  /** The keys that the region's digests may be signed with. */
  readonly publicKeys: PublicKeys;
  /**
   * Lists the digests in the folder of another digest that end at a time, in milliseconds, or
   * before; none if that is done already.
   */
  listFolderOf(digest: Location, to: number): Promise<readonly ListedDigest[]>;
}

/** What looking at one digest, or the step to the next, led to. */
export interface ChainStep {
  /** What was found. */
  readonly finding: ValidationFinding;
  /**
   * The digest, where its content is proven: its links and the hashes of its log files hold.
   * @default - nothing proves it, or the step is about no one digest
   */
  readonly proven?: ReadDigest;
}

/**
 * Goes from the newest digest to the oldest, by what each says of the one before it, as the AWS CLI
 * does. Where a digest can't be trusted, it goes on with the next older one that was listed. Listed
 * digests that no other names are checked by themselves; the CLI leaves them out.
 */
export async function* walkChain(request: ChainRequest): AsyncGenerator<ChainStep, void> {
  const { shelf, backfill, from } = request;
  let current: Location | undefined = shelf.takeNewest();
  let vouched: Vouched | undefined;
  let startTime = Infinity;

  while (current !== undefined && from <= startTime) {
    for (const unnamed of shelf.takeDownTo(current)) yield await look(unnamed, undefined, request);
    const step: ChainStep = await look(current, vouched, request);
    yield step;
    const { proven } = step;
    vouched = undefined;

    const previous = proven && previousOf(proven);
    if (proven !== undefined) startTime = parseTime(proven.digestStartTime)!;
    // A backfill digest that names an ordinary one: that one's own chain is looked at anyway. There
    // can be no circle: a digest that another names is followed only where it has the hash that the
    // other holds.
    if (previous && (!backfill || parseDigestFileKey(previous.key)?.backfill === true)) {
      try {
        shelf.add(await request.listFolderOf(previous, startTime));
      } catch (error) {
        yield chainFault("digests-not-listed", previous, backfill, {
          message: `Its folder could not be listed: ${messageOf(error)}.`,
        });
      }
      vouched = previous;
      current = { bucket: previous.bucket, key: previous.key };
      continue;
    }
    const next = shelf.takeNewest();
    // Backfill digests come when there is something to add, so that time between them means
    // nothing.
    if (!backfill)
      yield* proven === undefined
        ? besideBroken(current, step.finding, next, request)
        : beforeStarting(current, next, startTime);
    current = next;
  }
  for (let rest = shelf.takeNewest(); rest !== undefined; rest = shelf.takeNewest())
    yield await look(rest, undefined, request);
}

async function look(
  { bucket, key }: Location,
  vouched: Vouched | undefined,
  { shelf, publicKeys, backfill }: ChainRequest,
): Promise<ChainStep> {
  const location = { bucket, key };
  const file = { ...location, backfill };
  const checked = await secondLook(
    async (time) => {
      const fetched = await (time === 0 ? shelf.fetch(location) : shelf.fetchAgain(location));
      return checkDigest(location, fetched, vouched, publicKeys);
    },
    ({ fault }) => fault,
  );
  if (checked === undefined)
    return { finding: { ...file, kind: "digest-not-checked", message: EACH_TIME_ANOTHER } };
  const { proven, fault } = checked;
  if (fault !== undefined) return { finding: { ...file, ...fault }, proven };
  const { digestStartTime: startTime, digestEndTime: endTime } = proven!;
  return { finding: { ...file, kind: "digest-valid", startTime, endTime }, proven };
}

function previousOf(digest: ReadDigest): (Location & Vouched) | undefined {
  const {
    previousDigestS3Bucket: bucket,
    previousDigestS3Object: key,
    previousDigestHashValue: hashValue,
    previousDigestSignature: signature,
  } = digest;
  // parseDigest takes all of them or none.
  return bucket === null || key === null || hashValue === null || signature === null
    ? undefined
    : { bucket, key, hashValue, signature };
}

/**
 * Whether more than the hour of a digest that can't be trusted lies between it and what is left
 * before it.
 */
function* besideBroken(
  broken: Location,
  { kind }: ValidationFinding,
  next: ListedDigest | undefined,
  { from, loggingSince = from }: ChainRequest,
): Generator<ChainStep> {
  const isUnread = kind === "digest-not-checked";
  // Of what could not be read nobody knows whether it is the first one.
  if (next === undefined && isUnread) return;
  const older = next?.endTime ?? Math.max(from, loggingSince);
  // A digest covers an hour.
  const start = (digestEndTime(broken.key) ?? older) - HOUR;
  if (Math.round((start - older) / HOUR) < 1) return;
  const uncovered = { from: formatTime(older), to: formatTime(start) };
  yield chainFault("adjacent-digests-missing", broken, false, {
    message:
      `Before it, no digest is left of ${uncovered.from} to ${uncovered.to}: they were deleted${isUnread ? "" : " too"}, ` +
      `or log file validation or logging was off. Only the digest that can't be ${isUnread ? "read" : "trusted"} could tell.`,
    uncovered,
  });
}

/** A digest with none before it, though an older one was listed. */
function* beforeStarting(
  starting: Location,
  next: ListedDigest | undefined,
  startTime: number,
): Generator<ChainStep> {
  if (next === undefined) return;
  const uncovered = { from: formatTime(next.endTime), to: formatTime(startTime) };
  yield chainFault("gap", starting, false, {
    message:
      `A new chain starts here, and the older one ends at ${uncovered.from}: in between, log file validation or logging ` +
      "was off, or the trail was made anew; the older chain's last digests may also have been deleted. " +
      `No log file of ${uncovered.from} to ${uncovered.to} can be proven.`,
    uncovered,
  });
}

function chainFault(
  kind: "digests-not-listed" | "adjacent-digests-missing" | "gap",
  { bucket, key }: Location,
  backfill: boolean,
  rest: { readonly message: string; readonly uncovered?: { from: string; to: string } },
): ChainStep {
  return { finding: { kind, bucket, key, backfill, ...rest } };
}
