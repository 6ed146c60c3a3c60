import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { FOLDERS, type LogFolderName } from "../../cloudtrail/files/log-folders";
import { logFileKey } from "../../cloudtrail/files/log-layout";
import type { CloudTrailRecord } from "../../cloudtrail/records/record";
import { logFolderOf } from "../../cloudtrail/records/record-fields";
import { formatTime, HOUR } from "../../cloudtrail/time";
import { trailArn } from "../../cloudtrail/trails/trail-identity";
import type { DeliveryBucket } from "./delivery-bucket";
import { firstLogFile, type LogFileContent, uniqueString } from "./delivery-files";
import type { DeliveryNotifier } from "./delivery-notifier";
import { type DeliveredLogFile, type PreviousDigest, writeDigest } from "./digests";
import type { DeliveryTarget } from "./service-access";
import type { SigningKeys } from "./signing-keys";
import type { DeliveryStatus, StoredTrail } from "./trails";

/** What deliveries need of the local AWS. */
export interface DeliveryParts {
  readonly bucket: Pick<DeliveryBucket, "put">;
  readonly notifier: Pick<DeliveryNotifier, "notify">;
  readonly signingKeys: SigningKeys;
  /** Milliseconds. */
  readonly now: () => number;
}

/** One attempt to put one file. */
export interface DeliveryAttempt {
  readonly kind: "log" | "digest";
  readonly trailArn: string;
  readonly bucket: string;
  readonly key: string;
  /**
   * S3's code for the refusal.
   *
   * @default - delivered
   */
  readonly errorCode?: string;
}

/** A stretch of time, in milliseconds. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** A digest that is still to be delivered. */
interface PendingDigest extends Stretch {
  readonly logFiles: readonly DeliveredLogFile[];
  /** The next one, if there ever is one, starts a chain of its own. */
  readonly endsChain: boolean;
}

/** For how long CloudTrail tries to deliver, in milliseconds. */
const REDELIVERY_TIME = 30 * 24 * HOUR;

const compress = promisify(gzip);

/**
 * What a trail has to deliver of one region's events, from one StartLogging to the next. Records
 * and digests stay here until the bucket has taken them, in their order, or for 30 days.
 *
 * AWS does not say how a digest that is late is chained. Our reading: each digest is signed when it
 * is put, after the one before it, so the chain is whole at any moment.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html
 */
export class RegionDelivery {
  /** By the folder that they go to. */
  readonly #records = new Map<LogFolderName, CloudTrailRecord[]>();
  #logFiles: DeliveredLogFile[] = [];
  readonly #digests: PendingDigest[] = [];
  /** Whether the hour before belongs to a chain that goes on. */
  #isChained = false;
  #previous: PreviousDigest | undefined;

  constructor(
    private readonly trail: StoredTrail,
    private readonly region: string,
    private readonly parts: DeliveryParts,
  ) {}

