import type { Destination, Environment } from "../../../envs/types";
import type { PolicyDocument } from "../../../iam/policy-document";
import {
  deployerRoles,
  type DeployerRolesOptions,
} from "../../../operations/policies/deployer-roles";
import { fourAccounts } from "../../support/environment";

/** The four accounts, with a destination that has something more. */
export function environmentWith(change: Partial<Destination>, throwaway = true): Environment {
  const { destination } = fourAccounts();
  return fourAccounts({ throwaway, destination: { ...destination, ...change } });
}

/** The documents of the destination's role, and those of all members' roles. */
export function documentsOf(
  environment: Environment,
  options?: DeployerRolesOptions,
): { deploy: PolicyDocument; plan: PolicyDocument; members: PolicyDocument[] } {
  const [destination, ...members] = deployerRoles(environment, options).accounts;
  const { deploy, plan } = destination!;
  return { deploy, plan, members: members.flatMap((member) => [member.deploy, member.plan]) };
}

/** Each action that the pattern fits, with its resource. */
export function granted(document: PolicyDocument, pattern: RegExp): [string, string][] {
  return document.Statement.flatMap(({ Action, Resource }) =>
    [Action!]
      .flat()
      .filter((action) => pattern.test(action))
      .flatMap((action) => [Resource!].flat().map((arn): [string, string] => [action, arn])),
  );
}

/** The actions alone. */
export const actions = (pairs: readonly [string, string][]): string[] =>
  pairs.map(([action]) => action);
