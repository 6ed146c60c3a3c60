import { formatTime, parseTime } from "../time";

/**
 * What a fault means: somebody changed or deleted what CloudTrail wrote; something lies there that
 * nothing proves to be CloudTrail's; something is not there, and nothing proves that it ever was;
 * or it could not be looked at, so that nothing is known.
 */
export type FaultMeaning = "tampered" | "unvouched" | "missing" | "not-checked";

/** Every fault that validation finds. docs/verification.md says of each what to do. */
export const FAULTS = {
  /** The content is not what the next digest vouches for. */
  "digest-changed": "tampered",
  /**
   * The signature in the metadata is not there, not this content's, or not the one that the next
   * digest names.
   */
  "digest-signature-invalid": "tampered",
  /** It says of itself that it lies elsewhere. */
  "digest-moved": "tampered",
  /** Not gzip, not JSON, or without the fields and metadata that a digest has. */
  "digest-unreadable": "tampered",
  /** Signed by a key that CloudTrail does not list for the region. */
  "public-key-missing": "tampered",
  /** The content's hash is not the digest's. */
  "log-changed": "tampered",
  /** Not gzip. */
  "log-unreadable": "tampered",
  /** A later digest names it. */
  "digest-missing": "tampered",
  /** Beside a digest that is missing or broken, hours that no digest is left of. */
  "adjacent-digests-missing": "missing",
  /** A starting digest with older digests before it. */
  gap: "missing",
  /** No digest was listed for the time asked for. */
  "no-digests": "missing",
  /** A digest names it. */
  "log-missing": "tampered",
  /**
   * In the log files' folder, and named by no valid digest, though there are digests of its time.
   */
  "log-unvouched": "unvouched",
  /** In the digests' folder, and no digest of this trail, nor a valid one of another. */
  "digest-unvouched": "unvouched",
  /** A folder of digests could not be listed. */
  "digests-not-listed": "not-checked",
  /** The folder of log files could not be listed. */
  "logs-not-listed": "not-checked",
  /** CloudTrail's public keys could not be had. */
  "public-keys-not-read": "not-checked",
  /** The digest or its public key could not be read. */
  "digest-not-checked": "not-checked",
  /** The log file could not be read. */
  "log-not-checked": "not-checked",
} as const satisfies Record<string, FaultMeaning>;

/** One of {@link FAULTS}. */
export type FaultKind = keyof typeof FAULTS;

/** A time from one moment to another, both ISO 8601 in UTC. */
export interface Period {
  /** Its beginning. */
  readonly from: string;
  /** Its end. */
  readonly to: string;
}

/** A file that was looked at. */
export interface FoundFile {
  /** The bucket that it lies in. */
  readonly bucket: string;
  /** Its key. */
  readonly key: string;
  /** Whether the digest, or the one that names the log, is a backfill digest. */
  readonly backfill: boolean;
}

/** A digest that is as CloudTrail wrote it. Times are ISO 8601 in UTC. */
export interface ValidDigest extends FoundFile {
  /** What it is. */
  readonly kind: "digest-valid";
  /** The beginning of the hour that it covers. */
  readonly startTime: string;
  /** The end of that hour. */
  readonly endTime: string;
}

/** A log file that is as CloudTrail wrote it. */
export interface ValidLog extends FoundFile {
  /** What it is. */
  readonly kind: "log-valid";
}

/** Something that is not as it should be. */
export interface Fault extends FoundFile {
  /** What is wrong, for programs. */
  readonly kind: FaultKind;
  /** The file; where it is about no single file, the folder. */
  readonly key: string;
  /** A sentence or more for people, without the file's name. */
  readonly message: string;
  /**
   * The name of the error that stood in the way: `AccessDenied`, say.
   * @default - none did
   */
  readonly cause?: string;
  /**
   * The time that no digest covers; of {@link FAULTS} `gap` and `adjacent-digests-missing`.
   * @default - it is about a file, or all of the time
   */
  readonly uncovered?: Period;
}

/** What validation says of one file, or of something that is not there. */
export type ValidationFinding = ValidDigest | ValidLog | Fault;

/** Whether a finding is a fault. */
export function isFault(finding: ValidationFinding): finding is Fault {
  return finding.kind in FAULTS;
}

/** How many files of a kind were as CloudTrail wrote them, and how many not. */
export interface Count {
  /** As CloudTrail wrote them. */
  valid: number;
  /** Changed or missing, as the AWS CLI counts. */
  invalid: number;
  /** Could not be looked at. */
  notChecked: number;
}

/**
 * What validation found for one trail and region, in numbers: those that `aws cloudtrail
 * validate-logs` ends with.
 */
export class ValidationSummary {
  /** The digests, without the backfill ones. */
  readonly digests: Count = { valid: 0, invalid: 0, notChecked: 0 };
  /** The backfill digests. */
  readonly backfillDigests: Count = { valid: 0, invalid: 0, notChecked: 0 };
  /** The log files. */
  readonly logs: Count = { valid: 0, invalid: 0, notChecked: 0 };
  /** All faults, also those about no single file. */
  readonly faults: Record<FaultMeaning, number> = {
    tampered: 0,
    unvouched: 0,
    missing: 0,
    "not-checked": 0,
  };
  #found?: { from: number; to: number };

  /** @param requested the time asked for, as in the request */
  constructor(private readonly requested: Period) {}

  /** The time that valid digests cover, from the first to the last, within what was asked for. */
  get found(): Period | undefined {
    return this.#found && { from: formatTime(this.#found.from), to: formatTime(this.#found.to) };
  }

  /** Counts a finding. */
  add(finding: ValidationFinding): void {
    if (isFault(finding)) {
      const meaning = FAULTS[finding.kind];
      this.faults[meaning]++;
      // They are none of the files that the trail's digests are about.
      if (meaning === "unvouched") return;
      const count = this.#countOf(finding);
      if (count !== undefined) count[meaning === "not-checked" ? "notChecked" : "invalid"]++;
      return;
    }
    this.#countOf(finding)!.valid++;
    if (finding.kind === "digest-valid") this.#cover(finding);
  }

  #countOf({ kind, backfill }: ValidationFinding): Count | undefined {
    if (kind.startsWith("log-")) return this.logs;
    if (kind.startsWith("digest-") || kind === "public-key-missing")
      return backfill ? this.backfillDigests : this.digests;
    return undefined;
  }

  #cover(digest: ValidDigest): void {
    const from = Math.max(parseTime(digest.startTime)!, parseTime(this.requested.from)!);
    const to = Math.min(parseTime(digest.endTime)!, parseTime(this.requested.to)!);
    this.#found = {
      from: Math.min(from, this.#found?.from ?? from),
      to: Math.max(to, this.#found?.to ?? to),
    };
  }
}
