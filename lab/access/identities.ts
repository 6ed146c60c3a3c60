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
    const [, partition, name] =
      /^arn:([^:]+):sts::\d{12}:assumed-role\/([^/]+)\/.+$/.exec(arn) ?? [];
    if (name === undefined) {
      const isRoot = arn.endsWith(":root");
      return {
        principal: { kind: isRoot ? "root" : "user", arn, accountId },
        policies: isRoot ? [ADMINISTRATOR] : await this.users.of(arn),
      };
    }
    // A session's ARN has lost the role's path.
    const role = this.roles.find(
      ({ roleArn }) => roleArn.split(":")[4] === accountId && roleArn.endsWith(`/${name}`),
    );
    return {
      principal: {
        kind: "assumed-role",
        arn: role?.roleArn ?? `arn:${partition}:iam::${accountId}:role/${name}`,
        sessionArn: arn,
        accountId,
      },
      policies: role === undefined ? [] : [role.policy ?? ADMINISTRATOR],
    };
  }
}
