import { QUERY_DEFAULTS } from "../cloudtrail/log-table";
import { stackNames } from "../envs/stack-names";
import { trailIdentity } from "../envs/trails";
import type { Account, Environment } from "../envs/types";
import type { PolicyDocument } from "../iam/policy-document";
import {
  destinationDeployerPolicy,
  destinationPlanPolicy,
  type DestinationResources,
  memberDeployerPolicy,
  memberPlanPolicy,
} from "../policies/deployer/role-policies";
import { statePolicy } from "../policies/deployer/state-policy";
import type { TrailSelectors } from "../policies/deployer/trail-statements";
import { callerPolicy, trustPolicy } from "../policies/deployer/trust-policy";

/** What is known beside the environment. */
export interface DeployerRolesOptions {
  /**
   * ARNs of the roles or users that deploy.
   * @default - none are known, and no trust policies are built
   */
  readonly trusted?: readonly string[];
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

/** What one account's role needs. */
export interface AccountRole {
  readonly account: string;
  readonly roleArn: string;
  readonly trust?: PolicyDocument;
  /** To deploy. */
  readonly deploy: PolicyDocument;
  /** To plan: read-only. */
  readonly plan: PolicyDocument;
}

/** What access to the state needs. */
export interface StateAccess {
  readonly bucket: string;
  /** @default - whoever deploys reaches the state with their own credentials */
  readonly roleArn?: string;
  readonly trust?: PolicyDocument;
  readonly deploy: PolicyDocument;
  readonly plan: PolicyDocument;
}

/** The identity side of an environment: what the roles that deploy it need, and nothing else. */
export interface DeployerRoles {
  /** The destination's first, then the members' in the file's order. */
  readonly accounts: readonly AccountRole[];
  /** @default - the state is not in S3 */
  readonly state?: StateAccess;
  /** For whoever deploys, in their own account. */
  readonly caller: PolicyDocument;
}

/**
 * The roles' documents for an environment.
 *
 * @throws Error where `trusted` names what is no role or user
 */
export function deployerRoles(
  environment: Environment,
  { trusted, ...keyArns }: DeployerRolesOptions = {},
): DeployerRoles {
  const { destination, members, partition, throwaway } = environment;
  const trust = (externalId: string | undefined): { trust?: PolicyDocument } =>
    trusted === undefined ? {} : { trust: trustPolicy({ partition, trusted, externalId }) };
  const resources = destinationResources(environment, keyArns);
  const accounts = [
    {
      account: destination.account,
      roleArn: destination.roleArn,
      ...trust(destination.externalId),
      deploy: destinationDeployerPolicy({ ...resources, mayDelete: throwaway }),
      plan: destinationPlanPolicy(resources),
    },
    ...members.map((member) => {
      const trail = trailIdentity(environment, member);
      return {
        account: member.account,
        roleArn: member.roleArn,
        ...trust(member.externalId),
        deploy: memberDeployerPolicy({
          ...{ trail, ...trailSelectors(member) },
          mayDelete: throwaway || member.retiring,
        }),
        plan: memberPlanPolicy(trail),
      };
    }),
  ];
  const state = stateAccess(environment, trust);
  const roleArns = [...accounts.map(({ roleArn }) => roleArn), state?.roleArn];
  return {
    accounts,
    ...(state === undefined ? {} : { state }),
    caller: callerPolicy([...new Set(roleArns.filter((arn) => arn !== undefined))]),
  };
}

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
    accessLogBucketName: destination.accessLogBucket,
    resultsBucketName: query?.resultsBucket,
    objectLock,
    region,
    ...(encryption.type === "sse-kms" ? { key: { alias: encryption.alias, keyArn } } : {}),
    ...(notifications ? { notifications: { ...notifications, key: { keyArn: topicKeyArn } } } : {}),
    ...(query ? { query: { ...query, table: QUERY_DEFAULTS.tableName } } : {}),
  };
}

function stateAccess(
  environment: Environment,
  trust: (externalId: string | undefined) => { trust?: PolicyDocument },
): StateAccess | undefined {
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
  return {
    bucket: state.bucket,
    ...(state.roleArn === undefined ? {} : { roleArn: state.roleArn, ...trust(state.externalId) }),
    deploy: statePolicy({ ...input, mayWrite: true }),
    plan: statePolicy({ ...input, mayWrite: false }),
  };
}
