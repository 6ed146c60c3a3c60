import type { Partition } from "../regions";

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
  return `arn:${trail.partition}:cloudtrail:${trail.homeRegion}:${trail.accountId}:trail/${trail.name}`;
}

/** The reverse of {@link trailArn}; undefined where the text is no trail's ARN. */
export function parseTrailArn(arn: string): TrailIdentity | undefined {
  const match = /^arn:(aws|aws-us-gov|aws-cn):cloudtrail:([a-z0-9-]+):(\d{12}):trail\/(.+)$/.exec(
    arn,
  );
  if (!match) return undefined;
  const [, partition, homeRegion, accountId, name] = match as unknown as [
    string,
    Partition,
    string,
    string,
    string,
  ];
  return { partition, homeRegion, accountId, name };
}
