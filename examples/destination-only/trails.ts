import { trailIdentities } from "central-trail/cloudtrail";

/**
 * The trail of the account that owns the bucket, and those of the accounts whose trails may
 * deliver. A pull request to this list is how a team asks to be let in.
 */
export const [OWN_TRAIL, ...MEMBER_TRAILS] = trailIdentities({
  homeRegion: "us-east-1",
  name: "central-trail",
  accountIds: [
    "111111111111",
    "222222222222", // shop
    "333333333333", // billing
  ],
});
