import { bucketOfRecord } from "./bucket-owner";
import type { Prefilter } from "../files/log-reader";
import { havingAll } from "../files/prefilter";
import type { CloudTrailRecord } from "./record";
import { parseTime } from "../time";

/** Which records are wanted: those for which all that is given holds. */
export interface RecordCriteria {
  /**
   * Milliseconds since 1970; the event's time, not that of delivery.
   * @default - from the first on
   */
  readonly from?: number;
  /**
   * Milliseconds since 1970, itself not included.
   * @default - to the last
   */
  readonly to?: number;
  /**
   * `PutObject`, in its own case.
   * @default - any
   */
  readonly eventName?: string;
  /**
   * `s3.amazonaws.com`, or `s3` for short.
   * @default - any
   */
  readonly eventSource?: string;
  /**
   * `AccessDenied`, in its own case.
   * @default - any, and none
   */
  readonly errorCode?: string;
  /**
   * Who called: an ARN, a principal ID, an access key, a user's or role's name, an account ID or a service.
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
 * The filter of some criteria. A record that lacks what a criterion looks at does not match; only one without a
 * time that can be read may be of any.
 */
export function recordFilter(criteria: RecordCriteria): RecordFilter {
  const { from, to, eventName, errorCode, principal, bucket, redacted = false } = criteria;
  const eventSource = criteria.eventSource && fullSource(criteria.eventSource);
  return {
    matches: (record) => {
      const time = typeof record.eventTime === "string" ? parseTime(record.eventTime) : undefined;
      return (
        (from === undefined || time === undefined || time >= from) &&
        (to === undefined || time === undefined || time < to) &&
        (eventName === undefined || record.eventName === eventName) &&
        (eventSource === undefined || record.eventSource === eventSource) &&
        (errorCode === undefined || record.errorCode === errorCode) &&
        (principal === undefined || names(record).includes(principal)) &&
        (bucket === undefined || bucketOfRecord(record)?.bucket === bucket) &&
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

/** All that a record calls its caller. */
function names({ userIdentity }: CloudTrailRecord): readonly unknown[] {
  const { arn, principalId, accessKeyId, userName, accountId, invokedBy, sessionContext } =
    userIdentity ?? {};
  const issuer = (sessionContext?.sessionIssuer ?? {}) as Readonly<Record<string, unknown>>;
  return [
    arn,
    principalId,
    accessKeyId,
    userName,
    accountId,
    invokedBy,
    issuer.arn,
    issuer.principalId,
    issuer.userName,
  ];
}
