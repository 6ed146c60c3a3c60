import { roleArn as nameAsArn } from "../../cloudtrail/arn";
import { QUERY_DEFAULTS } from "../../cloudtrail/table/log-table";
import { stackNames } from "../../envs/stack-names";
import { trailIdentity } from "../../envs/trails";
import type { Account, Environment } from "../../envs/types";
import type { PolicyDocument } from "../../iam/policy-document";
import {
  destinationDeployerPolicy,
  destinationPlanPolicy,
  type DestinationResources,
  destinationVerifierPolicy,
  destinationVerifyPolicy,
  memberDeployerPolicy,
  memberPlanPolicy,
} from "../../policies/deployer/role-policies";
import { statePolicy } from "../../policies/deployer/state-policy";
import type { TrailSelectors } from "../../policies/deployer/trail-statements";
import { callerPolicy, trustPolicy } from "../../policies/deployer/trust-policy";
import { readingRole } from "../../aws/account-access";
import { hasPlanRole } from "./plan-role";

/** What is known beside the environment. */
export interface DeployerRolesOptions {
  /**
   * ARNs of the roles or users that deploy. They may plan too.
   * @default - none are known, and no trust policies are built for the roles that deploy
   */
  readonly trusted?: readonly string[];
  /**
   * ARNs of the roles or users that only plan, where there are roles for that.
   * @default - none but those that deploy
   */
  readonly trustedToPlan?: readonly string[];
  /**
   * ARNs of the roles or users that verify with a role of its own, as `verify --role-arn` does.
   * @default - there is no such role
   */
  readonly trustedToVerify?: readonly string[];
  /**
   * The ARN of the log key that the first deploy made.
   * @default - it is not made yet
   */
  readonly keyArn?: string;
  /**
   * The ARN of the notifications' key that the first deploy made.
   * @default - it is not made yet
   */
  readonly topicKeyArn?: string;
}

/** What the roles of one account need. */
export interface AccountRoles {
  readonly account: string;
  readonly roleArn: string;
  readonly trust?: PolicyDocument;
  /** To deploy. */
  readonly deploy: PolicyDocument;
  /** The role that only reads; without one, the role that deploys. */
  readonly planRoleArn: string;
  /** @default - there is no such role, or nobody is known who plans */
  readonly planTrust?: PolicyDocument;
  /** To plan and to look for drift: settings, no log file. */
  readonly plan: PolicyDocument;
  /**
   * To verify and search logs, beside `plan`.
   * @default - of members: the files are the destination's
   */
  readonly verify?: PolicyDocument;
}

/** What access to the state needs. */
export interface StateAccess {
  readonly bucket: string;
  /** @default - whoever deploys reaches the state with their own credentials */
  readonly roleArn?: string;
  readonly trust?: PolicyDocument;
  readonly deploy: PolicyDocument;
  /** @default - whoever plans reaches the state with their own credentials */
  readonly planRoleArn?: string;
  /** @default - as of {@link AccountRoles.planTrust} */
  readonly planTrust?: PolicyDocument;
  readonly plan: PolicyDocument;
}

/** A role of the destination's account that verifies and searches logs and does nothing else. */
export interface VerifierRole {
  /** Our name for it; any other will do. */
  readonly roleArn: string;
  readonly trust: PolicyDocument;
  readonly permissions: PolicyDocument;
  /** For whoever verifies: that role, and the members' that read. */
  readonly caller: PolicyDocument;
}

/** The identity side of an environment: what the roles that deploy it need, and nothing else. */
export interface DeployerRoles {
  /** The destination's first, then the members' in the file's order. */
  readonly accounts: readonly AccountRoles[];
  /** @default - the state is not in S3 */
  readonly state?: StateAccess;
  /** For whoever deploys, in their own account. */
  readonly caller: PolicyDocument;
  /**
   * For whoever only plans.
   * @default - there are no roles for that
   */
  readonly planCaller?: PolicyDocument;
  /** @default - nobody is known who verifies with a role of its own */
  readonly verifier?: VerifierRole;
}

/**
 * The roles' documents for an environment.
 *
 * @throws Error where `trusted` or `trustedToPlan` names what is not a role or user
 */
