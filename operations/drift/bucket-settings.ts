import {
  GetBucketAccelerateConfigurationCommand,
  GetBucketAclCommand,
  GetBucketCorsCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketReplicationCommand,
  GetBucketRequestPaymentCommand,
  GetBucketWebsiteCommand,
  GetObjectLockConfigurationCommand,
  type InventoryConfiguration,
  ListBucketInventoryConfigurationsCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import {
  type AccessPoint,
  paginateListAccessPoints,
  type S3ControlClient,
} from "@aws-sdk/client-s3-control";
import type { IsOwned } from "../../review/owned-attributes";

/** S3 as the destination account's role reads it. */
export interface BucketClients {
  readonly s3: S3Client;
  /** Access points have an API of their own. */
  readonly control: S3ControlClient;
}

/** The bucket that is asked about, and whose it has to be. */
export interface AskedBucket {
  readonly Bucket: string;
  /** Another account's bucket of the same name answers nothing. */
  readonly ExpectedBucketOwner: string;
}

/** One thing that can be set on a bucket. */
export interface BucketSetting {
  /** What one of them is called, in a sentence. */
  readonly what: string;
  /**
   * The type of the Terraform resource that holds it: where a state has one, Terraform compares it.
   */
  readonly owner: string;
  /** What is set, item by item, as AWS says it; nothing where all is as on a bucket just made. */
  readonly ask: (clients: BucketClients, bucket: AskedBucket) => Promise<readonly unknown[]>;
}

/**
 * What can be set on a bucket and copies, deletes, shows or announces objects. What every bucket of
 * ours declares is not here, since Terraform compares it: policy, versioning, encryption,
 * ownership, the public access block, tags.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
 */
const SETTINGS: readonly BucketSetting[] = [
  {
    what: "lifecycle rule",
    owner: "aws_s3_bucket_lifecycle_configuration",
    ask: ({ s3 }, bucket) =>
      unless("NoSuchLifecycleConfiguration", async () => {
        const { Rules } = await s3.send(new GetBucketLifecycleConfigurationCommand(bucket));
        return Rules;
      }),
  },
  {
    what: "replication",
    owner: "aws_s3_bucket_replication_configuration",
    ask: ({ s3 }, bucket) =>
      unless("ReplicationConfigurationNotFoundError", async () => {
        const answer = await s3.send(new GetBucketReplicationCommand(bucket));
        return answer.ReplicationConfiguration?.Rules;
      }),
  },
  {
    what: "event notification",
    owner: "aws_s3_bucket_notification",
    ask: async ({ s3 }, bucket) => {
      const answer = await s3.send(new GetBucketNotificationConfigurationCommand(bucket));
      return [
        ...(answer.TopicConfigurations ?? []),
        ...(answer.QueueConfigurations ?? []),
        ...(answer.LambdaFunctionConfigurations ?? []),
        ...(answer.EventBridgeConfiguration ? [{ EventBridge: true }] : []),
      ];
    },
  },
  {
    what: "inventory",
    owner: "aws_s3_bucket_inventory",
    ask: ({ s3 }, bucket) => inventories(s3, bucket),
  },
  {
    what: "grant of its ACL",
    owner: "aws_s3_bucket_acl",
    ask: async ({ s3 }, bucket) => {
      const { Owner, Grants = [] } = await s3.send(new GetBucketAclCommand(bucket));
      return Grants.filter(
        ({ Grantee, Permission }) =>
          Permission !== "FULL_CONTROL" || Grantee?.ID === undefined || Grantee.ID !== Owner?.ID,
      );
    },
  },
  {
    what: "CORS rule",
    owner: "aws_s3_bucket_cors_configuration",
    ask: ({ s3 }, bucket) =>
      unless("NoSuchCORSConfiguration", async () => {
        const { CORSRules } = await s3.send(new GetBucketCorsCommand(bucket));
        return CORSRules;
      }),
  },
  {
    what: "website",
    owner: "aws_s3_bucket_website_configuration",
    ask: ({ s3 }, bucket) =>
      unless("NoSuchWebsiteConfiguration", async () => {
        const { $metadata, ...website } = await s3.send(new GetBucketWebsiteCommand(bucket));
        return $metadata.httpStatusCode === 200 ? [website] : [];
      }),
  },
  {
    what: "payer of requests",
    owner: "aws_s3_bucket_request_payment_configuration",
    ask: async ({ s3 }, bucket) => {
      const { Payer } = await s3.send(new GetBucketRequestPaymentCommand(bucket));
      return Payer === "Requester" ? [Payer] : [];
    },
  },
  {
    what: "transfer acceleration",
    owner: "aws_s3_bucket_accelerate_configuration",
    ask: async ({ s3 }, bucket) => {
      const { Status } = await s3.send(new GetBucketAccelerateConfigurationCommand(bucket));
      return Status === "Enabled" ? [Status] : [];
    },
  },
  {
    what: "target of access logs",
    owner: "aws_s3_bucket_logging",
    ask: async ({ s3 }, bucket) => {
      const { LoggingEnabled } = await s3.send(new GetBucketLoggingCommand(bucket));
      return LoggingEnabled ? [LoggingEnabled] : [];
    },
  },
  {
    what: "Object Lock",
    owner: "aws_s3_bucket_object_lock_configuration",
    ask: ({ s3 }, bucket) =>
      unless("ObjectLockConfigurationNotFoundError", async () => {
        const answer = await s3.send(new GetObjectLockConfigurationCommand(bucket));
        return [answer.ObjectLockConfiguration];
      }),
  },
  {
    what: "access point",
    owner: "aws_s3_access_point",
    ask: async ({ control }, { Bucket, ExpectedBucketOwner: AccountId }) => {
      const found: AccessPoint[] = [];
      const pages = paginateListAccessPoints({ client: control }, { AccountId, Bucket });
      for await (const { AccessPointList = [] } of pages) found.push(...AccessPointList);
      return found;
    },
  },
];

/** The settings of a bucket that no Terraform resource holds, and so nobody compares. */
export function unownedSettings(bucket: string, isOwned: IsOwned): readonly BucketSetting[] {
  return SETTINGS.filter(({ owner }) => !isOwned(bucket, owner));
}

async function inventories(s3: S3Client, bucket: AskedBucket): Promise<InventoryConfiguration[]> {
  const found: InventoryConfiguration[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.send(
      new ListBucketInventoryConfigurationsCommand({ ...bucket, ContinuationToken }),
    );
    found.push(...(page.InventoryConfigurationList ?? []));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  return found;
}

/** What is set; nothing where S3 answers that there is no such configuration. */
async function unless<T>(
  absence: string,
  ask: () => Promise<readonly T[] | undefined>,
): Promise<readonly T[]> {
  try {
    return (await ask()) ?? [];
  } catch (error) {
    if (error instanceof Error && error.name === absence) return [];
    throw error;
  }
}
