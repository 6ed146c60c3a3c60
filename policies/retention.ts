/** How long log files stay, in days. */
export interface RetentionDays {
  /**
   * Days after which a log file of 128 KB or more moves to S3 Glacier Flexible Retrieval. Smaller
   * ones stay: moving them costs more than it saves.
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
