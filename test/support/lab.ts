import { type AssumableRole, type LocalAws, type LocalAwsOptions, startLocalAws } from "../../lab";
import { type Answer, type AwsCredentials, Boto3 } from "./boto3";

// A Python server that starts on a busy machine takes its time.
jest.setTimeout(60_000);

export const REGION = "us-east-1";
export const EXTERNAL_ID = "test-external-id";
export const ROLE_NAME = "deployer";

const ACCOUNTS = Array.from({ length: 60 }, (_, index) => String(100_000_000_001 + index));

/** One account of the local AWS, seen through boto3 with an assumed role's credentials. */
export class Account {
  constructor(
    readonly id: string,
    readonly credentials: AwsCredentials,
    private readonly boto3: Boto3,
    private readonly region = REGION,
  ) {}

  call(service: string, operation: string, parameters: object = {}): Promise<Answer> {
    return this.boto3.call(this.credentials, this.region, service, operation, parameters);
  }

  cloudTrail(operation: string, parameters: object = {}): Promise<Answer> {
    return this.call("cloudtrail", operation, parameters);
  }

  /** The same account's view of another region. */
  in(region: string): Account {
    return new Account(this.id, this.credentials, this.boto3, region);
  }

  trailArn(name: string): string {
    return `arn:aws:cloudtrail:${this.region}:${this.id}:trail/${name}`;
  }
}

/** A local AWS with boto3 at hand. */
export interface Lab {
  readonly aws: LocalAws;
  readonly boto3: Boto3;
  /** The account that roles are assumed from. */
  readonly operator: Account;
  /** An account that no other test of this lab has touched. */
  account(): Promise<Account>;
  /** The account of a role that the lab was started with, seen with the role's credentials. */
  assume(roleArn: string): Promise<Account>;
  /** A name that no other test of this lab has used. */
  name(start: string): string;
  stop(): Promise<void>;
}

export async function startLab(
  options: Pick<
    LocalAwsOptions,
    "policyDelaySeconds" | "now" | "regions" | "redaction" | "onRecord"
  > & {
    /** Beside the one role that each account has. */
    readonly roles?: readonly AssumableRole[];
  } = {},
): Promise<Lab> {
  const { roles = [], ...others } = options;
  const deployers = ACCOUNTS.map((id) => ({ roleArn: roleArn(id), externalId: EXTERNAL_ID }));
  const aws = await startLocalAws({
    roles: [...deployers, ...roles],
    moto: { command: "moto_server", env: process.env },
    ...others,
  });
  const boto3 = new Boto3(aws.endpoint);
  const operator = new Account("999999999999", aws.credentials, boto3);
  const free = [...ACCOUNTS];
  let names = 0;
  return {
    aws,
    boto3,
    operator,
    account: async () => {
      const id = free.shift()!;
      return new Account(id, await assumeRole(operator, roleArn(id)), boto3);
    },
    assume: async (arn) => new Account(arn.split(":")[4]!, await assumeRole(operator, arn), boto3),
    name: (start) => `${start}-${++names}`,
    stop: async () => {
      await boto3.stop();
      await aws.stop();
    },
  };
}

export function roleArn(accountId: string): string {
  return `arn:aws:iam::${accountId}:role/${ROLE_NAME}`;
}

async function assumeRole(operator: Account, RoleArn: string): Promise<AwsCredentials> {
  const { Credentials } = await operator.call("sts", "assume_role", {
    RoleArn,
    RoleSessionName: "test",
    ExternalId: EXTERNAL_ID,
  });
  const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials as Record<string, string>;
  return {
    accessKeyId: AccessKeyId!,
    secretAccessKey: SecretAccessKey!,
    sessionToken: SessionToken!,
  };
}

/** AWS's documented bucket policy for trails of several accounts. */
export function documentedBucketPolicy(
  bucket: string,
  trailArns: readonly string[],
  prefix = "",
): { Version: string; Statement: Record<string, unknown>[] } {
  const Principal = { Service: "cloudtrail.amazonaws.com" };
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "AWSCloudTrailAclCheck20131101",
        Effect: "Allow",
        Principal,
        Action: "s3:GetBucketAcl",
        Resource: `arn:aws:s3:::${bucket}`,
        Condition: { StringEquals: { "aws:SourceArn": trailArns } },
      },
      {
        Sid: "AWSCloudTrailWrite20131101",
        Effect: "Allow",
        Principal,
        Action: "s3:PutObject",
        Resource: trailArns.map(
          (arn) => `arn:aws:s3:::${bucket}/${prefix}AWSLogs/${arn.split(":")[4]}/*`,
        ),
        Condition: {
          StringEquals: {
            "aws:SourceArn": trailArns,
            "s3:x-amz-acl": "bucket-owner-full-control",
          },
        },
      },
    ],
  };
}

/** A bucket with a policy; by default the documented one for the trails given. */
export async function makeBucket(
  owner: Account,
  bucket: string,
  trailArns: readonly string[] = [],
  policy: object = documentedBucketPolicy(bucket, trailArns),
): Promise<void> {
  await owner.call("s3", "create_bucket", { Bucket: bucket });
  if (trailArns.length > 0)
    await owner.call("s3", "put_bucket_policy", { Bucket: bucket, Policy: JSON.stringify(policy) });
}
