import { parseTime } from "../time";

/**
 * A digest file's content, with AWS's own field names. All times are ISO 8601 in UTC, all hashes
 * and signatures hexadecimal.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html
 */
export interface Digest {
  /** The trail's account: twelve digits. */
  readonly awsAccountId: string;
  /** The beginning of the hour that it covers. */
  readonly digestStartTime: string;
  /** The end of that hour. */
  readonly digestEndTime: string;
  /** The digest file's own bucket. */
  readonly digestS3Bucket: string;
  /** The digest file's own key. */
  readonly digestS3Object: string;
  /** Of the key that the digest is signed with. */
  readonly digestPublicKeyFingerprint: string;
  /** {@link SIGNATURE_ALGORITHM} */
  readonly digestSignatureAlgorithm: string;
  /** Null where there is no log file. */
  readonly newestEventTime: string | null;
  /** Null where there is no log file. */
  readonly oldestEventTime: string | null;
  /** The previous digest. All five fields are null in a starting digest. */
  readonly previousDigestS3Bucket: string | null;
  /** The previous digest file's key. */
  readonly previousDigestS3Object: string | null;
  /** Of the uncompressed content. */
  readonly previousDigestHashValue: string | null;
  /** {@link HASH_ALGORITHM} */
  readonly previousDigestHashAlgorithm: string | null;
  /** The signature in the previous digest's metadata. */
  readonly previousDigestSignature: string | null;
  /** Empty where nothing was delivered. */
  readonly logFiles: readonly DigestLogFile[];
}

/** A log file that a digest vouches for. */
export interface DigestLogFile {
  /** The bucket that it was delivered to. */
  readonly s3Bucket: string;
  /** Its key. */
  readonly s3Object: string;
  /** Of the uncompressed content. */
  readonly hashValue: string;
  /** {@link HASH_ALGORITHM} */
  readonly hashAlgorithm: string;
  /** The newest record's. */
  readonly newestEventTime: string;
  /** The oldest record's. */
  readonly oldestEventTime: string;
}

/** A log file, before it is in a digest. */
export type DeliveredLogFile = Omit<DigestLogFile, "hashAlgorithm">;

/** What a digest says about the one before it. */
export interface PreviousDigest {
  /** The digest file's bucket. */
  readonly s3Bucket: string;
  /** The digest file's key. */
  readonly s3Object: string;
  /** Hexadecimal SHA-256 of the uncompressed content. */
  readonly hashValue: string;
  /** Hexadecimal. */
  readonly signature: string;
}

/** The only algorithms that AWS documents. */
export const SIGNATURE_ALGORITHM = "SHA256withRSA";
/** The one hash algorithm that AWS documents. */
export const HASH_ALGORITHM = "SHA-256";

/** Names of a digest object's user metadata, without `x-amz-meta-`. */
export const DIGEST_METADATA = {
  /** Hexadecimal. */
  signature: "signature",
  signatureAlgorithm: "signature-algorithm",
  /** Only of backfill digests: `2025-05-20T00:00:00.000Z`. */
  backfillGeneratedAt: "backfill-generation-timestamp",
} as const;

/** What {@link buildDigest} makes a digest of. */
export interface DigestParts {
  /** The trail's account: twelve digits. */
  readonly accountId: string;
  /** The beginning of the hour that it covers. */
  readonly startTime: string;
  /** The end of that hour. */
  readonly endTime: string;
  /** The bucket that the digest will lie in. */
  readonly s3Bucket: string;
  /** The key that the digest will have. */
  readonly s3Object: string;
  /** Of the key that the digest is signed with. */
  readonly publicKeyFingerprint: string;
  /** The log files that were delivered in that hour. */
  readonly logFiles: readonly DeliveredLogFile[];
  /** @default - none: a starting digest */
  readonly previous?: PreviousDigest;
}

