/**
 * Takes over a log bucket, its key and its account's trail, with all log files that are in there.
 *
 * Read the plan before the first deploy. It has to import five resources, and to destroy or replace
 * none. It shows what changes in both policies and in the trail: statements of your own go unless
 * you write them as `statements`, and tags unless you write them here. After the deploy a plan is
 * empty, and the `importFrom` lines may stay or go.
 *
 * Not imported are the bucket's versioning, encryption, ownership and public access. They are
 * written whatever they were before, which the plan does not show.
 *
 * A trail with event selectors needs them in `trailSettings.events` from the first deploy on.
 * Another account's trail is taken over in the same way, by `resource.importFrom` of its own
 * `Trail`.
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
      encryption: { alias: keyAlias },
      trail: { partition: "aws", homeRegion: region, accountId: account, name: trailName },
      throwaway: process.env.THROWAWAY === "true",
    });
    bucket.resource.importFrom(bucketName);
    bucket.policyResource.importFrom(bucketName);
    encryptionKey?.resource.importFrom(keyId);
    encryptionKey?.aliasResource.importFrom(`alias/${keyAlias}`);
    trail.resource.importFrom(trail.trailArn);
  }
}

const app = new App();
new AdoptedStack(app, "log-archive");
app.synth();
