/** What the denies take away, and from whom, said without looking at the policies. */
import {
  ADMINISTRATOR,
  administratorAsks,
  BREAK_GLASS,
  BUCKET,
  cloudTrail,
  DEPLOYER,
  FOREIGN_BUCKET,
  FOREIGN_KEY,
  KEY,
  logKey,
  MEMBER,
  OWNER,
  TRAILS,
  trailContext,
  type Row,
} from "./world";
import { put } from "./bucket";

const ROOT = `arn:aws:iam::${OWNER}:root`;
const SSE = "s3:x-amz-server-side-encryption";
const SSE_KEY = "s3:x-amz-server-side-encryption-aws-kms-key-id";
const SSE_C = "s3:x-amz-server-side-encryption-customer-algorithm";

const DELETING = [
  "s3:DeleteObject",
  "s3:DeleteObjectVersion",
  "s3:BypassGovernanceRetention",
  "s3:PutObjectRetention",
  "s3:PutObjectLegalHold",
  "s3:UpdateObjectEncryption",
];
const CHANGING = [
  "s3:PutBucketPolicy",
  "s3:DeleteBucketPolicy",
  "s3:PutBucketAcl",
  "s3:PutBucketOwnershipControls",
  "s3:PutBucketPublicAccessBlock",
  "s3:PutBucketVersioning",
  "s3:PutBucketObjectLockConfiguration",
  "s3:PutLifecycleConfiguration",
  "s3:PutEncryptionConfiguration",
  "s3:PutReplicationConfiguration",
  "s3:PutBucketRequestPayment",
  "s3:PutBucketLogging",
  "s3:DeleteBucket",
];

export function deletionRows(): Row[] {
  const object = `${BUCKET}/${logKey(MEMBER)}`;
  return [
    ...DELETING.flatMap((action) => [
      ...[ADMINISTRATOR, DEPLOYER, ROOT].map((arn) =>
        administratorAsks(arn, action, object, false),
      ),
      administratorAsks(ADMINISTRATOR, action, `${BUCKET}/elsewhere`, false),
      administratorAsks(BREAK_GLASS, action, object, true),
      administratorAsks(ADMINISTRATOR, action, `${FOREIGN_BUCKET}/x`, true),
    ]),
    administratorAsks(ADMINISTRATOR, "s3:PutObjectTagging", object, true),
  ];
}

export function changeRows(): Row[] {
  return [
    ...CHANGING.flatMap((action) => [
      ...[ADMINISTRATOR, ROOT].map((arn) => administratorAsks(arn, action, BUCKET, false)),
      ...[BREAK_GLASS, DEPLOYER].map((arn) => administratorAsks(arn, action, BUCKET, true)),
      administratorAsks(ADMINISTRATOR, action, FOREIGN_BUCKET, true),
    ]),
    administratorAsks(ADMINISTRATOR, "s3:GetBucketTagging", BUCKET, true),
  ];
}

export function keyHardeningRows(): Row[] {
  const deleting = ["kms:ScheduleKeyDeletion", "kms:DeleteImportedKeyMaterial"];
  const changing = ["kms:PutKeyPolicy", "kms:DisableKey", "kms:CreateGrant"];
  return [
    ...deleting.flatMap((action) => [
      ...[ADMINISTRATOR, DEPLOYER, ROOT].map((arn) => administratorAsks(arn, action, KEY, false)),
      administratorAsks(BREAK_GLASS, action, KEY, true),
    ]),
    ...changing.flatMap((action) => [
      administratorAsks(ADMINISTRATOR, action, KEY, false),
      ...[BREAK_GLASS, DEPLOYER, ROOT].map((arn) => administratorAsks(arn, action, KEY, true)),
    ]),
    administratorAsks(ADMINISTRATOR, "kms:DescribeKey", KEY, true),
    administratorAsks(ADMINISTRATOR, "kms:DescribeKey", FOREIGN_KEY, true),
  ];
}

/** What a put says of its encryption. */
const ENCRYPTIONS = {
  nothing: {},
  "SSE-S3": { [SSE]: "AES256" },
  "the log key": { [SSE]: "aws:kms", [SSE_KEY]: KEY },
  "another key": { [SSE]: "aws:kms", [SSE_KEY]: KEY.replace("1234abcd", "9999abcd") },
  "S3's own key": { [SSE]: "aws:kms" },
  "two layers": { [SSE]: "aws:kms:dsse", [SSE_KEY]: KEY },
  "a customer's key": { [SSE_C]: "AES256" },
} as const;

/** Where, and which of the above may be put there: with a log key, and without one. */
const PLACES: readonly {
  readonly key: string;
  readonly byCloudTrail: boolean;
  readonly withKey: readonly (keyof typeof ENCRYPTIONS)[];
}[] = [
  { key: logKey(MEMBER), byCloudTrail: true, withKey: ["nothing", "the log key"] },
  ...["CloudTrail-Insight", "CloudTrail-NetworkActivity", "CloudTrail-Aggregated"].map(
    (kind) =>
      ({
        key: logKey(MEMBER, kind),
        byCloudTrail: true,
        withKey: ["nothing", "the log key"],
      }) as const,
  ),
  // Digests were encrypted with SSE-S3 for years, and AWS still asks to let that through.
  {
    key: logKey(MEMBER, "CloudTrail-Digest"),
    byCloudTrail: true,
    withKey: ["nothing", "SSE-S3", "the log key"],
  },
  // The empty objects that mark folders.
  {
    key: `org/AWSLogs/${MEMBER}/CloudTrail/`,
    byCloudTrail: true,
    withKey: ["nothing", "SSE-S3", "the log key"],
  },
  { key: "elsewhere", byCloudTrail: false, withKey: ["nothing", "SSE-S3", "the log key"] },
];

export function encryptionRows(withKey: boolean): Row[] {
  const encryptions = Object.entries(ENCRYPTIONS) as [
    keyof typeof ENCRYPTIONS,
    Record<string, string>,
  ][];
  const rows = encryptions.flatMap(([what, context]) =>
    PLACES.flatMap(({ key, byCloudTrail, withKey: takes }): Row[] => {
      const allowed = withKey ? takes.includes(what) : ["nothing", "SSE-S3"].includes(what);
      return [
        administratorAsks(ADMINISTRATOR, "s3:PutObject", `${BUCKET}/${key}`, allowed, context),
        {
          what: `CloudTrail writes ${key} with ${what}`,
          request: put(cloudTrail, `${BUCKET}/${key}`, {
            ...trailContext(TRAILS[1]!),
            "s3:x-amz-acl": "bucket-owner-full-control",
            ...context,
          }),
          allowed: allowed && byCloudTrail,
        },
        // Only puts, and only in this bucket.
        administratorAsks(ADMINISTRATOR, "s3:PutObjectTagging", `${BUCKET}/${key}`, true, context),
        administratorAsks(ADMINISTRATOR, "s3:PutObject", `${FOREIGN_BUCKET}/${key}`, true, context),
      ];
    }),
  );
  return rows;
}
