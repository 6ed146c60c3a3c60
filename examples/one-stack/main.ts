/**
 * Everything in one stack and one state, with a provider alias for each account. Short, and good for a
 * handful of accounts: each alias is a provider process of 0.6 GB, and one account's failure is
 * everybody's. Each trail waits until the bucket's policies are in force and its own account's
 * trail logs, because it delivers to the LogDestination itself.
 */
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import type { TrailIdentity } from "central-trail/cloudtrail";
import { LogDestination } from "central-trail/modules/log-destination";
import { Trail } from "central-trail/modules/trail";
import type { Construct } from "constructs";

const LOGS = "111111111111";
const MEMBERS = { shop: "222222222222", billing: "333333333333" };
const REGION = "us-east-1";

function trailOf(accountId: string): TrailIdentity {
  return { partition: "aws", homeRegion: REGION, accountId, name: "central-trail" };
}

class AuditStack extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const throwaway = process.env.THROWAWAY === "true";
    const destination = new LogDestination(this, "destination", {
      provider: this.providerOf("logs", LOGS),
      bucketName: "example-one-stack-logs",
      newKey: { alias: "one-stack-logs" },
      trail: trailOf(LOGS),
      memberTrails: Object.values(MEMBERS).map(trailOf),
      throwaway,
    });
    for (const [name, account] of Object.entries(MEMBERS)) {
      new Trail(this, `${name}-trail`, {
        provider: this.providerOf(name, account),
        identity: trailOf(account),
        destination,
        throwaway,
      });
    }
  }

  private providerOf(alias: string, account: string): AwsProvider {
    return new AwsProvider(this, alias, {
      alias,
      region: REGION,
      allowedAccountIds: [account],
      assumeRole: [{ roleArn: `arn:aws:iam::${account}:role/terraform` }],
    });
  }
}

const app = new App();
new AuditStack(app, "audit");
app.synth();
