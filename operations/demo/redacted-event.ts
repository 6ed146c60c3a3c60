import type { ResolvedOwner } from "../../cloudtrail/records/bucket-owner";
import type { CloudTrailRecord } from "../../cloudtrail/records/record";
import type { Environment } from "../../envs/types";
import { type AwsAccess, destinationClient, readingRole } from "../../aws/account-access";
import { s3Client } from "../../aws/clients";
import { EventSearch } from "../events/event-search";
import { LogBucketReader } from "../../verify/log-bucket";
import type { ForeignCall } from "./foreign-call";

/** A denied call as the logs of both accounts show it. */
export interface RedactedEvent extends Pick<ForeignCall, "bucket"> {
  readonly caller: string;
  /** The caller's copy: the owner is taken out of it. */
  readonly callerCopy?: CloudTrailRecord;
  /** What the other files of the log bucket say of the owner. */
  readonly owner?: ResolvedOwner;
  /** What is not as AWS documents it; none where all is well. */
  readonly problems: readonly string[];
}

/**
 * Looks in the delivered log files for a call into another account's bucket, and for the bucket's
 * owner.
 */
export async function findRedactedEvent(
  environment: Environment,
  access: AwsAccess,
  { caller, owner, bucket }: ForeignCall,
  period: { readonly from: number; readonly to: number },
): Promise<RedactedEvent> {
  const { destination } = environment;
  const s3 = s3Client(destinationClient(environment, access));
  const known = { caller: caller.account, bucket };
  const files = (...accounts: string[]): Parameters<EventSearch["find"]>[0] => ({
    prefix: destination.prefix,
    accounts,
    ...period,
  });
  try {
    const search = new EventSearch({
      bucket: new LogBucketReader(s3, destination.bucket),
      region: destination.region,
      who: readingRole(destination),
    });
    const both = files(caller.account, owner.account);
    const criteria = { ...period, bucket, redacted: true };
    for await (const [found] of search.find(files(caller.account), criteria, both)) {
      const { record, owner: resolved } = found!;
      const asWanted = resolved?.how === "owner copy" && resolved.ownerAccountId === owner.account;
      return {
        ...known,
        callerCopy: record,
        owner: resolved,
        problems: asWanted
          ? []
          : [`The owner of ${bucket}, ${owner.account}, was not found by the owner's copy.`],
      };
    }
    return {
      ...known,
      problems: [
        `No log file of ${caller.account} has its denied call into ${bucket}.`,
        ...search.problems.map(({ file, what }) => `${file}: ${what}`),
      ],
    };
  } finally {
    s3.destroy();
  }
}
