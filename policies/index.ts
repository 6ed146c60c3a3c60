/**
 * The documents that the modules put in force, for whoever knows no CDKTF: pure functions.
 *
 * @packageDocumentation
 */
export { accessLogBucketPolicy, type AccessLogBucketPolicyInput } from "./access-log-bucket-policy";
export type { NotificationTopic } from "./arns";
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
export { type LogReader, type ReaderBucketInput, readerIdentityPolicy } from "./readers";
export type { CloudTrailPrincipalInput } from "./service-principal";
export {
  BUCKET_POLICY_SHAPES,
  type BucketPolicyShape,
  KEY_POLICY_SHAPES,
  type KeyPolicyShape,
  TOPIC_POLICY_SHAPES,
  type TopicPolicyShape,
} from "./shapes";
export { TrailRegistry } from "./trail-registry";
