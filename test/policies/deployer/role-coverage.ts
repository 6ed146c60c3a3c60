import { evaluate } from "../../../iam/evaluate";
import type { PolicyDocument } from "../../../iam/policy-document";
import type { RequiredPermissions } from "./required-permissions";

/**
 * What a role's permissions refuse of what recorded steps needed of it, as `action on resource`.
 *
 * @throws Error where the steps needed nothing of the role, so that nothing could be refused
 */
export function refused(
  roleArn: string,
  document: PolicyDocument,
  steps: readonly RequiredPermissions[],
): string[] {
  const accountId = roleArn.split(":")[4]!;
  const wanted = steps.flatMap((step) =>
    Object.entries(step[roleArn] ?? {}).flatMap(([action, resources]) =>
      resources.map((resource) => ({ action, resource })),
    ),
  );
  if (wanted.length === 0) throw new Error(`no call of ${roleArn} was recorded`);
  return wanted
    .filter(({ action, resource }) => {
      const principal = { kind: "role", arn: roleArn, accountId } as const;
      const context = { "aws:RequestedRegion": "us-east-1", "aws:SecureTransport": "true" };
      const { decision } = evaluate(
        { principal, action, resource, context },
        { identityPolicies: [document], resourceAccount: accountId },
      );
      return decision !== "allowed";
    })
    .map(({ action, resource }) => `${action} on ${resource}`);
}

/** The document without one of the actions that a pattern fits, for each of them. */
export function withoutEach(
  document: PolicyDocument,
  pattern: RegExp,
): { readonly action: string; readonly left: PolicyDocument }[] {
  return document.Statement.flatMap((statement, index) => {
    const actions = [statement.Action!].flat();
    return actions
      .filter((action) => pattern.test(action))
      .map((action) => {
        const rest = actions.filter((other) => other !== action);
        const changed = rest.length === 0 ? [] : [{ ...statement, Action: rest }];
        return {
          action,
          left: { ...document, Statement: document.Statement.toSpliced(index, 1, ...changed) },
        };
      });
  });
}
