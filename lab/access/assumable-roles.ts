import { parseArn, roleArn as nameAsArn, sessionRole } from "../../cloudtrail/arn";
import type { PolicyDocument } from "../../iam/policy-document";
import type { Identity } from "./access";
import type { Caller } from "./principals";
import { ServiceError } from "../gateway/service-error";

/** A role that AssumeRole works for. */
export interface AssumableRole {
  /** `arn:aws:iam::111111111111:role/name` */
  readonly roleArn: string;
  /**
   * The external ID that the caller has to give.
   *
   * @default - none is asked for
   */
  readonly externalId?: string;
  /**
   * What its identity policies allow it.
   *
   * @default - everything: it is an administrator of its account
   */
  readonly policy?: PolicyDocument;
}

const ADMINISTRATOR: PolicyDocument = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
};

/**
 * The caller as policies name it, with its identity policy. Whoever is no role of the list, like the
 * operator, is an administrator of its account.
 */
export function identityOf(roles: readonly AssumableRole[], { arn, accountId }: Caller): Identity {
  const parsed = parseArn(arn);
  const name = sessionRole(parsed);
  if (parsed === undefined || name === undefined)
    return {
      principal: { kind: arn.endsWith(":root") ? "root" : "user", arn, accountId },
      policy: ADMINISTRATOR,
    };
  // A session's ARN has lost the role's path.
  const role = roles.find(
    ({ roleArn }) => parseArn(roleArn)?.account === accountId && roleArn.endsWith(`/${name}`),
  );
  return {
    principal: {
      kind: "assumed-role",
      arn: role?.roleArn ?? nameAsArn({ partition: parsed.partition, accountId }, name),
      sessionArn: arn,
      accountId,
    },
    policy: role?.policy ?? ADMINISTRATOR,
  };
}

/**
 * The trust policies of the local AWS, in short: whoever has valid credentials may assume a role in
 * the list, with its external ID where it has one.
 *
 * @throws ServiceError AccessDenied, which does not tell a wrong external ID from an unknown role
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html
 */
export function checkAssumeRole(
  roles: readonly AssumableRole[],
  caller: Caller,
  parameters: Readonly<Record<string, unknown>>,
): void {
  const roleArn = parameters["RoleArn"];
  const role = roles.find((candidate) => candidate.roleArn === roleArn);
  if (role && (role.externalId === undefined || role.externalId === parameters["ExternalId"]))
    return;
  throw new ServiceError(
    "AccessDenied",
    `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${String(roleArn)}`,
    403,
  );
}
