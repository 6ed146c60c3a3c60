/** CloudTrail as plain TypeScript: trails, records and their reader, redaction, digests and their proof. */
export { OwnerIndex, type ResolvedOwner } from "./bucket-owner";
export { Deduplicator } from "./deduplicator";
export type { EventSelection, EventSelector, AdvancedEventSelector } from "./event-selectors";
export { eventSelection, type EventSettings, type InsightType } from "./event-settings";
export { GATE_OUTPUTS } from "./gate-outputs";
export { LIMITS } from "./limits";
export {
  accountFolder,
  digestFileKey,
  logFileKey,
  parseDigestFileKey,
  parseLogFileKey,
} from "./log-layout";
export { type LogProblem, type ReadOptions, readRecords, type RecordBatch } from "./log-reader";
export * from "./log-validation";
export type { CloudTrailRecord, RecordedResource, UserIdentity } from "./record";
export { type RecordCriteria, type RecordFilter, recordFilter } from "./record-filter";
export { ownerIsRedacted, type CrossAccountCall } from "./redaction";
export type { Partition } from "./regions";
export { parseTrailArn, trailArn, type TrailIdentity } from "./trail-identity";
