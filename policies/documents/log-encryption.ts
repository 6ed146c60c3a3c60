/**
 * How the log files of a destination are encrypted.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/encrypting-cloudtrail-log-files-with-aws-kms.html
 */
export interface LogEncryption {
  /**
   * `"aws:kms"`: with a KMS key (SSE-KMS). `"AES256"`: with keys of S3 (SSE-S3), so that whoever
   * may read the bucket may read the logs.
   * @default "aws:kms"
   */
  readonly sseAlgorithm?: "aws:kms" | "AES256";
  /**
   * The ARN of a KMS key that someone else made, in the bucket's region. Its policy has to let
   * CloudTrail in.
   * @default - a key is made
   */
  readonly kmsKeyArn?: string;
  /**
   * Whether the bucket uses an S3 Bucket Key: fewer calls to KMS, but CloudTrail then needs
   * `kms:Decrypt`.
   * @default false
   */
  readonly bucketKeyEnabled?: boolean;
  /**
   * The alias of the key that is made, without `alias/`.
   * @default - the bucket's name, with hyphens in place of its periods
   */
  readonly alias?: string;
  /**
   * Days between the order to delete the key that is made and its deletion, 7 to 30.
   * @default 30
   */
  readonly deletionWindowInDays?: number;
}

/** Whether a key is made for the log files. */
export function makesKey({ sseAlgorithm, kmsKeyArn }: LogEncryption = {}): boolean {
  return sseAlgorithm !== "AES256" && kmsKeyArn === undefined;
}

/** Options of a key that is made. */
const OF_NEW_KEY = ["alias", "deletionWindowInDays"] as const;

/** Options of any KMS key. */
const OF_ANY_KEY = ["kmsKeyArn", "bucketKeyEnabled", ...OF_NEW_KEY] as const;

/**
 * What contradicts itself: an option of a key that is not there would look like a safeguard. The
 * end of a sentence about the encryption; undefined where nothing does.
 */
export function encryptionProblem(encryption: LogEncryption = {}): string | undefined {
  const given = (options: readonly (keyof LogEncryption)[]): readonly string[] =>
    options.filter((option) => encryption[option] !== undefined && encryption[option] !== false);
  if (encryption.sseAlgorithm === "AES256") {
    const options = given(OF_ANY_KEY);
    return options.length === 0
      ? undefined
      : `has sseAlgorithm "AES256", which uses no KMS key, and ${options.join(" and ")} of one; remove either`;
  }
  const options = encryption.kmsKeyArn === undefined ? [] : given(OF_NEW_KEY);
  return options.length === 0
    ? undefined
    : `has kmsKeyArn, a key that exists, and ${options.join(" and ")} of one to make; remove either`;
}
