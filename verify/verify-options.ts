import type { ReadAs } from "../aws/account-access";
import type { ValidationFinding } from "../cloudtrail/digests/validation-findings";

/** How to verify an environment. */
export interface VerifyOptions {
  /**
   * Account IDs.
   * @default - all of the environment
   */
  readonly accounts?: readonly string[];
  /**
   * How far back digest files and their log files are checked, in seconds.
   * @default 86400, a day
   */
  readonly sinceSeconds?: number;
  /**
   * Who asks the destination's account, its bucket and its trail.
   * @default - its own role that reads
   */
  readonly readAs?: ReadAs;
  /**
   * The time that ages count from.
   * @default - S3's own clock
   */
  readonly now?: Date;
  /**
   * S3 objects that are read at once, over all accounts.
   * @default 64
   */
  readonly objectsAtOnce?: number;
  /**
   * Told of each file that was checked, and each fault.
   * @default - nobody is
   */
  readonly onFinding?: (finding: ValidationFinding) => void;
}
