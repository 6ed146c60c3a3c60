/** The documents that the modules put in force, for whoever knows no CDKTF: pure functions. */
export { accessLogBucketPolicy, type AccessLogBucketPolicyInput } from "./access-log-bucket-policy";
export {
  type DestinationDocuments,
  destinationDocuments,
  type DestinationPolicySettings,
  destinationProblems,
} from "./destination-policies";
export type { Hardening } from "./hardening";
export { logBucketPolicy, type LogBucketPolicyInput } from "./log-bucket-policy";
export { logKeyPolicy, type LogKeyPolicyInput } from "./log-key-policy";
export {
  notificationKeyPolicy,
  type NotificationKeyPolicyInput,
  notificationQueuePolicy,
  notificationTopicPolicy,
  type NotificationTopicPolicyInput,
} from "./notification-topic-policy";
export type { ObjectLock } from "./object-lock";
export { queryResultsBucketPolicy } from "./query-results-bucket-policy";
export { type LogReader, readerIdentityPolicy } from "./readers";
export type { BucketPolicyShape, KeyPolicyShape, TopicPolicyShape } from "./shapes";
export { TrailRegistry } from "./trail-registry";
