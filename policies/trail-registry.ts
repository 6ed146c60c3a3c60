import { accountFolder } from "../cloudtrail/files/log-layout";
import { type TrailIdentity, trailArn } from "../cloudtrail/trails/trail-identity";

/**
 * The one list of trails that the policies of bucket, key and topic and the gate are built from, so
 * that an account never stands in one of them and lacks in another.
 */
export class TrailRegistry {
  /** The trails, in the order given. */
  readonly trails: readonly TrailIdentity[];
  /** The trails' ARNs, in the same order. */
  readonly arns: readonly string[];
  /** Each account once, in the order of its first trail. */
  readonly accountIds: readonly string[];
  /**
   * Each pair of home region and name once, as the ARN of any account's trail:
   * `arn:aws:cloudtrail:us-east-1:*:trail/name`.
   */
  readonly arnPatterns: readonly string[];

  /**
   * @param trails every trail that delivers to the bucket, the destination account's own included
   * @throws Error where the list is empty, names one trail twice, or mixes partitions
   */
  constructor(trails: readonly TrailIdentity[]) {
    this.trails = [...trails];
    this.arns = trails.map(trailArn);
    this.accountIds = [...new Set(trails.map((trail) => trail.accountId))];
    this.arnPatterns = [...new Set(trails.map((trail) => trailArn({ ...trail, accountId: "*" })))];
    const problems = [...emptyList(trails), ...twins(this.arns), ...mixedPartitions(trails)];
    if (problems.length > 0) throw new Error(problems.join("\n"));
  }

  /**
   * Where each account's files lie in the bucket: `prefix/AWSLogs/111111111111/`, one for each
   * account.
   */
  folders(prefix?: string): string[] {
    return this.accountIds.map((accountId) => accountFolder(accountId, prefix));
  }
}

function emptyList(trails: readonly TrailIdentity[]): string[] {
  return trails.length === 0
    ? ["No trail is listed: a log destination needs the identity of at least one trail."]
    : [];
}

function twins(arns: readonly string[]): string[] {
  const seen = new Set<string>();
  const repeated = new Set(arns.filter((arn) => seen.size === seen.add(arn).size));
  return [...repeated].map(
    (arn) => `The trail ${arn} is listed twice: list each trail once, or give it another name.`,
  );
}

function mixedPartitions(trails: readonly TrailIdentity[]): string[] {
  const partitions = [...new Set(trails.map((trail) => trail.partition))];
  return partitions.length > 1
    ? [
        `Trails of several partitions are listed (${partitions.join(", ")}): a trail cannot deliver ` +
          "to a bucket of another partition, so each partition needs a destination of its own.",
      ]
    : [];
}
