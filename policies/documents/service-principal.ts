import { CLOUDTRAIL_SERVICE_PRINCIPAL } from "../../cloudtrail/service/principal";

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
