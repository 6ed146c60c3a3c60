import type { CloudTrailRecord } from "../../cloudtrail/records/record";

/**
 * Takes every copy of every event, in the order of the answers; decides per trail by its selectors.
 */
export interface EventSink {
  /** @param record its `recipientAccountId` says whose copy it is */
  add(record: CloudTrailRecord): void;
}
