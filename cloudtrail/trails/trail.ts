import type { TrailIdentity } from "./trail-identity";

/** A trail that logs the account that owns it. */
export interface AccountTrail {
  /** Which kind of trail it is. */
  readonly kind: "account";
  /** What names it. */
  readonly identity: TrailIdentity;
  /**
   * The organization that the account belongs to, `o-…`.
   * @default - none, or none that is known
   */
  readonly organizationId?: string;
}

/** A trail that logs the accounts of an organization; the management account owns it. */
export interface OrganizationTrail {
  /** Which kind of trail it is. */
  readonly kind: "organization";
  /** What names it; its account is the management account, whoever made the trail. */
  readonly identity: TrailIdentity;
  /** `o-…` */
  readonly organizationId: string;
  /** The accounts that it logs, the management account included. */
  readonly accountIds: readonly string[];
}

/** A trail, and whose events it logs. */
export type ServiceTrail = AccountTrail | OrganizationTrail;

/** The accounts whose events a trail logs. For an account's trail that is its owner. */
export function loggedAccounts(trail: ServiceTrail): readonly string[] {
  return trail.kind === "organization" ? trail.accountIds : [trail.identity.accountId];
}
