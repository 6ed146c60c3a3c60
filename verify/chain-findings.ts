import { type Fault, type FaultMeaning, FAULTS } from "../cloudtrail/digests/validation-findings";
import type { VerifyFinding } from "./verdict";

const VERDICTS = {
  tampered: "tampered",
  unvouched: "unvouched",
  missing: "amiss",
  "not-checked": "not-checked",
} as const satisfies Record<FaultMeaning, VerifyFinding["verdict"]>;

/** A fault of the digest chain as a finding. */
export function chainFinding(
  { kind, bucket, key, message, cause }: Fault,
  logBucket: string,
): VerifyFinding {
  return {
    verdict: VERDICTS[FAULTS[kind]],
    check: "digest-chain",
    text: message,
    key,
    ...(bucket === logBucket ? {} : { bucket }),
    // It is not S3 that was asked for public keys.
    ...(cause && { cause: kind === "public-keys-not-read" ? `ListPublicKeys: ${cause}` : cause }),
  };
}
