/**
 * A member's trail, in its team's own repository: bucket and key are read from the state of
 * ../destination-only. Its outputs are there once its policies are in force and its own trail logs;
 * before that, or where they do not name this trail, the plan stops and says what to deploy first.
 *
 * Whoever deploys has to be allowed to read the other state.
 */
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, DataTerraformRemoteStateS3, S3Backend, TerraformStack } from "cdktf";
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
const STATE = { bucket: "example-terraform-state", region: REGION };

class ShopTrailStack extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const state = new S3Backend(this, { ...STATE, key: "shop-trail.tfstate", encrypt: true });
    state.addOverride("use_lockfile", true);
    new AwsProvider(this, "aws", {
      region: REGION,
      allowedAccountIds: [ACCOUNT],
      assumeRole: [{ roleArn: `arn:aws:iam::${ACCOUNT}:role/terraform` }],
    });
    const logArchive = new DataTerraformRemoteStateS3(this, "log-archive", {
      ...STATE,
      key: "log-archive.tfstate",
    });
    new Trail(this, "trail", {
      trail: TRAIL,
      destination: LogDestination.fromRemoteState(logArchive, "log-archive"),
      throwaway: process.env.THROWAWAY === "true",
    });
  }
}

const app = new App();
new ShopTrailStack(app, "shop-trail");
app.synth();
