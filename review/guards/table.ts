import type { GuardId } from "../../envs/rules/guard-ids";

/** One guard, for people. */
export interface Guard {
  /**
   * `block`: nothing may be deployed before it is fixed or acknowledged. `warn`: it is reported.
   */
  readonly severity: "block" | "warn";
  /** What is at stake. */
  readonly reason: string;
  readonly wayOut: string;
  /** What an acknowledgement's `subject` is. */
  readonly subject: "account" | "bucket" | "key" | "principal" | "resource" | "stack";
}

const RETIRE =
  "To take an account off, set retiring: true on its entry, deploy, and remove the entry once its trail is gone.";

/** All guards. */
export const GUARDS: Readonly<Record<GuardId, Guard>> = {
  "account-cut-off": {
    severity: "block",
    reason:
      "The policies stop letting this account's trail in. A trail that still logs then loses its events without a word, and the last digest file, which comes after a trail is deleted, is lost too.",
    wayOut: `${RETIRE} If the API could not be asked for the trail, run the plan where it can be.`,
    subject: "account",
  },
  "acls-turned-on": {
    severity: "block",
    reason:
      "With ACLs on, whoever writes an object owns it and can let others in, past the bucket policy.",
    wayOut: "Keep object ownership BucketOwnerEnforced.",
    subject: "bucket",
  },
  "bucket-destroyed": {
    severity: "block",
    reason: "All log files in the bucket go with it, and no trail can deliver.",
    wayOut:
      "Keep the bucket. If it only has a new place in the configuration, write a moved block.",
    subject: "bucket",
  },
  "bucket-encryption-weakened": {
    severity: "block",
    reason: "Files could be stored without the log key, so reading them needs no right to the key.",
    wayOut: "Keep the encryption, or make the change in a stack of its own with its reason.",
    subject: "bucket",
  },
  "bucket-replaced": {
    severity: "block",
    reason:
      "The bucket is destroyed with all log files in it, and made anew empty; nothing is delivered in between.",
    wayOut:
      "Take back what forces the replacement, which is mostly the name. A new bucket is a new environment beside this one.",
    subject: "bucket",
  },
  "delivery-moved": {
    severity: "block",
    reason:
      "The trail writes its files to another place. Who reads and checks the old one sees no end, only silence.",
    wayOut:
      "Take back the change of bucket or prefix, or move in a second environment with both trails for a time.",
    subject: "account",
  },
  "force-destroy-turned-on": {
    severity: "block",
    reason:
      "S3 refuses to destroy a bucket that holds files; with force_destroy Terraform empties it first.",
    wayOut: "Take throwaway: true out of the environment file.",
    subject: "bucket",
  },
  "key-deletion-scheduled": {
    severity: "block",
    reason:
      "Destroying a KMS key schedules its deletion. From then on no file encrypted with it can be read or written, and after the waiting time never again.",
    wayOut:
      "Keep the key. A deletion can be taken back within the waiting time: aws kms cancel-key-deletion.",
    subject: "key",
  },
  "key-disabled": {
    severity: "block",
    reason: "With a key that is turned off CloudTrail cannot deliver, and nobody can read.",
    wayOut: "Keep the key turned on.",
    subject: "key",
  },
  "key-replaced": {
    severity: "block",
    reason:
      "The old key is scheduled for deletion, and with it every file that it encrypted is lost.",
    wayOut: "Take back what forces the replacement. KMS rotates a key without replacing it.",
    subject: "key",
  },
  "log-deletion-allowed": {
    severity: "block",
    reason:
      "Somebody could delete log files, make them unreadable or change what keeps them safe, who could not before.",
    wayOut: "Keep the denies of destination.hardening, and their break-glass role.",
    subject: "principal",
  },
  "object-lock-weakened": {
    severity: "block",
    reason: "New log files could be deleted sooner than those before them.",
    wayOut: "Keep mode and days of destination.objectLock, or lengthen them.",
    subject: "bucket",
  },
  "plan-incomplete": {
    severity: "block",
    reason:
      "Terraform met an error or put something off, so the plan does not say all that will happen.",
    wayOut: "Fix the error that Terraform prints for this stack, and plan again.",
    subject: "stack",
  },
  "policy-not-known": {
    severity: "block",
    reason:
      "A policy that can't be read can't be judged: it is known only after apply, is sensitive, or has what AWS or this review does not know.",
    wayOut:
      "Write the policy so that its text is known when it is planned. If it changes because a resource is replaced, keep the resource.",
    subject: "resource",
  },
  "policy-over-limit": {
    severity: "block",
    reason: "AWS refuses a policy of this size, and the deploy stops half-way.",
    wayOut: "Choose a smaller shape of the policy; central-trail policies names those that fit.",
    subject: "resource",
  },
  "prevent-destroy-taken-off": {
    severity: "block",
    reason: "The next change that destroys the resource would no longer be refused by Terraform.",
    wayOut: "Keep prevent_destroy, which an environment has without throwaway: true.",
    subject: "resource",
  },
  "provider-account-mismatch": {
    severity: "block",
    reason:
      "The stack's provider is not held to the stack's account, so its resources could be made in another one.",
    wayOut: "Let allowed_account_ids be the stack's account alone, and the assumed role one of it.",
    subject: "stack",
  },
  "public-access-opened": {
    severity: "block",
    reason:
      "Anybody on the internet could get through, or the block that keeps a wrong policy from opening the bucket is gone.",
    wayOut:
      "Keep all four settings of the public access block, and no principal * without a condition.",
    subject: "resource",
  },
  "resource-forgotten": {
    severity: "warn",
    reason: "Terraform leaves the resource as it is and no longer looks after it.",
    wayOut: "Take the removed block back, or write down who looks after it now.",
    subject: "resource",
  },
  "retention-shortened": {
    severity: "block",
    reason:
      "S3 deletes log files, those that are there already too, as soon as they are over the new age.",
    wayOut: "Keep the days of destination.retention, or lengthen them.",
    subject: "bucket",
  },
  "stranger-allowed": {
    severity: "block",
    reason: "Somebody gets a right whom the environment file does not name.",
    wayOut: "Add the account to members or the principal to readers, or take the statement out.",
    subject: "principal",
  },
  "tls-not-required": {
    severity: "block",
    reason: "Requests over plain HTTP get through, which can be read and changed on their way.",
    wayOut: "Keep the statement that denies requests with aws:SecureTransport false.",
    subject: "resource",
  },
  "trail-destroyed": {
    severity: "block",
    reason: "The account's events are no longer delivered.",
    wayOut: `Keep the trail. ${RETIRE}`,
    subject: "account",
  },
  "trail-encryption-off": {
    severity: "block",
    reason:
      "New log files are no longer encrypted with the log key, so reading them needs no right to the key.",
    wayOut: "Keep the trail's kms_key_id.",
    subject: "account",
  },
  "trail-records-less": {
    severity: "block",
    reason: "Events that were logged are not logged any more.",
    wayOut: "Keep the trail's event and insight selectors as wide as they are.",
    subject: "account",
  },
  "trail-replaced": {
    severity: "block",
    reason:
      "The trail is deleted and another one made: no events are logged in between, and its chain of digest files ends.",
    wayOut: "Take back what forces the replacement, which is mostly the name or the home region.",
    subject: "account",
  },
  "trail-single-region": {
    severity: "block",
    reason: "Events of all regions but the trail's own are no longer logged.",
    wayOut: "Keep trail.multiRegion: true.",
    subject: "account",
  },
  "trail-stops": {
    severity: "block",
    reason: "The trail stays and no longer logs.",
    wayOut: "Keep enable_logging true.",
    subject: "account",
  },
  "trail-validation-off": {
    severity: "block",
    reason: "Without digest files nobody can prove that log files are whole and unchanged.",
    wayOut: "Keep trail.logFileValidation: true.",
    subject: "account",
  },
  "versioning-off": {
    severity: "block",
    reason: "A log file that is overwritten or deleted is gone at once.",
    wayOut: "Keep the bucket's versioning Enabled.",
    subject: "bucket",
  },
};
