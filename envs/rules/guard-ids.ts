/**
 * The guards of the plan review, by name: an environment file can acknowledge what one of them
 * found. What each looks for is in review/guards.
 */
export const GUARD_IDS = [
  "account-cut-off",
  "acls-turned-on",
  "bucket-destroyed",
  "bucket-encryption-weakened",
  "bucket-replaced",
  "delivery-moved",
  "force-destroy-turned-on",
  "key-deletion-scheduled",
  "key-disabled",
  "key-replaced",
  "log-deletion-allowed",
  "object-lock-weakened",
  "plan-incomplete",
  "policy-not-known",
  "policy-over-limit",
  "prevent-destroy-taken-off",
  "provider-account-mismatch",
  "public-access-opened",
  "resource-forgotten",
  "retention-shortened",
  "stranger-allowed",
  "tls-not-required",
  "trail-destroyed",
  "trail-encryption-off",
  "trail-records-less",
  "trail-replaced",
  "trail-single-region",
  "trail-stops",
  "trail-validation-off",
  "versioning-off",
] as const;

/** One of {@link GUARD_IDS}. */
export type GuardId = (typeof GUARD_IDS)[number];
