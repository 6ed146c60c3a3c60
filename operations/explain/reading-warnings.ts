import { roleArn } from "../../cloudtrail/arn";
import { trailIdentity } from "../../envs/trails";
import type { Account, Environment } from "../../envs/types";
import { readingRole } from "../../aws/account-access";
import { accountOf, principalOf, unnamedRole } from "../../policies/principals";
import { type Operation, PolicedResources, reading } from "./requests";
import { EVERYTHING, statementOf } from "./who";
import { readerLine } from "../../envs/reader-line";

/**
 * Where a deploy would leave logs that a verb or a service of this environment can't read, whatever
 * policies the roles have of their own: sentences with what to write, none where all can be read.
 * By evaluating the policies, as the role that reads. A key that somebody else made has a policy
 * that nobody sees here, so nothing is said of it.
 *
 * @param environment one whose policies can be built
 */
export function readingWarnings(environment: Environment): string[] {
  const resources = new PolicedResources(environment);
  return [...ownRole(environment, resources), ...services(environment, resources)];
}

/** The role of `verify` and `events`. */
function ownRole(environment: Environment, resources: PolicedResources): string[] {
  const { destination } = environment;
  const role = readingRole(destination);
  const told = toldApart(environment);
  const kept = told.filter((account) => keptFrom(environment, resources, role, account));
  if (kept.length === 0) return [];
  const whose =
    kept.length === told.length
      ? "no log file"
      : `no log file of ${kept.map(({ account }) => account).join(", ")}`;
  const by = keptFrom(environment, resources, role, kept[0]!);
  const isPlanRole = destination.planRoleArn !== undefined;
  return [
    `verify and events read as ${role}, and can read ${whose}: ${by}. ` +
      (isPlanRole
        ? `To let it read, write under destination.readers: ${readerLine("verify", role)}`
        : `The role that deploys can't be a reader. To have one that reads, write deployer.planRole, the name of a role of each account, and that role of ${destination.account} under destination.readers, with accounts: [all]`) +
      `; or give verify and events another reader's role with --role-arn.`,
  ];
}

/** Athena, which reads with the rights of whoever asks, and who learns of new files. */
function services(environment: Environment, resources: PolicedResources): string[] {
  const { destination, partition } = environment;
  const { query, notifications, readers = [], account: owner } = destination;
  const wanted = [
    ...(query === undefined
      ? []
      : [["query", "Athena reads with the rights of whoever asks"] as const]),
    ...(notifications?.queueName === undefined
      ? []
      : [
          [
            "notifications",
            "who takes messages from the queue reads the files that they name",
          ] as const,
        ]),
  ];
  const anyone = unnamedRole({ partition, accountId: owner });
  const principals = [anyone, ...readers.flatMap((reader) => reader.principals)];
  const mayRead = principals
    .filter((arn) => accountOf(arn) === owner)
    .some((arn) =>
      toldApart(environment).some((account) => !keptFrom(environment, resources, arn, account)),
    );
  if (mayRead) return [];
  return wanted.map(
    ([setting, why]) =>
      `destination.${setting}: ${why}, and of ${owner} nobody may read a log file but the break-glass role. ` +
      `Write a role of ${owner} under destination.readers: ${readerLine("analysts", roleArn({ partition, accountId: owner }, "<name>"))}.`,
  );
}

/**
 * What keeps a principal with all rights of its own account from an account's logs; undefined where
 * nothing does.
 */
function keptFrom(
  environment: Environment,
  resources: PolicedResources,
  arn: string,
  account: Account,
): string | undefined {
  const trail = trailIdentity(environment, account);
  const list: Operation = {
    target: "bucket",
    action: "s3:ListBucket",
    resource: resources.bucketArn,
    context: {
      "aws:SecureTransport": "true",
      "s3:prefix": resources.keyInFolder(account.account),
    },
  };
  const { operations } = reading(resources, trail);
  for (const operation of [list, ...operations]) {
    if (resources.policyOf(operation.target) === undefined) continue;
    const { decision, decidedBy } = resources.decide(principalOf(arn), operation, [EVERYTHING]);
    if (decision !== "allowed") {
      const by = decidedBy && `${statementOf(operation.target, decidedBy)} denies`;
      return `${by ?? `nothing in the ${operation.target} policy allows`} ${operation.action}`;
    }
  }
  return undefined;
}

/**
 * An account of each kind that the policies can tell apart: each that a reader names, and one of
 * the others.
 */
function toldApart({ destination, members }: Environment): readonly Account[] {
  const named = new Set(
    (destination.readers ?? []).flatMap(({ accounts }) => (accounts === "all" ? [] : accounts)),
  );
  const all = [destination, ...members];
  const other = all.find(({ account }) => !named.has(account));
  return [...all.filter(({ account }) => named.has(account)), ...(other ? [other] : [])];
}
