import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { logFileKey } from "../../cloudtrail/files/log-layout";
import type {
  PublicKey,
  StoredObject,
  ValidationRequest,
  ValidationSource,
} from "../../cloudtrail/digests/log-validation";
import {
  type DeliveredLogFile,
  type DigestRequest,
  SigningKeys,
  writeDigest,
  type WrittenDigest,
} from "../../lab";

export const ACCOUNT = "111111111111";
export const REGION = "eu-west-1";
export const BUCKET = "example-logs";
export const TRAIL = {
  partition: "aws",
  homeRegion: "us-east-1",
  accountId: ACCOUNT,
  name: "example-trail",
} as const;
/** The end of the first digest; the chain goes on past midnight. */
export const FIRST_END = Date.UTC(2026, 0, 31, 21, 12, 5);
export const HOUR = 3_600_000;

/** For all tests, since making keys takes time. */
export const AWS_KEYS = new SigningKeys(() => FIRST_END);

/** `2026-01-31T21:12:05Z` */
export function timeText(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(".000Z", "Z");
}

/**
 * Objects in memory, and CloudTrail's public keys: S3 and ListPublicKeys as validation sees them.
 */
export class MemorySource implements ValidationSource {
  readonly objects = new Map<string, { body: Buffer; metadata: Record<string, string> }>();
  /** What reading answers with in place of the object: an error of S3. */
  readonly failures = new Map<string, Error>();
  readonly keyRequests: { region: string; from: string; to: string }[] = [];
  open = 0;
  mostOpen = 0;

  /** @param delay milliseconds for each object */
  constructor(
    readonly keys: SigningKeys = AWS_KEYS,
    private readonly delay = 0,
  ) {}

  put(key: string, body: Buffer, metadata: Record<string, string> = {}, bucket = BUCKET): void {
    this.objects.set(`${bucket}/${key}`, { body, metadata: { ...metadata } });
  }

  get(key: string, bucket = BUCKET): { body: Buffer; metadata: Record<string, string> } {
    const object = this.objects.get(`${bucket}/${key}`);
    if (object === undefined) throw new Error(`no ${key}`);
    return object;
  }

  delete(key: string): void {
    if (!this.objects.delete(`${BUCKET}/${key}`)) throw new Error(`no ${key}`);
  }

  /** Changes the uncompressed content. */
  edit(key: string, change: (content: string) => string): void {
    const object = this.get(key);
    const before = gunzipSync(object.body).toString();
    const after = change(before);
    if (after === before) throw new Error(`nothing changed in ${key}`);
    object.body = gzipSync(after);
  }

  async *listKeys(bucket: string, prefix: string, startAfter: string): AsyncGenerator<string> {
    await Promise.resolve();
    const failure = this.failures.get(`list ${bucket}`);
    if (failure !== undefined) throw failure;
    for (const name of [...this.objects.keys()].sort()) {
      const key = name.slice(bucket.length + 1);
      if (name.startsWith(`${bucket}/${prefix}`) && key > startAfter) yield key;
    }
  }

  async getObject(bucket: string, key: string): Promise<StoredObject | undefined> {
    this.mostOpen = Math.max(this.mostOpen, ++this.open);
    try {
      if (this.delay > 0) await new Promise((resolve) => setTimeout(resolve, this.delay));
      const failure = this.failures.get(`${bucket}/${key}`);
      if (failure !== undefined) throw failure;
      const object = this.objects.get(`${bucket}/${key}`);
      return object && { body: inChunks(object.body), metadata: object.metadata };
    } finally {
      this.open--;
    }
  }

  publicKeys(region: string, from: string, to: string): Promise<readonly PublicKey[]> {
    this.keyRequests.push({ region, from, to });
    const failure = this.failures.get("keys");
    if (failure !== undefined) return Promise.reject(failure);
    const seconds = [from, to].map((time) => Date.parse(time) / 1000) as [number, number];
    return Promise.resolve(
      this.keys.listPublicKeys(region, ...seconds).PublicKeyList.map((key) => ({
        fingerprint: key.Fingerprint,
        value: Buffer.from(key.Value, "base64"),
      })),
    );
  }
}

async function* inChunks(body: Buffer): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < body.length; start += 100) {
    await Promise.resolve();
    yield body.subarray(start, start + 100);
  }
}

