/** The bucket that takes the log bucket's own access logs. */
export { AccessLogBucket, type AccessLogBucketProps } from "./access-log-bucket";
