/**
 * Bucket, key, policies, the destination's own trail, and the gate that lets other accounts' trails in.
 *
 * @packageDocumentation
 */
export type {
  ILogDestination,
  LogDestinationAttributes,
  TrailPrecondition,
} from "./i-log-destination";
export { LogDestination, type LogDestinationProps, type NewKeyOptions } from "./log-destination";
export type { ModuleOptions } from "../module-options";
