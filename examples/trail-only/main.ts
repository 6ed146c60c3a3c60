/**
 * One trail, delivering to a bucket that somebody else made and looks after.
 *
 * The bucket's policy has to let this trail in before `cdktf deploy`: CreateTrail looks. Its owners
 * need the trail's ARN for that, which is known beforehand; ../no-cdktf prints such a policy.
 */
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { LogDestination } from "central-trail/modules/log-destination";
import { Trail } from "central-trail/modules/trail";
import { trailIdentities } from "central-trail/cloudtrail";
import type { Construct } from "constructs";

const ACCOUNT = "222222222222";
const REGION = "us-east-1";
const [TRAIL] = trailIdentities({
  homeRegion: REGION,
  name: "central-trail",
  accountIds: [ACCOUNT],
});

class TrailStack extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new AwsProvider(this, "aws", {
      region: REGION,
      allowedAccountIds: [ACCOUNT],
      assumeRole: [{ roleArn: `arn:aws:iam::${ACCOUNT}:role/terraform` }],
    });
    new Trail(this, "trail", {
      trail: TRAIL,
      destination: LogDestination.fromAttributes({
        bucketName: "example-audit-logs",
        s3KeyPrefix: "cloudtrail",
        // Where its owners have them: kmsKeyArn, snsTopicArn.
      }),
      throwaway: process.env.THROWAWAY === "true",
    });
  }
}

const app = new App();
new TrailStack(app, "trail");
app.synth();
