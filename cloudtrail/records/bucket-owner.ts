import { isAccountId } from "../../cloudtrail/names";
import { bucketOfArn, parseArn } from "../../cloudtrail/arn";
import type { CloudTrailRecord, RecordedResource } from "./record";
import { countedResources } from "./record-fields";

/**
 * Who owns the bucket of a record: as the record says it, and where it was redacted, as other
 * records say it.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-receive-logs-from-multiple-accounts.html#cloudtrail-receive-logs-s3-owner-id-redaction
 */

/** The resources of a record, whatever shape they have: absent and null are none. */
export function recordResources({ resources }: CloudTrailRecord): readonly RecordedResource[] {
  if (!Array.isArray(resources)) return [];
  return (resources as readonly unknown[]).filter(
    (resource): resource is RecordedResource => typeof resource === "object" && resource !== null,
  );
}

/** The bucket of a record, and what the record says of its owner. */
export interface BucketOfRecord {
  /** Its name. */
  readonly bucket: string;
  /**
   * `redacted` where CloudTrail took the owner out, `missing` where none was ever in the record.
   */
  readonly owner: "named" | "redacted" | "missing";
  /**
   * Twelve digits.
   * @default - the owner is not named
   */
  readonly ownerAccountId?: string;
}

/**
 * The bucket that a record is about; undefined where it is about none. It is the resource of the
 * type AWS::S3::Bucket, or one without a type that has a bucket's ARN, or else the request's
 * bucketName.
 */
export function bucketOfRecord(record: CloudTrailRecord): BucketOfRecord | undefined {
  const resources = recordResources(record);
  const resource =
    resources.find(({ type }) => type === "AWS::S3::Bucket") ??
    resources.find(({ type, ARN }) => type === undefined && bucketNamedBy(ARN) !== undefined);
  const requested = record.requestParameters?.bucketName;
  const bucket = bucketNamedBy(resource?.ARN) ?? (typeof requested === "string" ? requested : "");
  if (bucket === "") return undefined;
  const accountId: unknown = resource?.accountId;
  if (typeof accountId === "string" && isAccountId(accountId)) {
    return { bucket, owner: "named", ownerAccountId: accountId };
  }
  // Without its type it is not the documented form.
  const redacted = accountId === "" && resource?.type === "AWS::S3::Bucket";
  return { bucket, owner: redacted ? "redacted" : "missing" };
}

/**
 * The names of all buckets that a record is about: an aggregated one may count calls of several.
 */
export function bucketsOf(record: CloudTrailRecord): readonly string[] {
  const counted = countedResources(record).map((arn) =>
    typeof arn === "string" ? bucketOfArn(parseArn(arn)) : undefined,
  );
  const names = [bucketOfRecord(record)?.bucket, ...counted];
  return [...new Set(names.filter((name) => name !== undefined))];
}

/** `example` of `arn:aws:s3:::example`; undefined for an object's ARN and any other. */
function bucketNamedBy(text: unknown): string | undefined {
  const arn = typeof text === "string" ? parseArn(text) : undefined;
  return arn !== undefined && /^[^/:]+$/.test(arn.resource) ? bucketOfArn(arn) : undefined;
}

/** A record that names the owner of a bucket. */
export interface OwnerEvidence {
  /** Twelve digits. */
  readonly ownerAccountId: string;
  /** The record's; `""` where it has none. */
  readonly eventID: string;
}

/** The owner of a record's bucket, and how that is known. */
export type ResolvedOwner =
  | (OwnerEvidence & {
      /** By which record it is known. */
      readonly how: "the record" | "owner copy" | "another record of the bucket";
      /** Records that name other owners: the bucket had another one at another time, say. */
      readonly others: readonly OwnerEvidence[];
    })
  | {
      /** No record names the owner, or several records are in conflict. */
      readonly how: "unknown";
      /** Several where the evidence is in conflict; none where there is none. */
      readonly others: readonly OwnerEvidence[];
    };

/** What is remembered for one event or bucket: a record for each owner, up to this many. */
const OWNERS_KEPT = 4;

