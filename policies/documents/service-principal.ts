/**
 * Who writes the log files, unless a document is told another name. AWS shows this one for the
 * partitions `aws` and `aws-us-gov`; its text for `aws-cn` was not found, so for China it is
 * unproven, and `servicePrincipal` is there to change it.
 *
 * @see https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-ct.html
 */
export const CLOUDTRAIL_SERVICE_PRINCIPAL = "cloudtrail.amazonaws.com";

/** The part of a document's input that says who CloudTrail is. */
export interface CloudTrailPrincipalInput {
  /**
   * CloudTrail's service principal.
   * @default "cloudtrail.amazonaws.com"
   */
  readonly servicePrincipal?: string;
}

/** The Principal element that names CloudTrail. */
export function cloudTrailPrincipal({ servicePrincipal }: CloudTrailPrincipalInput): {
  readonly Service: string;
} {
  return { Service: servicePrincipal ?? CLOUDTRAIL_SERVICE_PRINCIPAL };
}
