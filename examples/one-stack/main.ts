/**
 * Everything in one stack and one state, with a provider alias for each account. Short, and good
 * for a handful of accounts: each alias is a provider process of 0.6 GB, and one account's failure
 * is everybody's. Each trail waits until the bucket's policies are in force and its own account's
 * trail logs, because it delivers to the LogDestination itself.
 */
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { type TrailIdentity, trailIdentities } from "central-trail/cloudtrail";
import { LogDestination } from "central-trail/modules/log-destination";
import { Trail } from "central-trail/modules/trail";
import type { Construct } from "constructs";

const REGION = "us-east-1";
const [LOGS_TRAIL, SHOP_TRAIL, BILLING_TRAIL] = trailIdentities({
  homeRegion: REGION,
  name: "central-trail",
  accountIds: ["111111111111", "222222222222", "333333333333"],
});
const MEMBERS = { shop: SHOP_TRAIL, billing: BILLING_TRAIL };

class AuditStack extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const throwaway = process.env.THROWAWAY === "true";
    const destination = new LogDestination(this, "destination", {
      provider: this.providerOf("logs", LOGS_TRAIL),
      bucketName: "example-one-stack-logs",
      encryption: { alias: "one-stack-logs" },
      trail: LOGS_TRAIL,
      memberTrails: Object.values(MEMBERS),
      throwaway,
    });
    for (const [name, trail] of Object.entries(MEMBERS)) {
      new Trail(this, `${name}-trail`, {
        provider: this.providerOf(name, trail),
        trail,
        destination,
        throwaway,
      });
    }
  }

  private providerOf(alias: string, { accountId }: TrailIdentity): AwsProvider {
    return new AwsProvider(this, alias, {
      alias,
      region: REGION,
      allowedAccountIds: [accountId],
      assumeRole: [{ roleArn: `arn:aws:iam::${accountId}:role/terraform` }],
    });
  }
}

const app = new App();
new AuditStack(app, "audit");
app.synth();
