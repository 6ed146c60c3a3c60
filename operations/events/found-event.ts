import type { CloudTrailRecord } from "../../cloudtrail/records/record";
import type { ResolvedOwner } from "../../cloudtrail/records/bucket-owner";

/** A record that was asked for. */
export interface FoundEvent {
  readonly record: CloudTrailRecord;
  /** The record as its file has it. */
  readonly bytes: Buffer;
  /**
   * Who owns its bucket.
   * @default - that was not asked, or it is about no bucket
   */
  readonly owner?: ResolvedOwner;
}
