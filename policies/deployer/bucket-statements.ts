import type { Partition } from "../../cloudtrail/regions";
import type { Statement } from "../../iam/policy-document";
import { bucketArn } from "../../cloudtrail/arn";
import { inRegion } from "./in-region";
import type { ObjectLock } from "../hardening/object-lock";

/** The buckets that a destination's deployer looks after. */
export interface DeployedBuckets {
  /** The partition of the buckets. */
  readonly partition: Partition;
  /** The bucket that the trails deliver to. */
  readonly bucketName: string;
  /**
   * The bucket for its access logs.
   * @default - none is made
   */
  readonly accessLogBucketName?: string;
  /**
   * The bucket for the results of queries.
   * @default - none is made
   */
  readonly resultsBucketName?: string;
  /**
   * The lock of the bucket that the trails deliver to.
   * @default - it is not locked
   */
  readonly objectLock?: Pick<ObjectLock, "mode">;
}

/**
 * What Terraform reads of the buckets. It asks for every setting that it knows, in use or not.
 * HeadBucket is `s3:ListBucket`, which shows the names of the objects too; no object can be read.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
export function readBuckets(buckets: DeployedBuckets): Statement {
  return {
    Sid: "ReadBuckets",
    Effect: "Allow",
    Action: [
      "s3:GetAccelerateConfiguration",
      "s3:GetBucketAcl",
      "s3:GetBucketCORS",
      "s3:GetBucketLogging",
      "s3:GetBucketObjectLockConfiguration",
      "s3:GetBucketOwnershipControls",
      "s3:GetBucketPolicy",
      "s3:GetBucketPublicAccessBlock",
      "s3:GetBucketRequestPayment",
      "s3:GetBucketTagging",
      "s3:GetBucketVersioning",
      "s3:GetBucketWebsite",
      "s3:GetEncryptionConfiguration",
      "s3:GetLifecycleConfiguration",
      "s3:GetReplicationConfiguration",
      "s3:ListBucket",
    ],
    Resource: bucketArns(buckets),
  };
}

/**
 * What is shown of a bucket that is in no state, before it is taken up, and Terraform does not
 * read.
 */
export function readNotificationsOf(buckets: DeployedBuckets): Statement {
  return {
    Sid: "ReadBucketNotifications",
    Effect: "Allow",
    Action: "s3:GetBucketNotification",
    Resource: bucketArns(buckets),
  };
}

/**
 * What `drift` asks of the buckets, and Terraform does not where no resource has it.
 * ListAccessPoints knows no resources.
 *
 * @param region the buckets'
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
export function askForBuckets(buckets: DeployedBuckets, region: string): Statement[] {
  return [
    {
      Sid: "AskForBuckets",
      Effect: "Allow",
      Action: ["s3:GetBucketNotification", "s3:GetInventoryConfiguration"],
      Resource: bucketArns(buckets),
    },
    {
      Sid: "FindAccessPoints",
      Effect: "Allow",
      Action: "s3:ListAccessPoints",
      Resource: "*",
      Condition: inRegion(region),
    },
  ];
}

/**
 * What Terraform needs to make and change the buckets.
 *
 * @param mayDelete also to delete them with all that is in them
 */
export function changeBuckets(buckets: DeployedBuckets, mayDelete: boolean): Statement[] {
  const arns = bucketArns(buckets);
  const { objectLock, partition, resultsBucketName } = buckets;
  return [
    {
      Sid: "ChangeBuckets",
      Effect: "Allow",
      Action: [
        "s3:CreateBucket",
        "s3:PutBucketOwnershipControls",
        "s3:PutBucketPolicy",
        "s3:PutBucketPublicAccessBlock",
        "s3:PutBucketTagging",
        "s3:PutBucketVersioning",
        "s3:PutEncryptionConfiguration",
      ],
      Resource: arns,
    },
    {
      Sid: "KeepLogBucket",
      Effect: "Allow",
      Action: [
        "s3:PutBucketLogging",
        ...(objectLock ? ["s3:PutBucketObjectLockConfiguration"] : []),
        "s3:PutLifecycleConfiguration",
      ],
      Resource: arns[0],
    },
    ...(resultsBucketName === undefined
      ? []
      : [
          {
            Sid: "KeepResultsBucket",
            Effect: "Allow",
            Action: "s3:PutLifecycleConfiguration",
            Resource: bucketArn({ partition, bucketName: resultsBucketName }),
          } as const,
        ]),
    ...(mayDelete
      ? ([
          {
            Sid: "DeleteBuckets",
            Effect: "Allow",
            Action: ["s3:DeleteBucket", "s3:DeleteBucketPolicy", "s3:ListBucketVersions"],
            Resource: arns,
          },
          {
            Sid: "EmptyBuckets",
            Effect: "Allow",
            Action: ["s3:DeleteObject", "s3:DeleteObjectVersion"],
            Resource: arns.map((arn) => `${arn}/*`),
          },
        ] as const)
      : []),
    // Nobody gets past the mode COMPLIANCE.
    ...(mayDelete && objectLock?.mode === "GOVERNANCE"
      ? [
          {
            Sid: "BypassLock",
            Effect: "Allow",
            Action: "s3:BypassGovernanceRetention",
            Resource: `${arns[0]}/*`,
          } as const,
        ]
      : []),
  ];
}

function bucketArns({
  partition,
  bucketName,
  accessLogBucketName,
  resultsBucketName,
}: DeployedBuckets): string[] {
  return [bucketName, accessLogBucketName, resultsBucketName].flatMap((name) =>
    name === undefined ? [] : bucketArn({ partition, bucketName: name }),
  );
}
