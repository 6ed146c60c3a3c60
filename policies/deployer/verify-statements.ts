import { accountFolder } from "../../cloudtrail/files/log-layout";
import type { Partition } from "../../cloudtrail/regions";
import type { Statement } from "../../iam/policy-document";
import { bucketArn } from "../../cloudtrail/arn";
import { TRAIL_CONTEXT, trailPatterns } from "../../cloudtrail/service/encryption-context";

/** The log files of a bucket. */
export interface LogFiles {
  /** The bucket's partition. */
  readonly partition: Partition;
  /** The bucket's name. */
  readonly bucketName: string;
  /**
   * The part of every file's key before `AWSLogs/`.
   * @default - none
   */
  readonly s3KeyPrefix?: string;
  /**
   * The ARN of the KMS key that they are encrypted with, or a pattern for it.
   * @default - SSE-S3
   */
  readonly keyArn?: string;
}

/**
 * Reading log and digest files of all accounts. Listing them is among what a plan needs of a
 * bucket. The key decrypts what CloudTrail encrypted for a trail, and nothing else.
 */
export function readLogFiles(files: LogFiles): Statement[] {
  const { partition, s3KeyPrefix, keyArn } = files;
  return [
    {
      Sid: "ReadLogFiles",
      Effect: "Allow",
      Action: "s3:GetObject",
      Resource: `${bucketArn(files)}/${accountFolder("*", s3KeyPrefix)}*`,
    },
    ...(keyArn === undefined
      ? []
      : [
          {
            Sid: "DecryptLogFiles",
            Effect: "Allow",
            Action: "kms:Decrypt",
            Resource: keyArn,
            Condition: { StringLike: { [TRAIL_CONTEXT]: trailPatterns(["*"], partition) } },
          } as const,
        ]),
  ];
}

/** Finding them, for a role that has nothing of what plans need. */
export function findLogFiles(files: LogFiles): Statement {
  return {
    Sid: "FindLogFiles",
    Effect: "Allow",
    Action: "s3:ListBucket",
    Resource: bucketArn(files),
  };
}

/**
 * The public keys that digest files are signed with. ListPublicKeys knows no resources, and is
 * asked in every region that has files, whichever these are.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudtrail.html
 */
export function findPublicKeys(): Statement {
  return {
    Sid: "FindPublicKeys",
    Effect: "Allow",
    Action: "cloudtrail:ListPublicKeys",
    Resource: "*",
  };
}
