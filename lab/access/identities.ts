import { parseArn, roleArn as nameAsArn, sessionRole } from "../../cloudtrail/arn";
import type { Identity } from "./access";
import { ADMINISTRATOR, type AssumableRole } from "./assumable-roles";
import type { Caller } from "./principals";
import type { UserPolicies } from "./user-policies";

/** Callers as policies name them, with their identity policies. */
export class Identities {
  constructor(
    private readonly roles: readonly AssumableRole[],
    private readonly users: UserPolicies,
  ) {}

  /** @throws PolicyError where a user's policy cannot be evaluated */
  async of({ arn, accountId }: Caller): Promise<Identity> {
    const parsed = parseArn(arn);
    const name = sessionRole(parsed);
    if (parsed === undefined || name === undefined) {
      const isRoot = arn.endsWith(":root");
      return {
        principal: { kind: isRoot ? "root" : "user", arn, accountId },
        policies: isRoot ? [ADMINISTRATOR] : await this.users.of(arn),
      };
    }
    // A session's ARN has lost the role's path.
    const role = this.roles.find(
      ({ roleArn }) => parseArn(roleArn)?.account === accountId && roleArn.endsWith(`/${name}`),
    );
    return {
      principal: {
        kind: "assumed-role",
        arn: role?.roleArn ?? nameAsArn({ partition: parsed.partition, accountId }, name),
        sessionArn: arn,
        accountId,
      },
      policies: role === undefined ? [] : [role.policy ?? ADMINISTRATOR],
    };
  }
}
