import { DEFAULT_EVENT_SELECTORS, selects } from "../../cloudtrail/selection/event-selectors";
import type { CloudTrailRecord } from "../../cloudtrail/records/record";
import { shapeOf } from "../../cloudtrail/records/record-fields";
import { type Partition, partitionOfRegion } from "../../cloudtrail/regions";
import { HOUR } from "../../cloudtrail/time";
import {
  type DeliveryAttempt,
  type DeliveryParts,
  RegionDelivery,
  type Stretch,
} from "./delivery-region";
import { selectsInsight } from "./insight-selectors";
import type { StoredTrail } from "./trails";

/** Milliseconds from one delivery of log files to the next: AWS's average is "about 5 minutes". */
export const DELIVERY_RHYTHM = 5 * 60_000;

/**
 * A trail from one StartLogging to the next: what it records, and when it delivers. Times are
 * milliseconds; both rhythms count from the start. What is refused is tried again each 5 minutes.
 *
 * AWS does not say when the last files come. Our reading: with the next delivery after StopLogging
 * or DeleteTrail, the final digest right behind them.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html
 */
export class LoggingPeriod {
  readonly #regions = new Map<string, RegionDelivery>();
  readonly #start: number;
  #deliveryDue = Infinity;
  #digestDue: number;
  #stopped = Infinity;
  /** Whether the last delivery was tried. */
  #isEnded = false;
  #hasSuccessor = false;

  /**
   * @param regions all that there are: a multi-region trail has digests of each, whatever happens
   *   there
   */
  constructor(
    readonly trail: StoredTrail,
    private readonly regions: ReadonlySet<string>,
    private readonly parts: DeliveryParts,
  ) {
    // Digests know no fractions of seconds.
    this.#start = Math.floor(parts.now() / 1000) * 1000;
    this.#digestDue = this.#start + HOUR;
  }

  /** When there is something to do next; Infinity where all is done for good. */
  get due(): number {
    return Math.min(this.#deliveryDue, this.#digestDue);
  }

  /** Takes a record, if the trail wants it. */
  add(record: CloudTrailRecord): void {
    if (this.#isEnded || this.#hasSuccessor) return;
    if (Date.parse(record.eventTime!) > this.#stopped || !isWanted(this.trail, record)) return;
    this.#region(record.awsRegion!).add(record);
    this.#deliveryDue = Math.min(this.#deliveryDue, this.#nextDelivery());
  }

  /** StopLogging or DeleteTrail; the event itself is still to come, and is the last one. */
  stop(): void {
    if (this.#stopped < Infinity) return;
    this.#stopped = this.parts.now();
    this.#deliveryDue = this.#nextDelivery();
  }

  /** The trail logs again, in a period of its own. */
  succeed(): void {
    this.#hasSuccessor = true;
  }

  /** Does what is due. */
  async run(): Promise<DeliveryAttempt[]> {
    const now = this.parts.now();
    const attempts: DeliveryAttempt[] = [];
    if (this.#deliveryDue <= now) {
      const due = this.#deliveryDue;
      this.#deliveryDue = Infinity;
      for (const region of this.#regions.values()) attempts.push(...(await region.deliverLogs()));
      if (this.#stopped < Infinity && !this.#isEnded) {
        this.#endHour(due);
        this.#isEnded = true;
        this.#digestDue = Infinity;
      }
    }
    while (this.#digestDue <= now) {
      this.#endHour(this.#digestDue);
      this.#digestDue += HOUR;
    }
    for (const region of this.#regions.values()) attempts.push(...(await region.deliverDigests()));
    if ([...this.#regions.values()].some(({ isWaiting }) => isWaiting))
      this.#deliveryDue = Math.min(this.#deliveryDue, this.#nextDelivery());
    return attempts;
  }

  #endHour(end: number): void {
    const stretch: Stretch = { start: this.#digestDue - HOUR, end };
    const { identity, settings } = this.trail;
    const wanted = new Set(
      settings.isMultiRegionTrail
        ? [...this.regions].filter((region) => partitionOfRegion(region) === identity.partition)
        : [identity.homeRegion],
    );
    for (const region of wanted) this.#region(region);
    for (const [name, region] of this.#regions)
      region.endHour(stretch, settings.logFileValidation && wanted.has(name));
  }

  #region(name: string): RegionDelivery {
    const region = this.#regions.get(name) ?? new RegionDelivery(this.trail, name, this.parts);
    this.#regions.set(name, region);
    return region;
  }

  #nextDelivery(): number {
    const passed = Math.floor((this.parts.now() - this.#start) / DELIVERY_RHYTHM);
    return this.#start + (passed + 1) * DELIVERY_RHYTHM;
  }
}

/**
 * Whether a record of the trail's account is one for the trail: by its region, and by the trail's
 * selectors; Insights by those for Insights.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html#cloudtrail-concepts-global-service-events
 */
function isWanted(trail: StoredTrail, record: CloudTrailRecord): boolean {
  const { identity, settings, eventSelection, insightSelectors } = trail;
  const { isMultiRegionTrail, includeGlobalServiceEvents } = settings;
  if (!isMultiRegionTrail && record.awsRegion !== identity.homeRegion) return false;
  if (!includeGlobalServiceEvents && isGlobalServiceEvent(record, identity.partition)) return false;
  if (shapeOf(record) === "insight") return selectsInsight(insightSelectors, record);
  const byDefault = { kind: "basic", selectors: DEFAULT_EVENT_SELECTORS } as const;
  return selects(eventSelection ?? byDefault, record);
}

/**
 * AWS names these services and the region. That a call to STS there counts as one to its global
 * endpoint is our reading: the local AWS has one endpoint for both.
 */
function isGlobalServiceEvent(
  { eventSource = "", awsRegion }: CloudTrailRecord,
  partition: Partition,
): boolean {
  return GLOBAL_SERVICES.includes(eventSource) && awsRegion === GLOBAL_REGIONS[partition];
}

const GLOBAL_SERVICES = ["iam.amazonaws.com", "sts.amazonaws.com", "cloudfront.amazonaws.com"];

const GLOBAL_REGIONS: Readonly<Record<Partition, string>> = {
  aws: "us-east-1",
  "aws-us-gov": "us-gov-west-1",
  "aws-cn": "cn-north-1",
  // Not documented: the first region of each.
  "aws-eusc": "eusc-de-east-1",
  "aws-iso": "us-iso-east-1",
  "aws-iso-b": "us-isob-east-1",
  "aws-iso-e": "eu-isoe-west-1",
  "aws-iso-f": "us-isof-east-1",
};
