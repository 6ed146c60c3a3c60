/**
 * Where the modules are: each has a sub-path of its own, so that an app loads no more than it uses.
 *
 * @packageDocumentation
 */

/** The class of each module, and what to import it from. */
export const MODULES = {
  /** A bucket for the access logs of the log bucket. */
  AccessLogBucket: "central-trail/modules/access-log-bucket",
  /** The bucket that log files are delivered to. */
  LogBucket: "central-trail/modules/log-bucket",
  /**
   * Bucket, key, policies, the destination's own trail, and the gate for other accounts' trails.
   */
  LogDestination: "central-trail/modules/log-destination",
  /** The KMS key that log files are encrypted with. */
  LogEncryptionKey: "central-trail/modules/log-encryption-key",
  /** The logs as tables for Athena. */
  LogQuery: "central-trail/modules/log-query",
  /** For how long log files are kept. */
  LogRetention: "central-trail/modules/log-retention",
  /** The topic that CloudTrail sends a message of each log file to. */
  NotificationTopic: "central-trail/modules/notification-topic",
  /** A trail that delivers to a log destination. */
  Trail: "central-trail/modules/trail",
} as const;
