import type { AtOnce } from "../at-once";
import { type ChainRequest, type ChainStep, walkChain } from "./digest-chain";
import { fetchDigest } from "./digest-check";
import { listDigests } from "./digest-listing";
import { digestEndTime, DigestShelf, type ListedDigest } from "./digest-shelf";
import {
  type DigestFileName,
  type LogFolder,
  parseDigestFileKey,
  regionFolder,
} from "../files/log-layout";
import type { PublicKeys } from "./public-keys";
import type { TrailIdentity } from "../trails/trail-identity";
import { unvouched } from "./unvouched";
import { type Fault, FAULTS, isFault } from "./validation-findings";
import type { Location, ValidationSource } from "./validation-source";
import type { VouchedFiles } from "./vouched-files";

/** What is validated, with all that it takes; times are in milliseconds. */
export interface Asked {
  /** Whose digests. */
  readonly trail: TrailIdentity;
  /** Where its digests lie now. */
  readonly bucket: string;
  /** Its folder there. */
  readonly folder: LogFolder;
  /** The digests that end before it are not looked at. */
  readonly from: number;
  /** Before it the trail did not log; undefined where that is not known. */
  readonly loggingSince: number | undefined;
  /** What is read from. */
  readonly source: ValidationSource;
  /** How many objects are read at a time. */
  readonly atOnce: AtOnce;
  /** The region's. */
  readonly publicKeys: PublicKeys;
}

/** Whether a digest is the trail's, by its name. */
export function isOf({ name, homeRegion }: TrailIdentity, digest: DigestFileName): boolean {
  return digest.trailName === name && digest.homeRegion === homeRegion;
}

/**
 * The trail's own chain, also where it goes on in another bucket or below another prefix. What its
 * digests vouch for is noted.
 */
export function ownChain(
  asked: Asked,
  listed: readonly ListedDigest[],
  backfill: boolean,
  vouched: VouchedFiles,
): AsyncGenerator<ChainStep, void> {
  const { trail, folder, source } = asked;
  const folders = new Set([`${asked.bucket}/${regionFolder(folder, "CloudTrail-Digest")}`]);
  const own = listed.filter(({ name }) => isOf(trail, name));
  // A trail whose bucket or prefix was changed has its older digests elsewhere.
  const steps = chain(asked, own, backfill, async ({ bucket, key }, end) => {
    const { prefix, organizationId } = parseDigestFileKey(key) ?? {};
    const there = { ...folder, prefix, organizationId };
    const name = `${bucket}/${regionFolder(there, "CloudTrail-Digest")}`;
    if (folders.has(name)) return [];
    folders.add(name);
    const { digests } = await listDigests(there, bucket, asked.from, end, source);
    return digests.filter((one) => isOf(trail, one.name) && one.name.backfill === backfill);
  });
  const start = regionFolder(folder, "CloudTrail-Digest");
  const isHere = ({ bucket, key }: Location): boolean =>
    bucket === asked.bucket && key.startsWith(start);
  return noted(steps, (digest) => !backfill && isHere(digest), vouched);
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
 * The digests of the account's other trails into the same folder: their log files lie among this
 * trail's. What they vouch for is noted; those that are not valid are a finding, and their log
 * files are not looked at.
 */
export async function* otherTrails(
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
  for (const [trail, digests] of byTrail)
    for (const backfill of [false, true])
      for await (const { finding, proven } of chain(asked, digests, backfill, () =>
        Promise.resolve([]),
      )) {
        if (proven !== undefined) {
          vouched.add(proven);
          if (!backfill) vouched.coverByOther(trail, proven);
        }
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
