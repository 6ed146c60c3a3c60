import { fromIni, fromTemporaryCredentials } from "@aws-sdk/credential-providers";
import type { Account, Environment } from "../envs/types";

/** How to reach AWS. What is left out comes from the environment and files that AWS's SDK reads. */
export interface AwsAccess {
  /** @default - AWS's own endpoints */
  readonly endpoint?: string;
  /** @default - the SDK's chain */
  readonly credentials?:
    { readonly accessKeyId: string; readonly secretAccessKey: string } | CredentialProvider;
}

/** What every client of AWS's SDK takes as `credentials`; renewed before they run out. */
export type CredentialProvider = ReturnType<typeof fromTemporaryCredentials>;

/** Credentials of the role that the environment gives an account, for clients of AWS's SDK. */
export function accountCredentials(
  environment: Pick<Environment, "deployer">,
  account: Pick<Account, "region" | "roleArn" | "externalId">,
  { endpoint, credentials: masterCredentials }: AwsAccess,
): CredentialProvider {
  return fromTemporaryCredentials({
    masterCredentials,
    params: {
      RoleArn: account.roleArn,
      RoleSessionName: environment.deployer.sessionName,
      ExternalId: account.externalId,
    },
    clientConfig: { region: account.region, endpoint },
  });
}

/** Somebody else than the deployer, to read as. */
export interface ReadAs {
  /**
   * A profile of the AWS CLI's files.
   * @default - the SDK's chain
   */
  readonly profile?: string;
  /**
   * A role to assume.
   * @default - none, if there is a profile; else the deployer's in the destination's account
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
): { readonly credentials: NonNullable<AwsAccess["credentials"]>; readonly who: string } {
  const { destination } = environment;
  if (profile === undefined && roleArn === undefined) {
    return {
      credentials: accountCredentials(environment, destination, access),
      who: destination.roleArn,
    };
  }
  const { region } = destination;
  const clientConfig = { region, endpoint: access.endpoint };
  const credentials =
    profile === undefined ? access.credentials : fromIni({ profile, clientConfig });
  if (roleArn === undefined) return { credentials: credentials!, who: `the profile ${profile}` };
  const reader = { region, roleArn, externalId };
  return {
    credentials: accountCredentials(environment, reader, { ...access, credentials }),
    who: roleArn,
  };
}
