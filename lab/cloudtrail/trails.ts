import { isArn } from "../../cloudtrail/arn";
import type { EventSelection } from "../../cloudtrail/selection/event-selectors";
import { LIMITS } from "../../cloudtrail/limits";
import { trailNameProblem } from "../../cloudtrail/names";
import {
  parseTrailArn,
  trailArn,
  type TrailIdentity,
} from "../../cloudtrail/trails/trail-identity";
import * as errors from "./errors";
import type { InsightSelector } from "./requests";

/** What CreateTrail and UpdateTrail set. */
export interface StoredTrailSettings {
  readonly s3BucketName: string;
  readonly s3KeyPrefix?: string;
  readonly snsTopicArn?: string;
  readonly includeGlobalServiceEvents: boolean;
  readonly isMultiRegionTrail: boolean;
  readonly logFileValidation: boolean;
  readonly cloudWatchLogsLogGroupArn?: string;
  readonly cloudWatchLogsRoleArn?: string;
  /** Always the key's ARN, whatever the request called it. */
  readonly kmsKeyArn?: string;
}

/** How a trail's deliveries of one region's events go. Times are milliseconds. */
export interface DeliveryStatus {
  latestAttempt?: number;
  latestDelivery?: number;
  /** S3's code for why the latest attempt failed. */
  latestError?: string;
  latestDigestDelivery?: number;
  latestDigestError?: string;
  latestNotificationAttempt?: number;
  latestNotification?: number;
  /** SNS's code for why the latest attempt failed. */
  latestNotificationError?: string;
}

/** A trail, as its account sees it. */
export interface StoredTrail {
  readonly identity: TrailIdentity;
  settings: StoredTrailSettings;
  isLogging: boolean;
  /** Milliseconds. */
  loggingStarted?: number;
  loggingStopped?: number;
  /** Undefined until PutEventSelectors: all management events then. */
  eventSelection?: EventSelection;
  insightSelectors: readonly InsightSelector[];
  /** By the events' region. */
  readonly deliveries: Map<string, DeliveryStatus>;
  readonly tags: Map<string, string | undefined>;
}

/** Where a call comes from. */
export interface CallOrigin {
  readonly accountId: string;
  readonly callerArn: string;
  readonly region: string;
  /** The operation, for errors. */
  readonly action: string;
}

/** All trails of all accounts and regions. */
export class Trails {
  readonly #byArn = new Map<string, StoredTrail>();

  /** All trails of an account, in the order they were made. */
  ofAccount(accountId: string): readonly StoredTrail[] {
    return [...this.#byArn.values()].filter(({ identity }) => identity.accountId === accountId);
  }

  /**
   * The trails of one region: those made there, and the shadows of other regions' multi-region
   * trails.
   */
  inRegion(accountId: string, region: string): readonly StoredTrail[] {
    return this.ofAccount(accountId).filter((trail) => isInRegion(trail, region));
  }

  byArn(arn: string): StoredTrail | undefined {
    return this.#byArn.get(arn);
  }

  add(trail: StoredTrail): void {
    this.#byArn.set(trailArn(trail.identity), trail);
  }

  delete(trail: StoredTrail): void {
    this.#byArn.delete(trailArn(trail.identity));
  }

  /**
   * Whether there is room for a trail beside the account's others. A multi-region trail counts in
   * every region, and its name is taken in every region.
   *
   * @param present the trail itself, where it exists already
   * @throws ServiceError TrailAlreadyExistsException, MaximumNumberOfTrailsExceededException
   */
  checkRoom(identity: TrailIdentity, isMultiRegionTrail: boolean, present?: StoredTrail): void {
    const { accountId, homeRegion, name } = identity;
    const others = this.ofAccount(accountId).filter((trail) => trail !== present);
    const regions = isMultiRegionTrail
      ? new Set([homeRegion, ...others.map((other) => other.identity.homeRegion)])
      : [homeRegion];
    for (const region of regions) {
      const neighbours = others.filter((other) => isInRegion(other, region));
      if (neighbours.some((other) => other.identity.name === name))
        throw errors.trailAlreadyExists(name, accountId);
      if (neighbours.length >= LIMITS.trailsPerRegion)
        throw errors.maximumNumberOfTrailsExceeded(accountId, neighbours.length, region);
    }
  }

  /**
   * The trail that a call reads, by name or ARN. A name means a trail made in the region of the
   * call; an ARN reaches trails of the account's other regions.
   *
   * @throws ServiceError as AWS does where there is none, the name can be none, or it is another
   *   account's
   */
  find(nameOrArn: string, origin: CallOrigin): StoredTrail {
    const trail = this.#byArn.get(this.#arnOf(nameOrArn, origin));
    if (trail === undefined) throw errors.trailNotFound(nameOrArn, origin.accountId);
    return trail;
  }

  /**
   * The trail that a call changes: only from its home region.
   *
   * @throws ServiceError as {@link find}, and InvalidHomeRegionException
   */
  findToChange(nameOrArn: string, origin: CallOrigin): StoredTrail {
    const shadow = this.inRegion(origin.accountId, origin.region).find(
      ({ identity }) => identity.name === nameOrArn,
    );
    const trail = shadow ?? this.find(nameOrArn, origin);
    if (trail.identity.homeRegion !== origin.region)
      throw errors.invalidHomeRegion(
        trailArn(trail.identity),
        trail.identity.homeRegion,
        origin.region,
      );
    return trail;
  }

  #arnOf(nameOrArn: string, origin: CallOrigin): string {
    if (!isArn(nameOrArn)) {
      const problem = trailNameProblem(nameOrArn);
      if (problem !== undefined) throw errors.invalidTrailName(problem);
      const local = this.ofAccount(origin.accountId).find(
        ({ identity }) => identity.name === nameOrArn && identity.homeRegion === origin.region,
      );
      return local ? trailArn(local.identity) : nameOrArn;
    }
    const identity = parseTrailArn(nameOrArn);
    if (identity === undefined) throw errors.cloudTrailArnInvalid(nameOrArn);
    if (identity.accountId !== origin.accountId)
      throw errors.accessDenied(origin.callerArn, origin.action, nameOrArn);
    return nameOrArn;
  }
}

function isInRegion({ identity, settings }: StoredTrail, region: string): boolean {
  return identity.homeRegion === region || settings.isMultiRegionTrail;
}