/** A digest file's content, with its fields in the order of AWS's. */
export function buildDigest(parts: DigestParts): Digest {
  const { logFiles, previous } = parts;
  return {
    awsAccountId: parts.accountId,
    digestStartTime: parts.startTime,
    digestEndTime: parts.endTime,
    digestS3Bucket: parts.s3Bucket,
    digestS3Object: parts.s3Object,
    digestPublicKeyFingerprint: parts.publicKeyFingerprint,
    digestSignatureAlgorithm: SIGNATURE_ALGORITHM,
    newestEventTime:
      logFiles
        .map((file) => file.newestEventTime)
        .sort()
        .at(-1) ?? null,
    oldestEventTime:
      logFiles
        .map((file) => file.oldestEventTime)
        .sort()
        .at(0) ?? null,
    previousDigestS3Bucket: previous?.s3Bucket ?? null,
    previousDigestS3Object: previous?.s3Object ?? null,
    previousDigestHashValue: previous?.hashValue ?? null,
    previousDigestHashAlgorithm: previous === undefined ? null : HASH_ALGORITHM,
    previousDigestSignature: previous?.signature ?? null,
    logFiles: logFiles.map((file) => ({
      s3Bucket: file.s3Bucket,
      s3Object: file.s3Object,
      hashValue: file.hashValue,
      hashAlgorithm: HASH_ALGORITHM,
      newestEventTime: file.newestEventTime,
      oldestEventTime: file.oldestEventTime,
    })),
  };
}

/**
 * What CloudTrail signs: the end time, where the file lies, its hash and the previous digest's
 * signature.
 *
 * @param hashValue hexadecimal SHA-256 of the digest file's uncompressed content
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-custom-validation.html
 */
export function stringToSign(
  digest: Pick<
    Digest,
    "digestEndTime" | "digestS3Bucket" | "digestS3Object" | "previousDigestSignature"
  >,
  hashValue: string,
): string {
  const { digestEndTime, digestS3Bucket, digestS3Object, previousDigestSignature } = digest;
  // A starting digest's previous signature is signed as the word null.
  return `${digestEndTime}\n${digestS3Bucket}/${digestS3Object}\n${hashValue}\n${previousDigestSignature ?? "null"}`;
}

/** What validation reads of a digest; a file that lacks any of it can't be checked. */
export type ReadDigest = Pick<
  Digest,
  | "digestStartTime"
  | "digestEndTime"
  | "digestS3Bucket"
  | "digestS3Object"
  | "digestPublicKeyFingerprint"
  | "previousDigestS3Bucket"
  | "previousDigestS3Object"
  | "previousDigestHashValue"
  | "previousDigestSignature"
> & { readonly logFiles: readonly Pick<DigestLogFile, "s3Bucket" | "s3Object" | "hashValue">[] };

/**
 * Reads a digest file's uncompressed content.
 *
 * @returns the digest, or all that is wrong with it
 */
export function parseDigest(
  text: string,
): { readonly digest: ReadDigest } | { readonly problems: readonly string[] } {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return { problems: ["it is not JSON"] };
  }
  if (!isObject(content)) return { problems: ["it is not a JSON object"] };
  const problems = [
    ...REQUIRED.filter((field) => typeof content[field] !== "string").map(
      (field) => `${field} must be text`,
    ),
    ...TIMES.filter((field) => typeof content[field] === "string")
      .filter((field) => parseTime(content[field] as string) === undefined)
      .map((field) => `${field} must be a time like 2026-01-31T23:12:05Z`),
    ...previousProblems(content),
    ...logFilesProblems(content.logFiles),
  ];
  return problems.length > 0 ? { problems } : { digest: content as unknown as ReadDigest };
}

const TIMES = ["digestStartTime", "digestEndTime"] as const;
const REQUIRED = [
  ...TIMES,
  "digestS3Bucket",
  "digestS3Object",
  "digestPublicKeyFingerprint",
] as const;
const PREVIOUS = [
  "previousDigestS3Bucket",
  "previousDigestS3Object",
  "previousDigestHashValue",
  "previousDigestSignature",
] as const;

function previousProblems(content: Fields): string[] {
  const texts = PREVIOUS.filter((field) => typeof content[field] === "string");
  const nulls = PREVIOUS.filter((field) => content[field] === null);
  return texts.length === PREVIOUS.length || nulls.length === PREVIOUS.length
    ? []
    : [`${PREVIOUS.join(", ")} must all be text or all be null`];
}

function logFilesProblems(logFiles: unknown): string[] {
  if (!Array.isArray(logFiles)) return ["logFiles must be a list"];
  return logFiles.flatMap((file: unknown, index) => {
    const at = `logFiles[${index}]`;
    if (!isObject(file)) return [`${at} must be an object`];
    const texts = ["s3Bucket", "s3Object", "hashValue"].filter(
      (field) => typeof file[field] !== "string",
    );
    return [
      ...texts.map((field) => `${at}.${field} must be text`),
      ...(file.hashAlgorithm === HASH_ALGORITHM
        ? []
        : [`${at}.hashAlgorithm must be ${HASH_ALGORITHM}`]),
    ];
  });
}

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
