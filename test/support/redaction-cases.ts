import type { CrossAccountCall } from "../../cloudtrail/records/redaction";

/** One line of the table of docs/records.md. */
export interface RedactionCase {
  /** What happened, for people. */
  readonly name: string;
  /** The call. */
  readonly call: CrossAccountCall;
  /** Whether the caller's copy hides the bucket owner's account ID. */
  readonly redacted: boolean;
  /** Whether AWS's page says so, or we read it so. */
  readonly basis: "documented" | "our reading";
  /** One sentence. */
  readonly reason: string;
}

const OWNER = "111111111111";
const CALLER = "222222222222";
const OTHER = "333333333333";
const REFUSED = {
  callerAccountId: CALLER,
  bucketOwnerAccountId: OWNER,
  errorCode: "AccessDenied",
};

/** The rule by examples, which the code and docs/records.md are held to. */
export const REDACTION_CASES: readonly RedactionCase[] = [
  {
    name: "Allowed",
    call: { callerAccountId: CALLER, bucketOwnerAccountId: OWNER },
    redacted: false,
    basis: "documented",
    reason: "The second condition, an `AccessDenied` error, is not met.",
  },
  {
    name: "Failed with another error, such as `NoSuchKey`",
    call: { callerAccountId: CALLER, bucketOwnerAccountId: OWNER, errorCode: "NoSuchKey" },
    redacted: false,
    basis: "documented",
    reason: "The error is not `AccessDenied`.",
  },
  {
    name: "Denied, caller in the owner's account",
    call: { ...REFUSED, callerAccountId: OWNER },
    redacted: false,
    basis: "documented",
    reason: "The call is not from a different account than the bucket's owner.",
  },
  {
    name: "Denied by the bucket policy",
    call: { ...REFUSED, deniedBy: "bucket-policy" },
    redacted: true,
    basis: "our reading",
    reason:
      "Both conditions hold if the refusal is the caller's alone to see; AWS does not say which policy has to refuse.",
  },
  {
    name: "Denied by the caller's own policy",
    call: { ...REFUSED, deniedBy: "caller-policy" },
    redacted: true,
    basis: "our reading",
    reason: "Else a caller could deny itself the call and read who owns the bucket.",
  },
  {
    name: "Denied by the key policy",
    call: { ...REFUSED, deniedBy: "key-policy" },
    redacted: true,
    basis: "our reading",
    reason: "S3 answers with the same `AccessDenied`, and AWS names no exception for keys.",
  },
  {
    name: "Denied, the caller owns the object but not the bucket",
    call: { ...REFUSED, objectOwnerAccountId: CALLER },
    redacted: true,
    basis: "our reading",
    reason:
      "The first condition names the bucket's owner; that the object's owner does not count is what we take from it.",
  },
  {
    name: "Denied, a third account owns the object",
    call: { ...REFUSED, objectOwnerAccountId: OTHER },
    redacted: true,
    basis: "our reading",
    reason: "As above: only the bucket's owner is compared with the caller.",
  },
  {
    name: "Denied, the caller owns the bucket but not the object",
    call: { ...REFUSED, callerAccountId: OWNER, objectOwnerAccountId: OTHER },
    redacted: false,
    basis: "documented",
    reason: "The first condition names the bucket's owner, and that is the caller.",
  },
];
