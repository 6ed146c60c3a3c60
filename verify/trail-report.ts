import { CloudTrailServiceException } from "@aws-sdk/client-cloudtrail";
import { trailArn } from "../cloudtrail/trails/trail-identity";
import { trailIdentity } from "../envs/trails";
import type { Account, Environment } from "../envs/types";
import type { AwsAccess } from "../aws/account-access";
import { AccountTrails } from "./account-trails";
import { expectedKey, type ExpectedKey } from "./encryption";
import { settingsFindings, statusFindings } from "./trail-findings";

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

/**
 * Asks each account's CloudTrail, with the account's role, for the trail that the environment gives
 * it. Nothing is read from Terraform's state.
 */
export async function reportTrails(
  environment: Environment,
  access: AwsAccess,
): Promise<readonly TrailReport[]> {
  const accounts = [environment.destination, ...environment.members.filter((m) => !m.retiring)];
  const trails = new AccountTrails(environment, access, accounts);
  try {
    const [destination, ...members] = accounts;
    const first = await reportTrail(environment, destination!, trails, {});
    const key = expectedKey(environment.destination.encryption, first.kmsKeyId);
    const others = members.map((member) => reportTrail(environment, member, trails, { key }));
    return [first, ...(await Promise.all(others))];
  } finally {
    trails.destroy();
  }
}

/** @param expected the key; of the destination's own trail it is the key that it has */
async function reportTrail(
  environment: Environment,
  account: Account,
  trails: AccountTrails,
  expected: { readonly key?: ExpectedKey },
): Promise<TrailReport> {
  const arn = trailArn(trailIdentity(environment, account));
  const known = { accountId: account.account, accountName: account.name, trailArn: arn };
  const { destination } = environment;
  const { logFileValidation } = account.trail;
  try {
    const trail = await trails.trail(account, arn);
    const status = await trails.status(account, arn, account.region);
    const key = expected.key ?? expectedKey(destination.encryption, trail.KmsKeyId);
    const findings = [
      ...settingsFindings(trail, { destination, key, logFileValidation }),
      ...statusFindings(status),
    ];
    return {
      ...known,
      exists: true,
      isLogging: status.IsLogging ?? false,
      s3BucketName: trail.S3BucketName,
      s3KeyPrefix: trail.S3KeyPrefix,
      kmsKeyId: trail.KmsKeyId,
      problems: findings.map(({ text }) => text),
    };
  } catch (error) {
    if (error instanceof CloudTrailServiceException && error.name === "TrailNotFoundException") {
      return { ...known, exists: false, problems: ["AWS knows no such trail."] };
    }
    throw error;
  }
}
