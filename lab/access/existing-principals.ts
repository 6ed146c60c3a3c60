import { parseArn } from "../../cloudtrail/arn";
import { isAccountId } from "../../cloudtrail/names";
import type { PolicyDocument, PrincipalElement } from "../../iam/policy-document";
import type { AssumableRole } from "./assumable-roles";
import type { MotoIam } from "./moto-iam";

/** Who there is beside the roles that can be assumed. */
export interface OtherPrincipals {
  readonly accountIds: readonly string[];
  /** Roles and users, by their ARNs. */
  readonly arns: readonly string[];
}

/**
 * Who exists: a resource's policy may name nobody else. Accounts are those that have a role or a
 * principal here; roles and users are the ones that the local AWS was started with, and those that
 * IAM has made. Of sessions and federated users the account alone is looked at.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export class ExistingPrincipals {
  constructor(
    private readonly roles: readonly AssumableRole[],
    private readonly others: OtherPrincipals,
    private readonly iam: MotoIam,
  ) {}

  /** The names in a policy's Principal and NotPrincipal elements that nobody has. */
  async missingIn(policy: PolicyDocument): Promise<readonly string[]> {
    const names = new Set(
      policy.Statement.flatMap(({ Principal, NotPrincipal }) => [
        ...named(Principal),
        ...named(NotPrincipal),
      ]),
    );
    const missing: string[] = [];
    for (const name of names) if (!(await this.#exists(name))) missing.push(name);
    return missing;
  }

  async #exists(name: string): Promise<boolean> {
    if (isAccountId(name)) return this.#hasAccount(name);
    const arn = parseArn(name);
    // A unique ID is what is left of somebody who was deleted.
    if (arn === undefined || arn.region !== "" || !["iam", "sts"].includes(arn.service))
      return false;
    const { service, account: accountId, resource } = arn;
    if (accountId === "cloudfront") return true;
    if (service === "sts" || resource === "root") return this.#hasAccount(accountId);
    const isGiven =
      this.others.arns.includes(name) || this.roles.some(({ roleArn }) => roleArn === name);
    return isGiven || this.#isInIam(name, accountId, resource);
  }

  #hasAccount(accountId: string): boolean {
    const arns = [...this.roles.map(({ roleArn }) => roleArn), ...this.others.arns];
    return (
      this.others.accountIds.includes(accountId) ||
      arns.some((arn) => parseArn(arn)?.account === accountId)
    );
  }

  async #isInIam(arn: string, accountId: string, resource: string): Promise<boolean> {
    const kind = resource.startsWith("role/") ? "Role" : "User";
    const name = resource.slice(resource.lastIndexOf("/") + 1);
    const answer = await this.iam
      .call(accountId, `Get${kind}`, { [`${kind}Name`]: name })
      .catch(unlessMissing);
    return answer.includes(`<Arn>${arn}</Arn>`);
  }
}

function unlessMissing(error: unknown): string {
  if (error instanceof Error && error.message.includes("NoSuchEntity")) return "";
  throw error;
}

function named(element: PrincipalElement | undefined): readonly string[] {
  if (element === undefined || element === "*") return [];
  return [element.AWS ?? []].flat().filter((name) => name !== "*");
}
