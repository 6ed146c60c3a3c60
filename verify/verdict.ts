/**
 * What came of a check, the worst last: it decides the exit code. What could not be checked may
 * hide anything, so it is worse than what is known to be late, or to be there without proof.
 */
export const VERDICTS = ["proven", "amiss", "unvouched", "not-checked", "tampered"] as const;

/**
 * - `proven`: looked at, and as it should be
 * - `amiss`: late, missing, or not as the environment says
 * - `unvouched`: a file lies among CloudTrail's that no valid digest file names, though one would
 * - `not-checked`: could not be looked at, or there is nothing to look at yet
 * - `tampered`: a file was changed, moved or deleted after CloudTrail delivered it
 */
export type Verdict = (typeof VERDICTS)[number];

/** Exit codes of `central-trail verify`. */
export const EXIT_CODES: Readonly<Record<Verdict, number>> = {
  proven: 0,
  "not-checked": 1,
  amiss: 2,
  unvouched: 2,
  tampered: 3,
};

/** One thing that is not proven. */
export interface VerifyFinding {
  /** What it means for the proof. */
  readonly verdict: Exclude<Verdict, "proven">;
  /** What was looked at. */
  readonly check: "trail" | "delivery" | "log-file" | "digest-file" | "encryption" | "digest-chain";
  /** A sentence for people: what was found, and what should be there. */
  readonly text: string;
  /**
   * The S3 object that it is about.
   * @default - it is about no one object
   */
  readonly key?: string;
  /** @default - the log bucket */
  readonly bucket?: string;
  /**
   * The name of the error that stood in the way of looking: `AccessDenied`, say.
   * @default - none did
   */
  readonly cause?: string;
  /**
   * How many objects it is about, the first of which is named.
   * @default 1
   */
  readonly count?: number;
}

/** The worst of all; proven where there is none. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  return verdicts.reduce<Verdict>(
    (soFar, next) => (VERDICTS.indexOf(next) > VERDICTS.indexOf(soFar) ? next : soFar),
    "proven",
  );
}
