import type { TrailIdentity } from "central-trail/cloudtrail";

const trailOf = (accountId: string): TrailIdentity => ({
  partition: "aws",
  homeRegion: "us-east-1",
  accountId,
  name: "central-trail",
});

/** The trail of the account that owns the bucket. */
export const OWN_TRAIL = trailOf("111111111111");

/** Whose trails may deliver. A pull request to this list is how a team asks to be let in. */
export const MEMBER_TRAILS = [
  trailOf("222222222222"), // shop
  trailOf("333333333333"), // billing
];
