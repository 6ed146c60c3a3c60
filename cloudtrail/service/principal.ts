import { isDocumentedPartition, PARTITIONS, type Partition, serviceHostSuffix } from "../regions";

/**
 * The name that CloudTrail has in policies. AWS shows it for the partitions `aws` and `aws-us-gov`.
 * Its text for the other partitions was not found, so there this name is a guess.
 *
 * @see https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-ct.html
 */
export const CLOUDTRAIL_SERVICE_PRINCIPAL = "cloudtrail.amazonaws.com";

/** The names that CloudTrail could have in policies: by what the partitions' hosts end with. */
export const CLOUDTRAIL_PRINCIPALS: readonly string[] = [
  ...new Set(PARTITIONS.map((partition) => `cloudtrail.${serviceHostSuffix(partition)}`)),
];

/**
 * The name under which CloudTrail calls other services.
 *
 * @param configured the name that somebody configured: it counts where AWS documents none, and a
 *   documented name is not changed by configuration
 */
export function servicePrincipalIn(partition: Partition, configured?: string): string {
  if (isDocumentedPartition(partition)) return CLOUDTRAIL_SERVICE_PRINCIPAL;
  return configured ?? CLOUDTRAIL_SERVICE_PRINCIPAL;
}
