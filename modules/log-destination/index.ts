/**
 * Bucket, key, policies, the destination's own trail, and the gate that lets other accounts' trails
 * in.
 *
 * @packageDocumentation
 */
export type {
  ILogDestination,
  LogDestinationAttributes,
  TrailPrecondition,
} from "./i-log-destination";
export { LogDestination, type LogDestinationProps } from "./log-destination";
export type { LogEncryption } from "../../policies/documents/log-encryption";
export type { OwnStatements } from "../../policies/documents/own-statements";
export type { ModuleOptions } from "../module-options";
