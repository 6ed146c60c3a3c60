/**
 * Characters of IAM's own policies, white space not counted.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const IAM_LIMITS = {
  /** Of a managed policy. */
  managedPolicy: 6_144,
  /** Of a role's trust policy, before the quota is raised. */
  trustPolicy: 2_048,
  /** Of all inline policies of a role. */
  rolePolicies: 10_240,
  /** Of all inline policies of a user. */
  userPolicies: 2_048,
  /** Of all inline policies of a group. */
  groupPolicies: 5_120,
} as const;
