/**
 * For how long log files are kept.
 *
 * @packageDocumentation
 */
export { LogRetention, type LogRetentionProps, type RetentionDays } from "./log-retention";
export type { ModuleOptions } from "../module-options";
