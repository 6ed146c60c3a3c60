import { parseArn, regionalArn } from "../arn";
import { accountIdProblem } from "../names";
import { isPartition, isRegionName, type Partition } from "../regions";

/**
 * What names a trail before it exists: its ARN follows from configuration alone, so that every
 * policy can name exact trails with no dependency on the trails themselves.
 */
export interface TrailIdentity {
  /** The partition of account and region. */
  readonly partition: Partition;
  /** The region that the trail is made in; a multi-region trail has one ARN, with this region. */
  readonly homeRegion: string;
  /** Twelve digits. */
  readonly accountId: string;
  /** The trail's name. */
  readonly name: string;
}

/** `arn:aws:cloudtrail:us-east-1:111111111111:trail/name` */
export function trailArn(trail: TrailIdentity): string {
  const { homeRegion: region, name } = trail;
  return regionalArn({ ...trail, region }, "cloudtrail", `trail/${name}`);
}

/**
 * The reverse of {@link trailArn}; undefined where the text is no trail's ARN, or one of a partition that is not
 * known. The name is taken as it stands.
 */
export function parseTrailArn(arn: string): TrailIdentity | undefined {
  const parsed = parseArn(arn);
  if (parsed?.service !== "cloudtrail" || !isPartition(parsed.partition)) return undefined;
  const { partition, region: homeRegion, account: accountId, resource } = parsed;
  if (!resource.startsWith("trail/")) return undefined;
  const name = resource.slice("trail/".length);
  const isTrail = isRegionName(homeRegion) && !accountIdProblem(accountId) && name !== "";
  return isTrail ? { partition, homeRegion, accountId, name } : undefined;
}
