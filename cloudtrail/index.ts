/**
 * CloudTrail as plain TypeScript: trails, records and their reader, redaction, digests and their proof.
 *
 * @packageDocumentation
 */
export { OwnerIndex, type OwnerEvidence, type ResolvedOwner } from "./bucket-owner";
export { Deduplicator } from "./deduplicator";
export type {
  AdvancedEventSelector,
  AdvancedFieldSelector,
  DataResource,
  EventSelection,
  EventSelector,
} from "./event-selectors";
export {
  type Access,
  ACCESSES,
  type EventContext,
  type EventPreset,
  eventSelection,
  type EventSelectorInput,
  type EventSettings,
  INSIGHT_TYPES,
  type InsightType,
  type LogBucket,
  type RecordedBucket,
} from "./event-settings";
export { GATE_OUTPUTS } from "./gate-outputs";
export { LIMITS } from "./limits";
export {
  accountFolder,
  digestFileKey,
  type DigestFileName,
  logFileKey,
  type LogFileName,
  type LogFolder,
  parseDigestFileKey,
  parseLogFileKey,
} from "./log-layout";
export {
  type LogProblem,
  type Prefilter,
  type ReadOptions,
  readRecords,
  type RecordBatch,
} from "./log-reader";
export {
  ACCOUNT_PROJECTIONS,
  type AccountProjection,
  ENUM_ACCOUNTS,
  type LogTableInput,
} from "./log-table";
export * from "./log-validation";
export type { CloudTrailRecord, RecordedResource, UserIdentity } from "./record";
export type { ProblemKind } from "./record-splitter";
export { type RecordCriteria, type RecordFilter, recordFilter } from "./record-filter";
export { ownerIsRedacted, type CrossAccountCall } from "./redaction";
export { type Partition, PARTITIONS } from "./regions";
export { parseTrailArn, trailArn, type TrailIdentity } from "./trail-identity";
