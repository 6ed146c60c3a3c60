import {
  CloudTrailClient,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
} from "@aws-sdk/client-cloudtrail";
import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
  ListAliasesCommand,
  ListKeysCommand,
  ListResourceTagsCommand,
} from "@aws-sdk/client-kms";
import {
  GetBucketEncryptionCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  ListBucketsCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import type { Deployment } from "../support/deployment";

/** What lives in the accounts of a deployment, as their APIs say, in a form that compares. */
export async function inventory(
  deployment: Deployment,
  leftOut: readonly string[] = [],
): Promise<unknown> {
  const { destination, members, deployer } = deployment.environment;
  const found: Record<string, unknown> = {};
  for (const { account, roleArn } of [destination, ...members]) {
    const client = deployment.asRole(roleArn, deployer.externalId!);
    found[account] = {
      keys: await keys(new KMSClient(client)),
      buckets: await buckets(new S3Client({ ...client, forcePathStyle: true }), leftOut),
      trails: await trails(new CloudTrailClient(client)),
    };
  }
  // A key's ID is another in each deployment.
  const text = JSON.stringify(found).replaceAll(/key\/[0-9a-f-]{36}/g, "key/ID");
  return JSON.parse(text) as unknown;
}

/** But for those that wait for their deletion. */
async function keys(kms: KMSClient): Promise<readonly object[]> {
  const { Keys = [] } = await kms.send(new ListKeysCommand());
  const { Aliases = [] } = await kms.send(new ListAliasesCommand());
  const found = [];
  for (const { KeyId } of Keys) {
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
    const { Description, Enabled, KeyManager, KeyState } = KeyMetadata!;
    if (KeyState === "PendingDeletion" || KeyManager !== "CUSTOMER") continue;
    found.push({
      Description,
      Enabled,
      KeyState,
      policy: (await kms.send(new GetKeyPolicyCommand({ KeyId, PolicyName: "default" }))).Policy,
      rotation: (await kms.send(new GetKeyRotationStatusCommand({ KeyId }))).KeyRotationEnabled,
      tags: sorted((await kms.send(new ListResourceTagsCommand({ KeyId }))).Tags),
      aliases: Aliases.filter((alias) => alias.TargetKeyId === KeyId).map((one) => one.AliasName),
    });
  }
  return found;
}

async function buckets(s3: S3Client, leftOut: readonly string[]): Promise<readonly object[]> {
  const { Buckets = [] } = await s3.send(new ListBucketsCommand());
  const names = Buckets.map(({ Name }) => Name!).filter((name) => !leftOut.includes(name));
  return Promise.all(
    names.sort().map(async (Bucket) => {
      const input = { Bucket };
      const { Status } = await s3.send(new GetBucketVersioningCommand(input));
      return {
        Bucket,
        Status,
        policy: (await s3.send(new GetBucketPolicyCommand(input))).Policy,
        encryption: (await s3.send(new GetBucketEncryptionCommand(input)))
          .ServerSideEncryptionConfiguration,
        access: (await s3.send(new GetPublicAccessBlockCommand(input)))
          .PublicAccessBlockConfiguration,
        ownership: (await s3.send(new GetBucketOwnershipControlsCommand(input))).OwnershipControls,
        tags: sorted((await s3.send(new GetBucketTaggingCommand(input))).TagSet),
      };
    }),
  );
}

async function trails(cloudTrail: CloudTrailClient): Promise<readonly object[]> {
  const { trailList = [] } = await cloudTrail.send(new DescribeTrailsCommand());
  return Promise.all(
    trailList.map(async (trail) => {
      const TrailName = trail.TrailARN!;
      const { IsLogging } = await cloudTrail.send(new GetTrailStatusCommand({ Name: TrailName }));
      const selectors = await cloudTrail.send(new GetEventSelectorsCommand({ TrailName }));
      const { EventSelectors, AdvancedEventSelectors } = selectors;
      return { ...trail, IsLogging, EventSelectors, AdvancedEventSelectors };
    }),
  );
}

function sorted(tags: readonly object[] | undefined): readonly string[] {
  return (tags ?? []).map((tag) => JSON.stringify(tag)).sort();
}