/** Events, and as many buckets, remembered where nobody says how many: some 100 MB at the most. */
const REMEMBERED = 200_000;

/**
 * Finds owners again. One pass over records fills it, in any order; a second one asks it. Records
 * are not kept: of each event that several accounts got a copy of, and of each bucket, it remembers
 * who owns the bucket by which eventID. Beyond `remembered` events or buckets it forgets those that
 * it met first.
 */
export class OwnerIndex {
  readonly #byEvent: Evidence;
  readonly #byBucket: Evidence;

  /**
   * @param remembered how many events, and as many buckets, are remembered: 200,000, some 100 MB
   *   at the most
   */
  constructor(remembered = REMEMBERED) {
    this.#byEvent = new Evidence(remembered);
    this.#byBucket = new Evidence(remembered);
  }

  /** Events and buckets that were forgotten; if any were, "unknown" may mean that. */
  get forgotten(): number {
    return this.#byEvent.forgotten + this.#byBucket.forgotten;
  }

  /** Remembers what a record says of its bucket's owner. */
  add(record: CloudTrailRecord): void {
    const { bucket, ownerAccountId } = bucketOfRecord(record) ?? {};
    if (bucket === undefined || ownerAccountId === undefined) return;
    const { eventID, sharedEventID, recipientAccountId } = record;
    const evidence = { ownerAccountId, eventID: typeof eventID === "string" ? eventID : "" };
    this.#byBucket.add(bucket, evidence);
    if (typeof sharedEventID === "string" && recipientAccountId === ownerAccountId) {
      this.#byEvent.add(eventKey(sharedEventID, bucket), evidence);
    }
  }

  /**
   * The owner of the record's bucket: from the record itself, or from the owner's copy of the same
   * event, or else from other records of the bucket, if these agree. Undefined for a record of no
   * bucket.
   */
  resolve(record: CloudTrailRecord): ResolvedOwner | undefined {
    const { bucket, ownerAccountId } = bucketOfRecord(record) ?? {};
    if (bucket === undefined) return undefined;
    const { eventID, sharedEventID } = record;
    const ofBucket = this.#byBucket.of(bucket);
    const answer = (
      how: "the record" | "owner copy" | "another record of the bucket",
      evidence: OwnerEvidence,
    ): ResolvedOwner => ({
      how,
      ...evidence,
      others: ofBucket.filter((one) => one.ownerAccountId !== evidence.ownerAccountId),
    });
    if (ownerAccountId !== undefined) {
      return answer("the record", {
        ownerAccountId,
        eventID: typeof eventID === "string" ? eventID : "",
      });
    }
    const copies =
      typeof sharedEventID === "string" ? this.#byEvent.of(eventKey(sharedEventID, bucket)) : [];
    if (copies.length > 1) return { how: "unknown", others: copies };
    if (copies[0]) return answer("owner copy", copies[0]);
    if (ofBucket.length > 1) return { how: "unknown", others: ofBucket };
    if (ofBucket[0]) return answer("another record of the bucket", ofBucket[0]);
    return { how: "unknown", others: [] };
  }
}

/** One event may be about several buckets, as a copy from one to another is. */
function eventKey(sharedEventID: string, bucket: string): string {
  return `${sharedEventID}/${bucket}`;
}

/** Evidence by key; what came first is forgotten first. */
class Evidence {
  readonly #byKey = new Map<string, OwnerEvidence[]>();
  forgotten = 0;

  constructor(private readonly most: number) {}

  add(key: string, evidence: OwnerEvidence): void {
    const known = this.#byKey.get(key);
    if (known === undefined) {
      if (this.#byKey.size >= this.most) {
        this.#byKey.delete(this.#byKey.keys().next().value!);
        this.forgotten++;
      }
      this.#byKey.set(key, [evidence]);
    } else if (
      known.length < OWNERS_KEPT &&
      known.every(({ ownerAccountId }) => ownerAccountId !== evidence.ownerAccountId)
    ) {
      known.push(evidence);
    }
  }

  of(key: string): readonly OwnerEvidence[] {
    return this.#byKey.get(key) ?? [];
  }
}
