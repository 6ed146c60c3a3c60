/**
 * The log bucket with its key, their policies, and the trail of the bucket's own account: all that
 * the logging team looks after. The other trails live in their teams' repositories, like the one of
 * ../remote-state, which read this stack's outputs from its state.
 */
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, S3Backend, TerraformStack } from "cdktf";
import { LogDestination } from "central-trail/modules/log-destination";
import type { Construct } from "constructs";
import { MEMBER_TRAILS, OWN_TRAIL } from "./trails";

const { accountId: ACCOUNT, homeRegion: REGION } = OWN_TRAIL;

class LogArchiveStack extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const state = new S3Backend(this, {
      bucket: "example-terraform-state",
      key: "log-archive.tfstate",
      region: REGION,
      encrypt: true,
    });
    state.addOverride("use_lockfile", true);
    new AwsProvider(this, "aws", {
      region: REGION,
      allowedAccountIds: [ACCOUNT],
      assumeRole: [{ roleArn: `arn:aws:iam::${ACCOUNT}:role/terraform` }],
    });
    new LogDestination(this, "logs", {
      bucketName: "example-log-archive",
      encryption: { alias: "log-archive" },
      trail: OWN_TRAIL,
      memberTrails: MEMBER_TRAILS,
      throwaway: process.env.THROWAWAY === "true",
    });
  }
}

const app = new App();
new LogArchiveStack(app, "log-archive");
app.synth();
