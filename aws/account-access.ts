import {
  type ClientOptions,
  type CredentialProvider,
  type Credentials,
  profileProvider,
  roleProvider,
} from "./clients";
import type { Account, Environment } from "../envs/types";

/** How to reach AWS. What is left out comes from the environment and files that AWS's SDK reads. */
export interface AwsAccess {
  /** @default - AWS's own endpoints */
  readonly endpoint?: string;
  /** @default - the SDK's chain */
  readonly credentials?: Credentials;
}

/**
 * Credentials of the role that reads in an account, for clients of AWS's SDK: that for plans, where
 * the environment has one.
 */
export function accountCredentials(
  environment: Pick<Environment, "deployer">,
  account: Pick<Account, "region" | "roleArn" | "planRoleArn" | "externalId">,
  access: AwsAccess,
): CredentialProvider {
  return roleCredentials(environment, { ...account, roleArn: readingRole(account) }, access);
}

/** For clients in the destination's account and region, with the role that reads there. */
export function destinationClient(
  environment: Pick<Environment, "deployer" | "destination">,
  access: AwsAccess,
): ClientOptions {
  const { destination } = environment;
  const { region } = destination;
  const credentials = accountCredentials(environment, destination, access);
  return { region, endpoint: access.endpoint, credentials };
}

/** The ARN of the role that reads in an account. */
export function readingRole({
  planRoleArn,
  roleArn,
}: Pick<Account, "roleArn" | "planRoleArn">): string {
  return planRoleArn ?? roleArn;
}

/** Credentials of one role, for clients of AWS's SDK. */
export function roleCredentials(
  { deployer }: Pick<Environment, "deployer">,
  { region, roleArn, externalId }: Pick<Account, "region" | "roleArn" | "externalId">,
  access: AwsAccess,
): CredentialProvider {
  const { sessionName } = deployer;
  return roleProvider({ roleArn, sessionName, externalId }, { region, ...access });
}

/** Somebody else than the environment's own role, to read as. */
export interface ReadAs {
  /**
   * A profile of the AWS CLI's files.
   * @default - the SDK's chain
   */
  readonly profile?: string;
  /**
   * A role to assume.
   * @default - none, if there is a profile; else the one that reads in the destination's account
   */
  readonly roleArn?: string;
  /** @default - none */
  readonly externalId?: string;
}

/** Credentials to read the log bucket with, and whose they are, for people. */
export function readerCredentials(
  environment: Pick<Environment, "deployer" | "destination">,
  { profile, roleArn, externalId }: ReadAs,
  access: AwsAccess,
): { readonly credentials: Credentials; readonly who: string } {
  const { destination } = environment;
  if (profile === undefined && roleArn === undefined) {
    return {
      credentials: accountCredentials(environment, destination, access),
      who: readingRole(destination),
    };
  }
  const { region } = destination;
  const credentials =
    profile === undefined
      ? access.credentials
      : profileProvider(profile, { region, endpoint: access.endpoint });
  if (roleArn === undefined) return { credentials: credentials!, who: `the profile ${profile}` };
  const reader = { region, roleArn, externalId };
  return {
    credentials: roleCredentials(environment, reader, { ...access, credentials }),
    who: roleArn,
  };
}
