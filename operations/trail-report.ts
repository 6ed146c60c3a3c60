import {
  CloudTrailClient,
  CloudTrailServiceException,
  GetTrailCommand,
  GetTrailStatusCommand,
} from "@aws-sdk/client-cloudtrail";
import { fromTemporaryCredentials } from "@aws-sdk/credential-providers";
import { trailArn } from "../cloudtrail/trail-identity";
import { trailIdentity } from "../envs/trails";
import type { Account, Environment } from "../envs/types";

/** What AWS says of the trail of one account. */
export interface TrailReport {
  /** Twelve digits. */
  readonly accountId: string;
  /** The account's name in the environment file. */
  readonly accountName: string;
  /** The ARN that the environment gives the trail. */
  readonly trailArn: string;
  /** Whether AWS knows the trail. */
  readonly exists: boolean;
  /** @default - AWS knows no such trail */
  readonly isLogging?: boolean;
  /** @default - AWS knows no such trail */
  readonly s3BucketName?: string;
  /** @default - no prefix */
  readonly s3KeyPrefix?: string;
  /** @default - SSE-S3 */
  readonly kmsKeyId?: string;
  /** What is not as the environment says: a sentence each; none where all is well. */
  readonly problems: readonly string[];
}

/** How to reach AWS. What is left out comes from the environment and files that AWS's SDK reads. */
export interface AwsAccess {
  /** @default - AWS's own endpoints */
  readonly endpoint?: string;
  /** @default - the SDK's chain */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/**
 * Asks each account's CloudTrail, with the account's role, for the trail that the environment gives
 * it. Nothing is read from Terraform's state.
 */
export async function reportTrails(
  environment: Environment,
  access: AwsAccess,
): Promise<readonly TrailReport[]> {
  const accounts = [environment.destination, ...environment.members.filter((m) => !m.retiring)];
  const [destination, ...members] = await Promise.all(
    accounts.map((account) => reportTrail(environment, account, access)),
  );
  // Every trail has to use the one key that the destination's trail uses.
  const key = destination!.kmsKeyId;
  return [
    destination!,
    ...members.map((member) =>
      !member.exists || member.kmsKeyId === key
        ? member
        : {
            ...member,
            problems: [
              ...member.problems,
              `It uses the key ${member.kmsKeyId ?? "(none)"}, not the destination's ${key ?? "(none)"}.`,
            ],
          },
    ),
  ];
}

async function reportTrail(
  environment: Environment,
  account: Account,
  access: AwsAccess,
): Promise<TrailReport> {
  const arn = trailArn(trailIdentity(environment, account));
  const known = { accountId: account.account, accountName: account.name, trailArn: arn };
  const { region } = account;
  const { endpoint, credentials: masterCredentials } = access;
  const cloudTrail = new CloudTrailClient({
    region,
    endpoint,
    credentials: fromTemporaryCredentials({
      masterCredentials,
      params: {
        RoleArn: account.roleArn,
        RoleSessionName: environment.deployer.sessionName,
        ExternalId: account.externalId,
      },
      clientConfig: { region, endpoint },
    }),
  });
  try {
    const { Trail: trail = {} } = await cloudTrail.send(new GetTrailCommand({ Name: arn }));
    const { IsLogging: isLogging } = await cloudTrail.send(
      new GetTrailStatusCommand({ Name: arn }),
    );
    const report = {
      ...known,
      exists: true,
      isLogging: isLogging ?? false,
      s3BucketName: trail.S3BucketName,
      s3KeyPrefix: trail.S3KeyPrefix,
      kmsKeyId: trail.KmsKeyId,
    };
    return { ...report, problems: differences(report, environment) };
  } catch (error) {
    if (error instanceof CloudTrailServiceException && error.name === "TrailNotFoundException") {
      return { ...known, exists: false, problems: ["AWS knows no such trail."] };
    }
    throw error;
  } finally {
    cloudTrail.destroy();
  }
}

function differences(report: Omit<TrailReport, "problems">, environment: Environment): string[] {
  const { bucket, prefix, encryption } = environment.destination;
  return [
    ...(report.isLogging ? [] : ["It is not logging."]),
    ...(report.s3BucketName === bucket
      ? []
      : [`It delivers to the bucket ${report.s3BucketName}, not to ${bucket}.`]),
    ...(report.s3KeyPrefix === prefix
      ? []
      : [`Its prefix is ${report.s3KeyPrefix ?? "(none)"}, not ${prefix ?? "(none)"}.`]),
    ...((report.kmsKeyId === undefined) === (encryption.type === "sse-s3")
      ? []
      : [`It is encrypted with ${report.kmsKeyId ?? "SSE-S3"}, which is not ${encryption.type}.`]),
  ];
}
