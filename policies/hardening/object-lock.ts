/**
 * The rules of Object Lock that can be checked before anything is deployed.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html
 */

/** The default retention of a locked bucket. */
export interface ObjectLock {
  /**
   * COMPLIANCE: nobody can shorten it, the root user included. GOVERNANCE: who may bypass it can.
   */
  readonly mode: "GOVERNANCE" | "COMPLIANCE";
  /** Days that each version is kept, 1 to 36,500. */
  readonly days: number;
}

/**
 * What is wrong with a bucket's Object Lock, all at once; empty where nothing is.
 *
 * @param throwaway whether the bucket is made to be destroyed
 */
export function objectLockProblems(lock: ObjectLock | undefined, throwaway = false): string[] {
  if (lock === undefined) return [];
  const { mode, days } = lock;
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
  return problems;
}
