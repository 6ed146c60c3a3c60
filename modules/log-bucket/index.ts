/** The bucket that log files are delivered to, with its policy. */
export { LogBucket, type LogBucketProps } from "./log-bucket";
export type { BucketEncryption } from "../closed-bucket";
