import type { Count } from "../cloudtrail/digests/validation-findings";
import type { DeliveredFile } from "./newest-findings";
import type { VerifyFinding, Verdict } from "./verdict";

/** The files of one trail in one region. */
export interface RegionReport {
  readonly region: string;
  readonly verdict: Verdict;
  /** Of the account in this region; a log file's key does not name its trail. @default - none */
  readonly newestLog?: DeliveredFile;
  /** @default - none */
  readonly newestDigest?: DeliveredFile;
  /** Of the period, backfill digests included. */
  readonly digestFiles: Readonly<Count>;
  /** Log files that the digest files vouch for. */
  readonly logFiles: Readonly<Count>;
  /**
   * From the start of the first valid digest file to the end of the last; ISO 8601.
   * @default - there is none
   */
  readonly covered?: { readonly from: string; readonly to: string };
  readonly findings: readonly VerifyFinding[];
}

/** What came of one trail. */
export interface TrailVerification {
  /** Twelve digits. */
  readonly account: string;
  /** The account's name in the environment file. */
  readonly name: string;
  readonly trailArn: string;
  /** The worst of its findings and its regions. */
  readonly verdict: Verdict;
  /** What is about no one region. */
  readonly findings: readonly VerifyFinding[];
  /** The home region first, then the others by name; none where the bucket can't be listed. */
  readonly regions: readonly RegionReport[];
}

/** What came of an environment. */
export interface VerifyReport {
  readonly environment: string;
  /** Digest files that end from here on were checked. */
  readonly since: Date;
  /** The time that all ages count from, by AWS's clock. */
  readonly now: Date;
  /** The worst of its trails. */
  readonly verdict: Verdict;
  readonly trails: readonly TrailVerification[];
  /** Accounts, and regions of accounts, that were not looked at, on purpose. */
  readonly leftOut: readonly {
    readonly account: string;
    readonly name: string;
    /** @default - all of the account */
    readonly region?: string;
    readonly reason: string;
  }[];
}
