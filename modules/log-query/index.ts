/**
 * The logs as a table for Athena.
 *
 * @packageDocumentation
 */
export { LogQuery } from "./log-query";
export type { LogQueryProps } from "./log-query-props";
export type { ClosedBucket, ClosedBucketProps } from "../closed-bucket";
export type { ModuleOptions } from "../module-options";
