/**
 * Prints the policy of a log bucket, for whoever makes buckets with another tool, or by hand:
 *
 *     npm run --silent policy > policy.json
 *     aws s3api put-bucket-policy --bucket example-audit-logs --policy file://policy.json
 *
 * The trail of ../trail-only delivers to that bucket.
 */
import { trailIdentities } from "central-trail/cloudtrail";
import { logBucketPolicy, TrailRegistry } from "central-trail/policies";

const policy = logBucketPolicy({
  partition: "aws",
  bucketName: "example-audit-logs",
  s3KeyPrefix: "cloudtrail",
  trails: new TrailRegistry(
    trailIdentities({
      homeRegion: "us-east-1",
      name: "central-trail",
      accountIds: ["111111111111", "222222222222"],
    }),
  ),
});

console.log(JSON.stringify(policy, null, 2));
