import { partitionOfRegion, type Partition } from "../cloudtrail/regions";
import { DEFAULT_TRAIL, type EnvironmentFile } from "./schema";
import type { Account, Encryption, Environment } from "./types";

/** A valid file as an environment: defaults merged, role names turned into ARNs. */
export function resolveEnvironment(name: string, file: EnvironmentFile): Environment {
  const { destination, members, trail, deployer } = file;
  const partition = partitionOfRegion(destination.region);
  const resolve = (entry: EnvironmentFile["members"][number] | typeof destination): Account => ({
    account: entry.account,
    name: entry.name ?? entry.account,
    region: entry.region,
    roleArn: roleArn(entry.role ?? deployer.role, partition, entry.account),
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
      policyWaitSeconds: destination.policyWaitSeconds,
    },
    members: members.map((member) => ({ ...resolve(member), retiring: member.retiring })),
    deployer,
    state: file.state,
    tags: file.tags,
    ...optional("awsProviderVersion", file.awsProviderVersion),
    ...optional("endpoint", file.endpoint),
  };
}

/** No key at all where there is no value, so that `in` and equality tell the truth. */
function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: V });
}

function encryption(given: EnvironmentFile["destination"]["encryption"], name: string): Encryption {
  return given.type === "sse-kms"
    ? { ...given, alias: given.alias ?? `central-trail-${name}` }
    : given;
}

function roleArn(role: string, partition: Partition, account: string): string {
  return role.startsWith("arn:") ? role : `arn:${partition}:iam::${account}:role/${role}`;
}
