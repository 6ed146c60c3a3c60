import type { TrailIdentity } from "../../cloudtrail/trails/trail-identity";

/** A trail of the given account, named as in the environments. */
export function trailOf(accountId: string, overrides: Partial<TrailIdentity> = {}): TrailIdentity {
  return {
    partition: "aws",
    homeRegion: "us-east-1",
    accountId,
    name: "central-trail",
    ...overrides,
  };
}

/** The trails of the four accounts of AWS's own example, the destination's first. */
export const FOUR_TRAILS = ["111111111111", "222222222222", "333333333333", "444444444444"].map(
  (accountId) => trailOf(accountId),
);