  /** Whether anything is still to be delivered. */
  get isWaiting(): boolean {
    const isEmpty = [...this.#records.values()].every((records) => records.length === 0);
    return !isEmpty || this.#digests.length > 0;
  }

  add(record: CloudTrailRecord): void {
    const folder = logFolderOf(record);
    const records = this.#records.get(folder) ?? [];
    this.#records.set(folder, records);
    records.push(record);
  }

  /** Puts the records that are there into log files, until the bucket refuses one. */
  async deliverLogs(): Promise<DeliveryAttempt[]> {
    this.#forgetOld();
    const attempts: DeliveryAttempt[] = [];
    for (const [folder, records] of this.#records)
      for (let left = records.length; left > 0 && attempts.at(-1)?.errorCode === undefined;) {
        const content = firstLogFile(records.slice(0, left));
        attempts.push(await this.#deliverLog(folder, records, content));
        left -= content.count;
      }
    const delivered = attempts.filter(({ errorCode }) => errorCode === undefined);
    if (delivered.length > 0) await this.#notify(delivered);
    return attempts;
  }

  /**
   * Ends an hour, or the last part of one: its digest is due.
   *
   * @param isValidated whether the trail wants digests of the region; where it no longer does, the
   *   chain ends with this one
   */
  endHour({ start, end }: Stretch, isValidated: boolean): void {
    if (isValidated || this.#isChained)
      this.#digests.push({ start, end, logFiles: this.#logFiles, endsChain: !isValidated });
    this.#isChained = isValidated;
    this.#logFiles = [];
  }

  /** Puts the digests that are due, until the bucket refuses one. */
  async deliverDigests(): Promise<DeliveryAttempt[]> {
    const attempts: DeliveryAttempt[] = [];
    while (this.#digests.length > 0 && attempts.at(-1)?.errorCode === undefined)
      attempts.push(await this.#deliverDigest(this.#digests[0]!));
    return attempts;
  }

  /** @param waiting the folder's records, of which those delivered are taken off */
  async #deliverLog(
    folder: LogFolderName,
    waiting: CloudTrailRecord[],
    content: LogFileContent,
  ): Promise<DeliveryAttempt> {
    const now = this.parts.now();
    const key = logFileKey({
      accountId: this.trail.identity.accountId,
      region: this.region,
      prefix: this.trail.settings.s3KeyPrefix,
      folder,
      deliveredAt: formatTime(now),
      uniqueString: uniqueString(),
    });
    const target = this.#target();
    const body = await compress(content.text);
    const errorCode = await this.parts.bucket.put(target, { key, body });
    const status = this.#status();
    status.latestAttempt = now;
    status.latestError = errorCode;
    if (errorCode === undefined) {
      status.latestDelivery = now;
      waiting.splice(0, content.count);
      // Files that are delivered without validation are in no digest.
      if (this.trail.settings.logFileValidation && FOLDERS[folder].namedByDigests)
        this.#logFiles.push({
          s3Bucket: target.s3BucketName,
          s3Object: key,
          hashValue: createHash("sha256").update(content.text).digest("hex"),
          oldestEventTime: content.oldestEventTime,
          newestEventTime: content.newestEventTime,
        });
    }
    return this.#attempt("log", target, key, errorCode);
  }

  async #deliverDigest(pending: PendingDigest): Promise<DeliveryAttempt> {
    const target = this.#target();
    const { key, body, metadata, asPrevious } = writeDigest(
      {
        target,
        region: this.region,
        startTime: formatTime(pending.start),
        endTime: formatTime(pending.end),
        logFiles: pending.logFiles,
        previous: this.#previous,
      },
      this.parts.signingKeys,
    );
    const errorCode = await this.parts.bucket.put(target, { key, body, metadata });
    const status = this.#status();
    status.latestDigestError = errorCode;
    if (errorCode === undefined) {
      status.latestDigestDelivery = this.parts.now();
      this.#previous = pending.endsChain ? undefined : asPrevious;
      this.#digests.shift();
    }
    return this.#attempt("digest", target, key, errorCode);
  }

  async #notify(delivered: readonly DeliveryAttempt[]): Promise<void> {
    const { identity, settings } = this.trail;
    if (settings.snsTopicArn === undefined) return;
    const status = this.#status();
    status.latestNotificationAttempt = this.parts.now();
    status.latestNotificationError = await this.parts.notifier.notify(
      identity,
      settings.snsTopicArn,
      { s3Bucket: settings.s3BucketName, s3ObjectKey: delivered.map(({ key }) => key) },
    );
    if (status.latestNotificationError === undefined)
      status.latestNotification = status.latestNotificationAttempt;
  }

  #forgetOld(): void {
    const oldest = this.parts.now() - REDELIVERY_TIME;
    for (const records of this.#records.values()) {
      const kept = records.findIndex(({ eventTime = "" }) => !(Date.parse(eventTime) < oldest));
      records.splice(0, kept < 0 ? records.length : kept);
    }
    while (this.#digests[0] !== undefined && this.#digests[0].end < oldest) this.#digests.shift();
  }

  /** As the trail is set now: UpdateTrail sends what waits to the new bucket. */
  #target(): DeliveryTarget {
    return { identity: this.trail.identity, ...this.trail.settings };
  }

  #status(): DeliveryStatus {
    const status = this.trail.deliveries.get(this.region) ?? {};
    this.trail.deliveries.set(this.region, status);
    return status;
  }

  #attempt(
    kind: DeliveryAttempt["kind"],
    { s3BucketName: bucket }: DeliveryTarget,
    key: string,
    errorCode: string | undefined,
  ): DeliveryAttempt {
    return { kind, trailArn: trailArn(this.trail.identity), bucket, key, errorCode };
  }
}
