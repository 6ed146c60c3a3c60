import { accountFolder } from "../../cloudtrail/files/log-layout";
import type { Partition } from "../../cloudtrail/regions";
import type { PolicyDocument, Statement } from "../../iam/policy-document";
import { bucketArn, parseArn } from "../../cloudtrail/arn";
import { TRAIL_CONTEXT, trailPatterns } from "../../cloudtrail/service/encryption-context";

/** Somebody who may read the logs of some accounts, and nobody else's. */
export interface LogReader {
  /**
   * What the statements are called after: letters, digits and hyphens, a letter first.
   * `security-team`.
   */
  readonly name: string;
  /**
   * ARNs of IAM roles and users, of any account of the partition. They have to exist when the
   * policies are applied.
   */
  readonly principals: readonly string[];
  /**
   * Whose logs: account IDs, each with a listed trail; or "all", those of accounts to come
   * included.
   */
  readonly accounts: readonly string[] | "all";
}

/** What readers' statements for the bucket follow from. */
export interface ReaderBucketInput {
  /** The bucket's partition. */
  readonly partition: Partition;
  /** The bucket's name. */
  readonly bucketName: string;
  /**
   * The part of every log file's key before `AWSLogs/`.
   * @default - none
   */
  readonly s3KeyPrefix?: string;
  /**
   * The readers.
   * @default - none
   */
  readonly readers?: readonly LogReader[];
}

/** What readers' statements for the key follow from. */
export type ReaderKeyInput = Pick<ReaderBucketInput, "partition" | "readers">;

/** What reading a bucket takes, by what can be limited to a folder. */
export const READING = {
  list: ["s3:ListBucket", "s3:ListBucketVersions"],
  get: ["s3:GetObject", "s3:GetObjectVersion"],
} as const;

/**
 * The bucket policy's statements for readers: each lists and gets below its accounts' folders
 * alone. GetBucketLocation, which `aws cloudtrail validate-logs` asks for, has no prefix to be
 * limited by.
 */
export function bucketStatementsForReaders(input: ReaderBucketInput): Statement[] {
  const { readers = [] } = input;
  if (readers.length === 0) return [];
  return [
    {
      Sid: "ReadersGetBucketLocation",
      Effect: "Allow",
      Principal: { AWS: [...new Set(readers.flatMap(({ principals }) => principals))] },
      Action: "s3:GetBucketLocation",
      Resource: bucketArn(input),
    },
    ...readers.flatMap((reader) =>
      bucketAccess(reader, input).map((access) => ({
        ...access,
        Sid: `${access.Sid}${sidOf(reader)}`,
        Principal: { AWS: reader.principals },
      })),
    ),
  ];
}

/**
 * The key policy's statements for readers: each decrypts what is encrypted for its accounts'
 * trails.
 *
 * With an S3 Bucket Key, S3 asks KMS once for a reader and many objects, so the limit to accounts
 * is then the bucket policy's alone.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
 */
export function keyStatementsForReaders({ partition, readers = [] }: ReaderKeyInput): Statement[] {
  return readers.map((reader) => ({
    ...decryption(reader, partition, "*"),
    Sid: `ReaderDecrypt${sidOf(reader)}`,
    Principal: { AWS: reader.principals },
  }));
}

/**
 * The policy that a reader's principals need in their own account, where that is not the
 * destination's: across accounts both sides have to allow it.
 *
 * @param kmsKeyArn the log key's ARN; undefined with SSE-S3
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
 */
export function readerIdentityPolicy(
  reader: LogReader,
  input: Omit<ReaderBucketInput, "readers">,
  kmsKeyArn?: string,
): PolicyDocument {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "GetBucketLocation",
        Effect: "Allow",
        Action: "s3:GetBucketLocation",
        Resource: bucketArn(input),
      },
      ...bucketAccess(reader, input),
      ...(kmsKeyArn === undefined
        ? []
        : [{ ...decryption(reader, input.partition, kmsKeyArn), Sid: "ReaderDecrypt" }]),
    ],
  };
}

/** Whether the reader has principals of other accounts, which need {@link readerIdentityPolicy}. */
export function needsIdentityPolicy(
  { principals }: LogReader,
  destinationAccountId: string,
): boolean {
  return principals.some((arn) => parseArn(arn)?.account !== destinationAccountId);
}

/** The reader's name as the end of a Sid: `security-team` → `SecurityTeam`. */
export function sidOf({ name }: LogReader): string {
  return name
    .split("-")
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join("");
}

/** The patterns of the keys that a reader may read. */
export function readableKeys(
  { accounts }: LogReader,
  { s3KeyPrefix }: Pick<ReaderBucketInput, "s3KeyPrefix">,
): string[] {
  const folders = accounts === "all" ? ["*"] : accounts;
  return folders.map((accountId) => `${accountFolder(accountId, s3KeyPrefix)}*`);
}

/** The patterns of the trail ARNs that a reader may decrypt with. */
export function readableTrails({ accounts }: LogReader, partition: Partition): string[] {
  return trailPatterns(accounts === "all" ? ["*"] : accounts, partition);
}

function bucketAccess(reader: LogReader, input: Omit<ReaderBucketInput, "readers">): Statement[] {
  const keys = readableKeys(reader, input);
  return [
    {
      Sid: "ReaderList",
      Effect: "Allow",
      Action: READING.list,
      Resource: bucketArn(input),
      Condition: { StringLike: { "s3:prefix": keys } },
    },
    {
      Sid: "ReaderGet",
      Effect: "Allow",
      Action: READING.get,
      Resource: keys.map((key) => `${bucketArn(input)}/${key}`),
    },
  ];
}

function decryption(reader: LogReader, partition: Partition, Resource: string): Statement {
  return {
    Effect: "Allow",
    Action: "kms:Decrypt",
    Resource,
    Condition: { StringLike: { [TRAIL_CONTEXT]: readableTrails(reader, partition) } },
  };
}
