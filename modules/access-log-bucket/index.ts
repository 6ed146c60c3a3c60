/**
 * The bucket that takes the log bucket's own access logs.
 *
 * @packageDocumentation
 */
export { AccessLogBucket, type AccessLogBucketProps } from "./access-log-bucket";
export type { ClosedBucket, ClosedBucketProps } from "../closed-bucket";
export type { ModuleOptions } from "../module-options";
