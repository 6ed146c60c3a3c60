/**
 * Prints the policy of a log bucket, for whoever makes buckets with another tool, or by hand:
 *
 *     npm run --silent policy > policy.json
 *     aws s3api put-bucket-policy --bucket example-audit-logs --policy file://policy.json
 *
 * The trail of ../trail-only delivers to that bucket.
 */
import { logBucketPolicy, TrailRegistry } from "central-trail/policies";

const accounts = ["111111111111", "222222222222"];

const policy = logBucketPolicy({
  partition: "aws",
  bucketName: "example-audit-logs",
  keyPrefix: "cloudtrail",
  trails: new TrailRegistry(
    accounts.map((accountId) => ({
      partition: "aws",
      homeRegion: "us-east-1",
      accountId,
      name: "central-trail",
    })),
  ),
});

console.log(JSON.stringify(policy, null, 2));
