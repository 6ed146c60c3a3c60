/** The KMS key that log files are encrypted with, with its policy. */
export { LogEncryptionKey, type LogEncryptionKeyProps } from "./log-encryption-key";