/** A trail with some hours of digests and log files, and all that is needed to add to them. */
export class DeliveredTrail {
  /** From the oldest to the newest, without backfill digests. */
  readonly digests: WrittenDigest[] = [];
  /** Keys of the log files, by digest. */
  readonly logs: string[][] = [];

  constructor(
    readonly source = new MemorySource(),
    private readonly keys: Pick<SigningKeys, "keyAt"> = source.keys,
  ) {}

  /** The digests' keys, the oldest first. */
  get keysOfDigests(): readonly string[] {
    return this.digests.map(({ key }) => key);
  }

  /** The same files once more, to tamper with. */
  copy(): DeliveredTrail {
    const copy = new DeliveredTrail(new MemorySource(this.source.keys), this.keys);
    for (const [name, { body, metadata }] of this.source.objects)
      copy.source.objects.set(name, { body, metadata: { ...metadata } });
    copy.digests.push(...this.digests);
    copy.logs.push(...this.logs);
    return copy;
  }

  /** Adds an hour: its log files and its digest. */
  deliver(logFiles: number, changes: Partial<DigestRequest> = {}): WrittenDigest {
    const endTime = FIRST_END + this.digests.length * HOUR;
    return this.deliverAt(endTime, logFiles, changes);
  }

  /** @param endTime the digest's, in milliseconds */
  deliverAt(
    endTime: number,
    logFiles: number,
    changes: Partial<DigestRequest> = {},
  ): WrittenDigest {
    const target = { identity: TRAIL, s3BucketName: BUCKET };
    const delivered = this.deliverLogs(endTime, logFiles, (changes.target ?? target).s3BucketName);
    const digest = writeDigest(
      {
        target,
        region: REGION,
        startTime: timeText(endTime - HOUR),
        endTime: timeText(endTime),
        logFiles: delivered,
        previous: this.digests.at(-1)?.asPrevious,
        ...changes,
      },
      this.keys,
    );
    this.source.put(digest.key, digest.body, digest.metadata, digest.asPrevious.s3Bucket);
    this.digests.push(digest);
    this.logs.push(delivered.map(({ s3Object }) => s3Object));
    return digest;
  }

  /** Adds a backfill digest of one log file, with its log file. */
  backfill(
    endTime: number,
    generatedAt: number,
    previous?: WrittenDigest,
  ): WrittenDigest & { readonly log: string } {
    const [logFile] = this.deliverLogs(endTime - 1000, 1, BUCKET, "late");
    const digest = writeDigest(
      {
        target: { identity: TRAIL, s3BucketName: BUCKET },
        region: REGION,
        startTime: timeText(endTime - HOUR),
        endTime: timeText(endTime),
        logFiles: [logFile!],
        previous: previous?.asPrevious,
        backfillGeneratedAt: new Date(generatedAt).toISOString(),
      },
      this.keys,
    );
    this.source.put(digest.key, digest.body, digest.metadata);
    return { ...digest, log: logFile!.s3Object };
  }

  deliverLogs(endTime: number, count: number, bucket: string, mark = "log"): DeliveredLogFile[] {
    return Array.from({ length: count }, (_, index) => {
      const time = timeText(endTime - 60_000 * (index + 1));
      const key = logFileKey({
        accountId: ACCOUNT,
        region: REGION,
        deliveredAt: time,
        uniqueString: `${mark}${endTime}${index}`.padEnd(16, "0").slice(-16),
      });
      const content = JSON.stringify({
        Records: [{ eventID: `${endTime}-${index}`, eventTime: time }],
      });
      this.source.put(key, gzipSync(content), {}, bucket);
      const hashValue = createHash("sha256").update(content).digest("hex");
      return {
        s3Bucket: bucket,
        s3Object: key,
        hashValue,
        oldestEventTime: time,
        newestEventTime: time,
      };
    });
  }

  /** The validation of all of it. */
  request(changes: Partial<ValidationRequest> = {}): ValidationRequest {
    return {
      trail: TRAIL,
      region: REGION,
      s3BucketName: BUCKET,
      from: timeText(FIRST_END - HOUR),
      to: timeText(FIRST_END + (this.digests.length - 1) * HOUR),
      ...changes,
    };
  }
}

/** Six hours: two log files each, but none in the third. */
export function sixHours(trail = new DeliveredTrail()): DeliveredTrail {
  for (const logFiles of [2, 2, 0, 2, 2, 2]) trail.deliver(logFiles);
  return trail;
}