export function deployerRoles(
  environment: Environment,
  { trusted, trustedToPlan, trustedToVerify, ...keyArns }: DeployerRolesOptions = {},
): DeployerRoles {
  const { destination, members, partition, throwaway } = environment;
  const split = hasPlanRole(environment);
  // Who verifies asks the members' trails as the roles that read there.
  const mayPlan =
    split && (trusted ?? trustedToPlan ?? trustedToVerify)
      ? [trusted, trustedToPlan, trustedToVerify].flatMap((arns) => arns ?? [])
      : undefined;
  const trust: Trust = ({ externalId }) => ({
    ...(trusted ? { trust: trustPolicy({ partition, trusted, externalId }) } : {}),
    ...(mayPlan ? { planTrust: trustPolicy({ partition, trusted: mayPlan, externalId }) } : {}),
  });
  const roles = (account: Account) => ({
    account: account.account,
    roleArn: account.roleArn,
    planRoleArn: readingRole(account),
    ...trust(account),
  });
  const resources = destinationResources(environment, keyArns);
  const accounts = [
    {
      ...roles(destination),
      deploy: destinationDeployerPolicy({ ...resources, mayDelete: throwaway }),
      plan: destinationPlanPolicy(resources),
      verify: destinationVerifyPolicy(resources),
    },
    ...members.map((member) => {
      const trail = trailIdentity(environment, member);
      return {
        ...roles(member),
        deploy: memberDeployerPolicy({
          trail,
          ...trailSelectors(member),
          mayDelete: throwaway || member.retiring,
        }),
        plan: memberPlanPolicy(trail),
      };
    }),
  ];
  const state = stateAccess(environment, trust);
  const users = [...accounts, ...(state ? [state] : [])];
  const deploying = users.flatMap(({ roleArn }) => roleArn ?? []);
  const planning = users.flatMap(({ planRoleArn }) => planRoleArn ?? []);
  return {
    accounts,
    ...(state === undefined ? {} : { state }),
    caller: callerPolicy([...new Set([...deploying, ...planning])]),
    ...(split ? { planCaller: callerPolicy(planning) } : {}),
    ...(trustedToVerify ? { verifier: verifierRole(environment, resources, trustedToVerify) } : {}),
  };
}

function verifierRole(
  { destination, members, partition }: Environment,
  resources: DestinationResources,
  trusted: readonly string[],
): VerifierRole {
  const { account, externalId } = destination;
  const roleArn = nameAsArn({ partition, accountId: account }, "central-trail-verifier");
  return {
    roleArn,
    trust: trustPolicy({ partition, trusted, externalId }),
    permissions: destinationVerifierPolicy(resources),
    caller: callerPolicy([roleArn, ...members.map(readingRole)]),
  };
}

/** The trust policies of the two roles that have an external ID in common. */
type Trust = (role: { readonly externalId?: string }) => {
  readonly trust?: PolicyDocument;
  readonly planTrust?: PolicyDocument;
};

function trailSelectors({ trail }: Account): TrailSelectors {
  return {
    selectsEvents: trail.events !== undefined,
    selectsInsights: trail.insights !== undefined,
  };
}

function destinationResources(
  environment: Environment,
  { keyArn, topicKeyArn }: Pick<DeployerRolesOptions, "keyArn" | "topicKeyArn">,
): DestinationResources {
  const { destination } = environment;
  const { encryption, notifications, objectLock, query, region } = destination;
  return {
    trail: trailIdentity(environment, destination),
    ...trailSelectors(destination),
    bucketName: destination.bucket,
    s3KeyPrefix: destination.prefix,
    accessLogBucketName: destination.accessLogBucket,
    resultsBucketName: query?.resultsBucket,
    objectLock,
    region,
    ...(encryption.type === "sse-kms" ? { key: { alias: encryption.alias, keyArn } } : {}),
    ...(encryption.type === "sse-kms-existing" ? { existingKeyArn: encryption.keyArn } : {}),
    ...(notifications ? { notifications: { ...notifications, key: { keyArn: topicKeyArn } } } : {}),
    ...(query ? { query: { ...query, table: QUERY_DEFAULTS.tableName } } : {}),
  };
}

function stateAccess(environment: Environment, trust: Trust): StateAccess | undefined {
  const { state, partition } = environment;
  if (state.backend !== "s3") return undefined;
  // One pattern for all members, exactly as long as an account ID: it must not fit the stacks of
  // an environment whose name only starts like this one's.
  const anyMember = stackNames.member(environment, { account: "?".repeat(12) });
  const stacks = [stackNames.destination(environment), stackNames.upkeep(environment), anyMember];
  const input = {
    partition,
    bucketName: state.bucket,
    stateKeys: stacks.map((stack) => `${state.keyPrefix}/${stack}.tfstate`),
    kmsKeyArn: state.kmsKeyArn,
  };
  const { roleArn, planRoleArn = roleArn } = state;
  const { trust: ofRole, planTrust } = trust(state);
  return {
    bucket: state.bucket,
    ...(roleArn === undefined ? {} : { roleArn }),
    ...(roleArn === undefined || ofRole === undefined ? {} : { trust: ofRole }),
    ...(planRoleArn === undefined ? {} : { planRoleArn }),
    ...(planRoleArn === undefined || planTrust === undefined ? {} : { planTrust }),
    deploy: statePolicy({ ...input, mayWrite: true }),
    plan: statePolicy({ ...input, mayWrite: false }),
  };
}
