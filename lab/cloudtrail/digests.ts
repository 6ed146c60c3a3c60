import { createHash, sign } from "node:crypto";
import { gzipSync } from "node:zlib";
import {
  buildDigest,
  type DeliveredLogFile,
  DIGEST_METADATA,
  type PreviousDigest,
  SIGNATURE_ALGORITHM,
  stringToSign,
} from "../../cloudtrail/digests/digest";
import { digestFileKey } from "../../cloudtrail/files/log-layout";
import type { DeliveryTarget } from "./service-access";
import type { SigningKeys } from "./signing-keys";

export type { DeliveredLogFile, PreviousDigest };

/** The digest of one trail, one region and one hour. Times are ISO 8601 in UTC, to the second. */
export interface DigestRequest {
  readonly target: DeliveryTarget;
  /** Where the events happened. */
  readonly region: string;
  readonly startTime: string;
  readonly endTime: string;
  /** All that was delivered in that time; may be none. */
  readonly logFiles: readonly DeliveredLogFile[];
  /** @default - none: a starting digest */
  readonly previous?: PreviousDigest;
  /**
   * When a backfill digest was made: one for log files that their hour's digest does not name.
   *
   * @default - none: the hour's own digest
   */
  readonly backfillGeneratedAt?: string;
}

/** A digest file, ready to be put. */
export interface WrittenDigest {
  readonly key: string;
  /** Gzipped. */
  readonly body: Buffer;
  /** User metadata, without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
  /** What the next digest has to say about this one. */
  readonly asPrevious: PreviousDigest;
}

/** Writes and signs a digest file as CloudTrail does. */
export function writeDigest(
  request: DigestRequest,
  keys: Pick<SigningKeys, "keyAt">,
): WrittenDigest {
  const { target, region, startTime, endTime, logFiles, previous, backfillGeneratedAt } = request;
  const { accountId, name: trailName, homeRegion } = target.identity;
  const s3Bucket = target.s3BucketName;
  const s3Object = digestFileKey({
    accountId,
    region,
    prefix: target.s3KeyPrefix,
    trailName,
    homeRegion,
    endTime,
    backfill: backfillGeneratedAt !== undefined,
  });
  const signingKey = keys.keyAt(region, Date.parse(backfillGeneratedAt ?? endTime));
  const digest = buildDigest({
    accountId,
    startTime,
    endTime,
    s3Bucket,
    s3Object,
    publicKeyFingerprint: signingKey.fingerprint,
    logFiles,
    previous,
  });
  const content = JSON.stringify(digest);
  const hashValue = createHash("sha256").update(content).digest("hex");
  const signature = sign(
    "RSA-SHA256",
    Buffer.from(stringToSign(digest, hashValue)),
    signingKey.privateKey,
  ).toString("hex");
  return {
    key: s3Object,
    body: gzipSync(content),
    metadata: {
      [DIGEST_METADATA.signature]: signature,
      [DIGEST_METADATA.signatureAlgorithm]: SIGNATURE_ALGORITHM,
      ...(backfillGeneratedAt === undefined
        ? {}
        : { [DIGEST_METADATA.backfillGeneratedAt]: backfillGeneratedAt }),
    },
    asPrevious: { s3Bucket, s3Object, hashValue, signature },
  };
}
