import { ENCRYPTION, ENCRYPTION_KEY } from "../../cloudtrail/service/calls";
import { LOG_FOLDERS } from "../../cloudtrail/files/log-folders";
import { accountFolder } from "../../cloudtrail/files/log-layout";
import type { OneOrMany, Statement } from "../../iam/policy-document";
import { bucketArn, rootArn } from "../../cloudtrail/arn";
import { TRAIL_CONTEXT } from "../../cloudtrail/service/encryption-context";
import type { LogBucketPolicyInput, LogKeyPolicyInput } from "../documents/inputs";
import { READING, readableKeys, readableTrails, sidOf, type LogReader } from "../readers/readers";
import type { Hardening } from "./hardening-options";

/** What ends a log file's life, on objects. */
const DELETING = [
  "s3:DeleteObject",
  "s3:DeleteObjectVersion",
  "s3:BypassGovernanceRetention",
  "s3:PutObjectRetention",
  "s3:PutObjectLegalHold",
  "s3:UpdateObjectEncryption",
];

/** What the logs' safety hangs on, on the bucket. */
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

/**
 * Every action that gives an object's content, its versions' and replication's included, and what
 * describes it.
 */
const GETTING = "s3:GetObject*";

const SSE_C = `${ENCRYPTION}-customer-algorithm`;

/**
 * The bucket policy's denies.
 *
 * @throws Error where a role is missing that a deny has to spare
 */
export function bucketHardening(input: LogBucketPolicyInput): Statement[] {
  const { hardening = {}, readers = [] } = input;
  const bucket = bucketArn(input);
  const objects = `${bucket}/*`;
  const spare = sparing(hardening);
  return [
    ...(hardening.denyOtherEncryption ? otherEncryption(input, bucket) : []),
    ...(hardening.denyLogDeletion
      ? [deny("DenyLogDeletion", DELETING, objects, spare("breakGlassRoleArn"))]
      : []),
    ...(hardening.denyPolicyChange
      ? [deny("DenyPolicyChange", CHANGING, bucket, spare("breakGlassRoleArn", "deployerRoleArn"))]
      : []),
    ...(hardening.readersOnly
      ? [
          deny("DenyReading", GETTING, objects, spare("breakGlassRoleArn", readers)),
          deny(
            "DenyListing",
            READING.list,
            bucket,
            spare(
              "breakGlassRoleArn",
              "deployerRoleArn",
              ...(hardening.planRoleArn === undefined ? [] : (["planRoleArn"] as const)),
              readers,
            ),
          ),
          ...readers.flatMap((reader) => otherLogsInBucket(reader, input, bucket)),
        ]
      : []),
  ];
}

/**
 * The key policy's denies. The account's root user may always change the policy: if both roles were
 * gone, nobody could fix it, and the safety check of KMS looks at the caller alone.
 *
 * @throws Error where a role is missing that a deny has to spare
 */
export function keyHardening(input: LogKeyPolicyInput): Statement[] {
  const { hardening = {}, readers = [], partition } = input;
  const spare = sparing(hardening);
  const people = { Bool: { "aws:PrincipalIsAWSService": "false" } };
  return [
    ...(hardening.denyLogDeletion
      ? [
          deny(
            "DenyKeyDeletion",
            ["kms:ScheduleKeyDeletion", "kms:DeleteImportedKeyMaterial"],
            "*",
            spare("breakGlassRoleArn"),
          ),
        ]
      : []),
    ...(hardening.denyPolicyChange
      ? [
          deny(
            "DenyPolicyChange",
            ["kms:PutKeyPolicy", "kms:DisableKey", "kms:CreateGrant"],
            "*",
            spare("breakGlassRoleArn", "deployerRoleArn", [{ principals: [rootArn(input)] }]),
          ),
        ]
      : []),
    ...(hardening.readersOnly
      ? [
          deny("DenyDecryption", ["kms:Decrypt", "kms:ReEncryptFrom"], "*", {
            ...spare("breakGlassRoleArn", readers),
            // CloudTrail decrypts where the bucket has an S3 Bucket Key.
            ...people,
          }),
          ...readers.flatMap((reader): Statement[] =>
            reader.accounts === "all"
              ? []
              : [
                  {
                    Sid: `DenyOtherLogs${sidOf(reader)}`,
                    Effect: "Deny",
                    Principal: { AWS: reader.principals },
                    Action: "kms:Decrypt",
                    Resource: "*",
                    Condition: {
                      StringNotLike: { [TRAIL_CONTEXT]: readableTrails(reader, partition) },
                    },
                  },
                ],
          ),
        ]
      : []),
  ];
}

