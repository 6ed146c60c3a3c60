/**
 * The rules of Object Lock and MFA delete that can be checked before anything is deployed.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html
 */

/** The default retention of a locked bucket. */
export interface ObjectLock {
  /** COMPLIANCE: nobody can shorten it, the root user included. GOVERNANCE: who may bypass it can. */
  readonly mode: "GOVERNANCE" | "COMPLIANCE";
  /** Days that each version is kept, 1 to 36,500. */
  readonly days: number;
}

/** How long log files stay, in days. */
export interface RetentionDays {
  /**
   * Days after which a log file of 128 KB or more moves to S3 Glacier Flexible Retrieval. Smaller ones
   * stay: moving them costs more than it saves.
   * @default - never
   */
  readonly transitionToGlacierDays?: number;
  /**
   * Days after which a log file expires.
   * @default - never
   */
  readonly expireDays?: number;
  /**
   * Days after which a version that was overwritten or deleted is gone for good.
   * @default - never
   */
  readonly noncurrentExpireDays?: number;
}

/** What the rules look at. */
export interface RetentionSettings extends RetentionDays {
  /** @default - the log bucket is not locked */
  readonly objectLock?: ObjectLock;
  /** @default false */
  readonly mfaDelete?: boolean;
  /**
   * Whether the destination is made to be destroyed.
   * @default false
   */
  readonly throwaway?: boolean;
  /** The log bucket's name. */
  readonly bucketName: string;
  /**
   * The bucket that S3's access logs of the log bucket go to.
   * @default - no access logs
   */
  readonly accessLogTarget?: {
    readonly bucketName: string;
    /** @default false */
    readonly objectLock?: boolean;
    /**
     * The bucket's default encryption.
     * @default "sse-s3"
     */
    readonly encryption?: "sse-s3" | "sse-kms";
  };
}

/** What is wrong, all at once; empty where nothing is. */
export function retentionProblems(settings: RetentionSettings): string[] {
  return [
    ...lockProblems(settings),
    ...mfaDeleteProblems(settings),
    ...accessLogProblems(settings),
  ];
}

function lockProblems(settings: RetentionSettings): string[] {
  const { objectLock, throwaway, expireDays } = settings;
  if (objectLock === undefined) return [];
  const { mode, days } = objectLock;
  const problems: string[] = [];
  // A test at run time, too: JavaScript callers have no types.
  if (!["GOVERNANCE", "COMPLIANCE"].includes(mode))
    problems.push(
      `Object Lock: the mode is ${String(mode)}; GOVERNANCE and COMPLIANCE are allowed.`,
    );
  if (!Number.isInteger(days) || days < 1 || days > 36_500)
    problems.push(`Object Lock: the days are ${days}; whole numbers from 1 to 36,500 are allowed.`);
  if (throwaway && mode === "COMPLIANCE")
    problems.push(
      `Object Lock: in mode COMPLIANCE nobody can delete a version for ${days} days, so a throwaway destination could not be destroyed; use GOVERNANCE, or leave throwaway or the lock out.`,
    );
  if (expireDays !== undefined && expireDays < days)
    problems.push(
      `Object Lock: files would expire after ${expireDays} days and are locked for ${days}: until then they would be hidden behind delete markers and cost as before; expire them after ${days} days or later.`,
    );
  return problems;
}

function mfaDeleteProblems(settings: RetentionSettings): string[] {
  if (!settings.mfaDelete) return [];
  const rules = (["expireDays", "noncurrentExpireDays", "transitionToGlacierDays"] as const).filter(
    (rule) => settings[rule] !== undefined,
  );
  return [
    ...(rules.length > 0
      ? [
          `MFA delete: S3 takes no lifecycle rules on a bucket with it, and ${rules.join(", ")} make${rules.length === 1 ? "s" : ""} one; leave out the one or the other.`,
        ]
      : []),
    ...(settings.throwaway
      ? [
          "MFA delete: no role can delete a version, so a throwaway destination could not be destroyed; leave out the one or the other.",
        ]
      : []),
  ];
}

function accessLogProblems({ accessLogTarget, bucketName }: RetentionSettings): string[] {
  if (accessLogTarget === undefined) return [];
  const { bucketName: target, objectLock, encryption } = accessLogTarget;
  return [
    ...(target === bucketName
      ? [
          `Access logs: ${target} is the log bucket itself, and each delivery of access logs would make more of them; name another bucket.`,
        ]
      : []),
    ...(objectLock
      ? [
          `Access logs: S3 delivers none to a bucket with Object Lock, and ${target} has it; name a bucket without.`,
        ]
      : []),
    ...(encryption === "sse-kms"
      ? [
          `Access logs: S3 delivers none to a bucket whose default encryption is SSE-KMS, as that of ${target}; name one with SSE-S3.`,
        ]
      : []),
  ];
}
