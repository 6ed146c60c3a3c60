/**
 * The logs as a table for Athena.
 *
 * @packageDocumentation
 */
export { LogQuery, type LogQueryProps } from "./log-query";
export type { ClosedBucket, ClosedBucketProps } from "../closed-bucket";
export type { ModuleOptions } from "../module-options";
