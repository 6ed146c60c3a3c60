import type { Count } from "../cloudtrail/digests/validation-findings";
import type { DeliveredFile } from "./newest-findings";
import type { NotNamed } from "./not-named";
import type { VerifyFinding, Verdict } from "./verdict";

/** The files of one trail in one region. */
export interface RegionReport {
  /** Such as `eu-central-1`. */
  readonly region: string;
  /** The worst of its findings. */
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
  /** What is not proven. */
  readonly findings: readonly VerifyFinding[];
  /** Files of the period in folders that AWS documents no digest files for, and that none names. */
  readonly notNamed: readonly NotNamed[];
}

/** What came of one trail. */
export interface TrailVerification {
  /** Twelve digits. */
  readonly account: string;
  /** The account's name in the environment file. */
  readonly name: string;
  /** The ARN that the environment gives the trail. */
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
  /** The environment's name. */
  readonly environment: string;
  /** Digest files that end from here on were checked. */
  readonly since: Date;
  /** The time that all ages count from, by AWS's clock. */
  readonly now: Date;
  /** The worst of its trails. */
  readonly verdict: Verdict;
  /** In the order of the environment: destination, then members. */
  readonly trails: readonly TrailVerification[];
  /** Accounts, and regions and folders of accounts, that were not looked at. */
  readonly leftOut: readonly {
    readonly account: string;
    readonly name: string;
    /** @default - all of the account, or what the reason says */
    readonly region?: string;
    readonly reason: string;
  }[];
}