/**
 * A put that names no encryption gets the bucket's, so each Deny asks first that the request
 * names one: under a bare StringNotEquals a missing header counts as different. AWS asks to let
 * both aws:kms and AES256 through, or no trail with log file validation can be made; only what lies
 * in the folders of log files has to have the key, and digest files not.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html
 */
function otherEncryption(input: LogBucketPolicyInput, bucket: string): Statement[] {
  const { kmsKeyArn, s3KeyPrefix } = input;
  const put = (Sid: string, Resource: OneOrMany<string>, Condition: Statement["Condition"]) =>
    ({ Sid, Effect: "Deny", Principal: "*", Action: "s3:PutObject", Resource, Condition }) as const;
  const named = { Null: { [ENCRYPTION]: "false" } };
  const objects = `${bucket}/*`;
  const account = `${bucket}/${accountFolder("*", s3KeyPrefix)}`;
  return [
    put("DenyOtherEncryption", objects, {
      StringNotEquals: { [ENCRYPTION]: kmsKeyArn === undefined ? "AES256" : ["aws:kms", "AES256"] },
      ...named,
    }),
    put("DenyCustomerKeys", objects, { Null: { [SSE_C]: "false" } }),
    ...(kmsKeyArn === undefined
      ? []
      : [
          put(
            "DenyLogsWithoutKey",
            LOG_FOLDERS.map((folder) => `${account}${folder}/?*`),
            {
              StringNotEquals: { [ENCRYPTION]: "aws:kms" },
              ...named,
            },
          ),
          // Without a key's name S3 takes its own key aws/s3, which readers cannot use.
          put("DenyOtherKeys", objects, {
            StringEquals: { [ENCRYPTION]: "aws:kms" },
            StringNotEquals: { [ENCRYPTION_KEY]: kmsKeyArn },
          }),
        ]),
  ];
}

/**
 * A reader may have rights by its own account's policies: this holds it to its accounts all the
 * same.
 */
function otherLogsInBucket(
  reader: LogReader,
  input: LogBucketPolicyInput,
  bucket: string,
): Statement[] {
  if (reader.accounts === "all") return [];
  const keys = readableKeys(reader, input);
  const common = { Effect: "Deny", Principal: { AWS: reader.principals } } as const;
  return [
    {
      Sid: `DenyOtherLogs${sidOf(reader)}`,
      ...common,
      Action: GETTING,
      NotResource: keys.map((key) => `${bucket}/${key}`),
    },
    {
      Sid: `DenyOtherListing${sidOf(reader)}`,
      ...common,
      Action: READING.list,
      Resource: bucket,
      Condition: { StringNotLike: { "s3:prefix": keys } },
    },
  ];
}

function deny(
  Sid: string,
  Action: OneOrMany<string>,
  Resource: string,
  Condition: Statement["Condition"],
): Statement {
  return { Sid, Effect: "Deny", Principal: "*", Action, Resource, Condition };
}

type Spared =
  | "breakGlassRoleArn"
  | "deployerRoleArn"
  | "planRoleArn"
  | readonly { readonly principals: readonly string[] }[];

/**
 * The condition under which a Deny holds: for everyone but these. aws:PrincipalArn is a role's ARN
 * in each of its sessions.
 */
function sparing(
  hardening: Hardening,
): (...spared: Spared[]) => NonNullable<Statement["Condition"]> {
  return (...spared) => {
    const arns = spared.flatMap((one) => {
      if (typeof one !== "string") return one.flatMap(({ principals }) => principals);
      const arn = hardening[one];
      if (arn === undefined)
        throw new Error(`The hardening spares a role whose ARN is missing: give ${one}.`);
      return [arn];
    });
    return { ArnNotEquals: { "aws:PrincipalArn": [...new Set(arns)] } };
  };
}
