/**
 * The KMS key that log files are encrypted with, with its policy.
 *
 * @packageDocumentation
 */
export { LogEncryptionKey, type LogEncryptionKeyProps } from "./log-encryption-key";
export type { ModuleOptions } from "../module-options";
