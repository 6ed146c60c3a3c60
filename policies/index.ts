/**
 * The documents that the modules put in force, for whoever knows no CDKTF: pure functions.
 *
 * @packageDocumentation
 */
export {
  accessLogBucketPolicy,
  type AccessLogBucketPolicyInput,
} from "./documents/access-log-bucket-policy";
export type { TopicIdentity } from "../cloudtrail/arn";
export {
  type DestinationDocuments,
  destinationDocuments,
  type DestinationPolicyOptions,
  type DestinationPolicySettings,
} from "./documents/destination-policies";
export { destinationProblems } from "./documents/destination-problems";
export type { Hardening } from "./hardening/hardening-options";
export type {
  LogBucketPolicyInput,
  LogKeyPolicyInput,
  NotificationKeyPolicyInput,
  NotificationTopicPolicyInput,
} from "./documents/inputs";
export { logBucketPolicy } from "./documents/log-bucket-policy";
export type { LogEncryption } from "./documents/log-encryption";
export { logKeyPolicy } from "./documents/log-key-policy";
export {
  notificationKeyPolicy,
  notificationQueuePolicy,
  type Notifications,
  notificationTopicPolicy,
} from "./documents/notification-topic-policy";
export type { ObjectLock } from "./hardening/object-lock";
export {
  type OwnStatements,
  type StatementProblem,
  statementProblems,
} from "./documents/own-statements";
export { queryResultsBucketPolicy } from "./documents/query-results-bucket-policy";
export { type LogReader, type ReaderBucketInput, readerIdentityPolicy } from "./readers/readers";
export type { CloudTrailPrincipalInput } from "./documents/service-principal";
export {
  BUCKET_POLICY_SHAPES,
  type BucketPolicyShape,
  KEY_POLICY_SHAPES,
  type KeyPolicyShape,
  TOPIC_POLICY_SHAPES,
  type TopicPolicyShape,
} from "./shapes/shapes";
export { TrailRegistry } from "./trail-registry";
