import type { CloudTrailRecord } from "../../cloudtrail/records/record";
import type { LabClock } from "../clock";
import type { EventSink } from "../records/event-sink";
import { LoggingPeriod } from "./delivery-period";
import type { DeliveryAttempt, DeliveryParts } from "./delivery-region";
import type { StoredTrail } from "./trails";

/**
 * CloudTrail's delivery: takes every record, and writes those that trails want into their buckets,
 * each file when the clock has come so far.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
 */
export class Delivery implements EventSink {
  #periods: readonly LoggingPeriod[] = [];
  readonly #regions: Set<string>;
  /** What is done is done one after the other. */
  #work: Promise<unknown> = Promise.resolve();

  /** @param regions that exist, beside those of trails and calls */
  constructor(
    private readonly clock: LabClock,
    private readonly parts: Omit<DeliveryParts, "now">,
    regions: readonly string[],
  ) {
    this.#regions = new Set(regions);
  }

  add(record: CloudTrailRecord): void {
    this.#regions.add(record.awsRegion!);
    for (const period of this.#periods)
      if (period.trail.identity.accountId === record.recipientAccountId) period.add(record);
  }

  /** StartLogging. */
  start(trail: StoredTrail): void {
    this.#regions.add(trail.identity.homeRegion);
    for (const period of this.#of(trail)) period.succeed();
    const parts = { ...this.parts, now: this.clock.now };
    this.#periods = [...this.#periods, new LoggingPeriod(trail, this.#regions, parts)];
  }

  /** StopLogging or DeleteTrail. */
  stop(trail: StoredTrail): void {
    for (const period of this.#of(trail)) period.stop();
  }

  /** Does what the time has come for. */
  async runDue(): Promise<readonly DeliveryAttempt[]> {
    return this.#alone(() => this.#runUntil(this.clock.now()));
  }

  /**
   * Moves the clock forward and does, in its order, what falls into that time.
   *
   * @param time how far, in milliseconds
   * @throws RangeError where the clock would move back
   */
  async advance(time: number): Promise<readonly DeliveryAttempt[]> {
    if (!(time >= 0 && time < Infinity))
      throw new RangeError(`The time of the local AWS cannot move forward by ${time} ms.`);
    return this.#alone(async () => {
      const end = this.clock.now() + time;
      const attempts = await this.#runUntil(end);
      this.clock.forwardTo(end);
      return attempts;
    });
  }

  async #runUntil(end: number): Promise<readonly DeliveryAttempt[]> {
    const attempts: DeliveryAttempt[] = [];
    for (let next = this.#next(); next && next.due <= end; next = this.#next()) {
      this.clock.forwardTo(next.due);
      attempts.push(...(await next.run()));
      this.#periods = this.#periods.filter(({ due }) => due < Infinity);
    }
    return attempts;
  }

  #next(): LoggingPeriod | undefined {
    return this.#periods.reduce<LoggingPeriod | undefined>(
      (first, period) => (first === undefined || period.due < first.due ? period : first),
      undefined,
    );
  }

  #of(trail: StoredTrail): readonly LoggingPeriod[] {
    return this.#periods.filter((period) => period.trail === trail);
  }

  async #alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#work.then(work);
    this.#work = result.catch(() => undefined);
    return result;
  }
}
