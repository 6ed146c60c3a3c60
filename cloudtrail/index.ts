/**
 * CloudTrail as plain TypeScript: trails, records and their reader, redaction, digests and their
 * proof.
 *
 * @packageDocumentation
 */
export { OwnerIndex, type OwnerEvidence, type ResolvedOwner } from "./records/bucket-owner";
export { Deduplicator } from "./records/deduplicator";
export type {
  AdvancedEventSelector,
  AdvancedFieldSelector,
  DataResource,
  EventSelection,
  EventSelector,
} from "./selection/event-selectors";
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
  type ExcludedBucket,
  type RecordedBucket,
} from "./selection/event-settings";
export { GATE_OUTPUTS } from "./trails/gate-outputs";
export { LIMITS } from "./limits";
export {
  type FolderFacts,
  type LogFolderFacts,
  type RecordShape,
  type FolderName,
  FOLDERS,
  LOG_FOLDERS,
  type LogFolderName,
} from "./files/log-folders";
export {
  accountFolder,
  digestFileKey,
  type DigestFileName,
  logFileKey,
  type LogFileInFolder,
  type LogFileName,
  type LogFolder,
  parseDigestFileKey,
  parseLogFileKey,
} from "./files/log-layout";
export {
  type LogProblem,
  type Prefilter,
  type ReadOptions,
  readRecords,
  type RecordBatch,
} from "./files/log-reader";
export {
  ACCOUNT_PROJECTIONS,
  type AccountProjection,
  ENUM_ACCOUNTS,
  type LogTableInput,
} from "./table/log-table";
export * from "./digests/log-validation";
export * from "./records/record-fields";
export type { CloudTrailRecord, RecordedResource, UserIdentity } from "./records/record";
export type { ProblemKind } from "./files/record-splitter";
export { type RecordCriteria, type RecordFilter, recordFilter } from "./records/record-filter";
export { ownerIsRedacted, type CrossAccountCall } from "./records/redaction";
export { type Partition, PARTITIONS } from "./regions";
export {
  parseTrailArn,
  trailArn,
  trailIdentities,
  type TrailIdentitiesInput,
  type TrailIdentity,
} from "./trails/trail-identity";
