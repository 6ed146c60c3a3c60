import { parseArn, regionalArn } from "../arn";
import { accountIdProblem, trailNameProblem } from "../names";
import { isPartition, isRegionName, type Partition, partitionOfRegion } from "../regions";

/**
 * What names a trail before it exists: its ARN follows from configuration alone, so that every
 * policy can name exact trails with no dependency on the trails themselves.
 */
export interface TrailIdentity {
  /** The partition of account and region. */
  readonly partition: Partition;
  /** The region that the trail is made in; a multi-region trail has one ARN, with this region. */
  readonly homeRegion: string;
  /** Twelve digits. */
  readonly accountId: string;
  /** The trail's name. */
  readonly name: string;
}

/** What {@link trailIdentities} makes identities from. */
export interface TrailIdentitiesInput<AccountIds extends readonly string[] = readonly string[]> {
  /**
   * The partition of all accounts.
   * @default - the partition of `homeRegion`
   */
  readonly partition?: Partition;
  /** The region that the trails are made in. */
  readonly homeRegion: string;
  /** The trails' name, the same in every account. */
  readonly name: string;
  /** The accounts, twelve digits each. */
  readonly accountIds: AccountIds;
}

/**
 * The identities of trails that have one name and one home region, one for each account in the
 * order given: `const [own, ...members] = trailIdentities({ homeRegion, name, accountIds:
 * ["111111111111", …] })`.
 *
 * @throws Error where the name or an account ID is not one that AWS takes, with all that is wrong
 */
export function trailIdentities<const AccountIds extends readonly string[]>({
  homeRegion,
  partition = partitionOfRegion(homeRegion),
  name,
  accountIds,
}: TrailIdentitiesInput<AccountIds>): { readonly [Index in keyof AccountIds]: TrailIdentity } {
  const problems = [
    ...said("name", name, trailNameProblem(name)),
    ...accountIds.flatMap((accountId, index) =>
      said(`accountIds[${index}]`, accountId, accountIdProblem(accountId)),
    ),
  ];
  if (problems.length > 0) throw new Error(problems.join("\n"));
  // TypeScript knows of no map that keeps a tuple's length.
  return accountIds.map((accountId) => ({
    partition,
    homeRegion,
    accountId,
    name,
  })) as unknown as { readonly [Index in keyof AccountIds]: TrailIdentity };
}

function said(prop: string, value: string, problem: string | undefined): string[] {
  return problem === undefined
    ? []
    : [`trailIdentities: ${prop} ${JSON.stringify(value)} ${problem}.`];
}

/** `arn:aws:cloudtrail:us-east-1:111111111111:trail/name` */
export function trailArn(trail: TrailIdentity): string {
  const { homeRegion: region, name } = trail;
  return regionalArn({ ...trail, region }, "cloudtrail", `trail/${name}`);
}

/**
 * The reverse of {@link trailArn}; undefined where the text is not a trail's ARN, or one of a
 * partition that is not known. The name is taken as it stands.
 */
export function parseTrailArn(arn: string): TrailIdentity | undefined {
  const parsed = parseArn(arn);
  if (parsed?.service !== "cloudtrail" || !isPartition(parsed.partition)) return undefined;
  const { partition, region: homeRegion, account: accountId, resource } = parsed;
  if (!resource.startsWith("trail/")) return undefined;
  const name = resource.slice("trail/".length);
  const isTrail = isRegionName(homeRegion) && !accountIdProblem(accountId) && name !== "";
  return isTrail ? { partition, homeRegion, accountId, name } : undefined;
}
