/**
 * The bucket that log files are delivered to, with its policy.
 *
 * @packageDocumentation
 */
export { LogBucket, type LogBucketProps } from "./log-bucket";
export type { BucketEncryption, ClosedBucket, ClosedBucketProps } from "../closed-bucket";
export type { ModuleOptions } from "../module-options";
