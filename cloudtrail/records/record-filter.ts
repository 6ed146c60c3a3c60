import { bucketOfRecord, bucketsOf } from "./bucket-owner";
import type { Prefilter } from "../files/log-reader";
import { havingAll } from "../files/prefilter";
import type { CloudTrailRecord } from "./record";
import { callersOf, errorCodesOf, eventNamesOf, momentsOf, sourceOf } from "./record-fields";

/** Which records are wanted: those for which all that is given holds. */
export interface RecordCriteria {
  /**
   * Milliseconds since 1970; the event's time, not that of delivery. An aggregated record is wanted
   * where its window has a moment of the time.
   * @default - from the first on
   */
  readonly from?: number;
  /**
   * Milliseconds since 1970, itself not included.
   * @default - to the last
   */
  readonly to?: number;
  /**
   * `PutObject`, in its own case; an aggregated record is wanted where it counts such events.
   * @default - any
   */
  readonly eventName?: string;
  /**
   * `s3.amazonaws.com`, or `s3` for short.
   * @default - any
   */
  readonly eventSource?: string;
  /**
   * `AccessDenied`, in its own case; as for the event's name.
   * @default - any, and none
   */
  readonly errorCode?: string;
  /**
   * Who called: an ARN, a principal ID, an access key, a user's or role's name, an account ID or a
   * service. Insights and aggregated records name ARNs.
   * @default - anybody
   */
  readonly principal?: string;
  /**
   * A bucket's name.
   * @default - any, and none
   */
  readonly bucket?: string;
  /**
   * Only those whose bucket's owner CloudTrail took out.
   * @default false
   */
  readonly redacted?: boolean;
}

/** Wanted records, in the two steps that {@link readRecords} is quick by. */
export interface RecordFilter {
  /** Whether a parsed record is wanted. */
  readonly matches: (record: CloudTrailRecord) => boolean;
  /** Undefined where every record has to be parsed. */
  readonly prefilter: Prefilter | undefined;
}

/**
 * The filter of some criteria, each looked up where the record's kind has it. A record that lacks
 * what a criterion looks at does not match; only one without a time that can be read may be of any.
 */
export function recordFilter(criteria: RecordCriteria): RecordFilter {
  const { from, to, eventName, errorCode, principal, bucket, redacted = false } = criteria;
  const eventSource = criteria.eventSource && fullSource(criteria.eventSource);
  return {
    matches: (record) => {
      const moments = momentsOf(record);
      return (
        (from === undefined || moments === undefined || moments.to >= from) &&
        (to === undefined || moments === undefined || moments.from < to) &&
        (eventName === undefined || eventNamesOf(record).includes(eventName)) &&
        (eventSource === undefined || sourceOf(record) === eventSource) &&
        (errorCode === undefined || errorCodesOf(record).includes(errorCode)) &&
        (principal === undefined || callersOf(record).includes(principal)) &&
        (bucket === undefined || bucketsOf(record).includes(bucket)) &&
        (!redacted || bucketOfRecord(record)?.owner === "redacted")
      );
    },
    prefilter: havingAll(
      [
        eventName,
        eventSource,
        errorCode,
        principal,
        bucket,
        redacted ? "AWS::S3::Bucket" : undefined,
      ].filter((value) => value !== undefined),
    ),
  };
}

function fullSource(source: string): string {
  return source.includes(".") ? source : `${source}.amazonaws.com`;
}
