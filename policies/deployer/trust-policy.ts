import type { Partition } from "../../cloudtrail/regions";
import type { PolicyDocument } from "../../iam/policy-document";
import { principalProblem } from "../readers/principal-problem";

/** What the trust policy of a deployer's role follows from. */
export interface TrustPolicyInput {
  /** The partition of the role's account. */
  readonly partition: Partition;
  /**
   * The ARNs of the roles or users that may assume the role: no accounts, so that each is named.
   */
  readonly trusted: readonly string[];
  /**
   * The external ID that they have to give.
   * @default - none is asked for
   */
  readonly externalId?: string;
}

/**
 * Who may assume a deployer's role: the named principals, with the external ID.
 *
 * @throws Error where nobody is named, or a name is not the ARN of one role or user
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html
 */
export function trustPolicy({ partition, trusted, externalId }: TrustPolicyInput): PolicyDocument {
  const problems = trusted.flatMap((arn) => {
    const problem = principalProblem(arn, partition);
    return problem === undefined ? [] : [`${JSON.stringify(arn)} ${problem}.`];
  });
  if (trusted.length === 0) problems.push("Nobody is named: give the ARN of who deploys.");
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "NamedPrincipals",
        Effect: "Allow",
        Principal: { AWS: trusted },
        Action: "sts:AssumeRole",
        ...(externalId === undefined
          ? {}
          : { Condition: { StringEquals: { "sts:ExternalId": externalId } } }),
      },
    ],
  };
}

/**
 * What whoever deploys needs in their own account: to assume the roles. Across accounts the trust
 * policy alone is not enough.
 *
 * @param roleArns the roles, at least one
 */
export function callerPolicy(roleArns: readonly string[]): PolicyDocument {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "AssumeDeployerRoles",
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Resource: roleArns,
      },
    ],
  };
}
