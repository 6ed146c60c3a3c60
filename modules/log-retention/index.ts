/**
 * For how long log files are kept.
 *
 * @packageDocumentation
 */
export { LogRetention, type LogRetentionProps } from "./log-retention";
export type { RetentionDays } from "../../policies/retention";
export type { ModuleOptions } from "../module-options";
