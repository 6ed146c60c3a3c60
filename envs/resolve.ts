import { isArn, parseArn, roleArn } from "../cloudtrail/arn";
import { partitionOfRegion, type Partition } from "../cloudtrail/regions";
import type { EnvironmentFile } from "./schema/schema";
import { ALL_ACCOUNTS } from "./schema/reader-schema";
import { DEFAULT_TRAIL } from "./schema/trail-schema";
import type { OwnStatements } from "../policies/documents/own-statements";
import type { Hardening } from "../policies/hardening/hardening-options";
import type { LogReader } from "../policies/readers/readers";
import type { Account, Encryption, Environment, Query } from "./types";

/** A valid file as an environment: defaults merged, role names turned into ARNs. */
export function resolveEnvironment(name: string, file: EnvironmentFile): Environment {
  const { destination, members, trail, deployer } = file;
  const partition = partitionOfRegion(destination.region);
  const resolve = (entry: EnvironmentFile["members"][number] | typeof destination): Account => ({
    account: entry.account,
    name: entry.name ?? entry.account,
    region: entry.region,
    roleArn: roleArnOf(entry.role ?? deployer.role, partition, entry.account),
    ...optional("planRoleArn", planRoleArn(entry, deployer, partition)),
    ...optional("externalId", entry.externalId ?? deployer.externalId),
    trail: { ...DEFAULT_TRAIL, ...trail, ...entry.trail },
  });
  return {
    name,
    partition,
    throwaway: file.throwaway,
    destination: {
      ...resolve(destination),
      bucket: destination.bucket,
      ...optional("prefix", destination.prefix),
      encryption: encryption(destination.encryption, name),
      ...optional("retention", destination.retention),
      ...optional("accessLogBucket", destination.accessLogBucket),
      ...optional("bucketPolicyShape", destination.bucketPolicyShape),
      ...optional("keyPolicyShape", destination.keyPolicyShape),
      ...optional("topicPolicyShape", destination.topicPolicyShape),
      ...optional("organizationId", destination.organizationId),
      ...optional("servicePrincipal", destination.servicePrincipal),
      ...optional("readers", destination.readers?.map(resolveReader)),
      ...optional("hardening", hardening(destination, partition)),
      ...optional("objectLock", destination.objectLock),
      ...optional("notifications", destination.notifications),
      // The rules have read them as what they are.
      ...optional("statements", destination.statements as OwnStatements | undefined),
      ...optional("query", query(destination.query, name)),
      policyWaitSeconds: destination.policyWaitSeconds,
    },
    members: members.map((member) => ({ ...resolve(member), retiring: member.retiring })),
    deployer,
    state: file.state,
    tags: file.tags,
    ...optional("awsProviderVersion", file.awsProviderVersion),
    ...optional("endpoint", file.endpoint),
    ...optional("acknowledgements", file.acknowledgements),
  };
}

/** No key at all where there is no value, so that `in` and equality tell the truth. */
function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: V });
}

type FileReader = NonNullable<EnvironmentFile["destination"]["readers"]>[number];

function encryption(given: EnvironmentFile["destination"]["encryption"], name: string): Encryption {
  return given.type === "sse-kms"
    ? { ...given, alias: given.alias ?? `central-trail-${name}` }
    : given;
}

function query(given: EnvironmentFile["destination"]["query"], name: string): Query | undefined {
  return (
    given && {
      ...given,
      database: given.database ?? `central_trail_${name.replaceAll("-", "_")}`,
      workgroup: given.workgroup ?? `central-trail-${name}`,
    }
  );
}

function resolveReader({ accounts, ...reader }: FileReader): LogReader {
  return { ...reader, accounts: accounts.includes(ALL_ACCOUNTS) ? ALL_ACCOUNTS : accounts };
}

function hardening(
  { account, hardening: given }: EnvironmentFile["destination"],
  partition: Partition,
): Hardening | undefined {
  if (given === undefined) return undefined;
  const { breakGlassRole: role, ...denies } = given;
  return {
    ...denies,
    ...optional(
      "breakGlassRoleArn",
      role === undefined ? undefined : roleArnOf(role, partition, account),
    ),
  };
}

function planRoleArn(
  entry: Pick<EnvironmentFile["destination"], "account" | "planRole">,
  deployer: EnvironmentFile["deployer"],
  partition: Partition,
): string | undefined {
  const role = entry.planRole ?? deployer.planRole;
  return role === undefined ? undefined : roleArnOf(role, partition, entry.account);
}

/**
 * A role as its account knows it, `role/path/name`, whether it is written as a name or as an ARN.
 */
export function roleResource(role: string): string {
  return parseArn(role)?.resource ?? `role/${role}`;
}

/** A role's ARN, whether it is written as a name or as an ARN. */
export function roleArnOf(role: string, partition: Partition, accountId: string): string {
  return isArn(role) ? role : roleArn({ partition, accountId }, role);
}
