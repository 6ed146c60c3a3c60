import { CloudTrailServiceException, GetTrailCommand } from "@aws-sdk/client-cloudtrail";
import { cloudTrailClient } from "../../aws/clients";
import { parseTrailArn, type TrailIdentity } from "../../cloudtrail/trails/trail-identity";
import { roleArnOf } from "../../envs/resolve";
import type { Environment } from "../../envs/types";
import { type AwsAccess, roleCredentials } from "../../aws/account-access";
import type { TrailShown } from "../../review/guards/finding";
import type { GatePlan } from "./gate-plan";

/**
 * Asks the API for the trails that the destination's plan no longer lets in: by the role for
 * reading that the environment gives every account, since the environment file no longer has
 * theirs.
 *
 * @returns by account ID; nothing of accounts whose trails stay
 */
export async function leavingTrailsShown(
  environment: Environment,
  { applied, planned }: GatePlan,
  access: AwsAccess,
): Promise<ReadonlyMap<string, TrailShown>> {
  const leaving = [...(applied?.trails ?? [])].filter((arn) => !planned?.trails.has(arn));
  const trails = leaving.flatMap((arn) => parseTrailArn(arn) ?? []);
  const shown = await Promise.all(trails.map((trail) => trailShown(environment, trail, access)));
  return new Map(trails.map(({ accountId }, index) => [accountId, shown[index]!]));
}

/**
 * The accounts that were retiring in the version that is applied: as its environment file says, or
 * else those whose trail went while the policies still let it in, which is what retiring does.
 *
 * @param shown from {@link leavingTrailsShown}
 * @param applied the environment of that version, where it is known
 */
export function retiringBefore(
  shown: ReadonlyMap<string, TrailShown>,
  applied?: Environment,
): string[] {
  return applied === undefined
    ? [...shown].filter(([, trail]) => trail === "gone").map(([account]) => account)
    : applied.members.filter(({ retiring }) => retiring).map(({ account }) => account);
}

async function trailShown(
  environment: Environment,
  { partition, accountId, homeRegion: region, name }: TrailIdentity,
  access: AwsAccess,
): Promise<TrailShown> {
  const { role, planRole = role, externalId } = environment.deployer;
  const client = cloudTrailClient({
    region,
    endpoint: access.endpoint,
    credentials: roleCredentials(
      environment,
      { region, roleArn: roleArnOf(planRole, partition, accountId), externalId },
      access,
    ),
  });
  try {
    await client.send(new GetTrailCommand({ Name: name }));
    return "shown";
  } catch (error) {
    return error instanceof CloudTrailServiceException && error.name === "TrailNotFoundException"
      ? "gone"
      : "could not ask";
  } finally {
    client.destroy();
  }
}
