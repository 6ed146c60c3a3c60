import type { PolicyDocument } from "../../iam/policy-document";
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

/** Allows everything. */
export const ADMINISTRATOR: PolicyDocument = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
};

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
