import type { Environment } from "../../envs/types";
import { type AssumableRole, type LocalAws, type LocalAwsOptions, startLocalAws } from "../../lab";
import type { LocalAwsAccess } from "../terraform/child-environment";
import type { Tool } from "../terraform/requirements";

/** A local AWS that has an environment's roles. */
export interface EnvironmentAws {
  readonly aws: LocalAws;
  /** How cdktf, Terraform and the AWS CLI reach it. */
  readonly access: LocalAwsAccess;
}

/**
 * Starts a local AWS in which the roles that an environment names can be assumed, with their
 * external IDs, and no others.
 */
export async function startEnvironmentAws(
  environment: Environment,
  moto: Tool,
  options: Omit<LocalAwsOptions, "roles" | "moto"> = {},
): Promise<EnvironmentAws> {
  const { destination, members } = environment;
  const accountIds = [destination, ...members].map(({ account }) => account);
  const aws = await startLocalAws({
    ...(destination.organizationId === undefined
      ? {}
      : { organization: { id: destination.organizationId, accountIds } }),
    servicePrincipal: destination.servicePrincipal,
    ...options,
    roles: environmentRoles(environment),
    // A deploy needs them to exist.
    principals: (destination.readers ?? []).flatMap(({ principals }) => principals),
    moto: { command: moto.command, env: withoutAws(process.env) },
  });
  const { endpoint, credentials } = aws;
  return { aws, access: { endpoint, ...credentials, region: destination.region } };
}

/** Every role that a deploy or a plan of the environment assumes. */
export function environmentRoles({
  destination,
  members,
  state,
}: Environment): readonly AssumableRole[] {
  const users = [destination, ...members, ...(state.backend === "s3" ? [state] : [])];
  return users.flatMap(({ roleArn, planRoleArn, externalId }) =>
    [roleArn, planRoleArn].flatMap((arn) =>
      arn === undefined ? [] : [{ roleArn: arn, externalId }],
    ),
  );
}

/** moto has no use for the user's own AWS configuration, and must not meet it. */
function withoutAws(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("AWS_")));
}
