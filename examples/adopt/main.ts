/**
 * Takes over a log bucket, its key and its account's trail, with all log files that are in there.
 *
 * Read the plan before the first deploy: it has to say what is imported and that nothing is destroyed
 * or replaced. It shows what changes in both policies; statements of your own are not kept. After the deploy a plan is
 * empty, and the `importFrom` lines may stay or go.
 *
 * Not imported: the bucket's other settings (versioning, encryption, ownership, public access). Writing
 * them is the same whether there were any before, so the plan has them as new.
 */
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { LogDestination } from "central-trail/modules/log-destination";
import type { Construct } from "constructs";
import { EXISTING } from "./existing";

const { account, region, bucketName, trailName, keyId, keyAlias } = EXISTING;

class AdoptedStack extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new AwsProvider(this, "aws", {
      region,
      allowedAccountIds: [account],
      assumeRole: [{ roleArn: `arn:aws:iam::${account}:role/terraform` }],
    });
    const { bucket, encryptionKey, trail } = new LogDestination(this, "logs", {
      bucketName,
      newKey: { alias: keyAlias },
      trail: { partition: "aws", homeRegion: region, accountId: account, name: trailName },
      throwaway: process.env.THROWAWAY === "true",
    });
    bucket.bucket.importFrom(bucketName);
    bucket.bucketPolicy.importFrom(bucketName);
    encryptionKey?.key.importFrom(keyId);
    encryptionKey?.alias.importFrom(`alias/${keyAlias}`);
    trail.trail.importFrom(trail.trailArn);
  }
}

const app = new App();
new AdoptedStack(app, "log-archive");
app.synth();
