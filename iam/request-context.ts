/**
 * The condition keys of a request: those that are given, and those that follow from who asks.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
import { PolicyError } from "./policy-error";
import type { AccessRequest, Principal } from "./request";
import type { ContextKeys } from "./variables";

/**
 * The request's keys by lower-case name. A given key wins over one that follows from the principal.
 *
 * @throws PolicyError where a key is given twice
 */
export function contextKeys(
  request: AccessRequest,
  resource: { readonly account: string; readonly isKmsKey: boolean },
): ContextKeys {
  const keys = new Map<string, string | readonly string[]>();
  for (const [name, value] of Object.entries(request.context ?? {})) {
    const key = name.toLowerCase();
    if (keys.has(key))
      throw new PolicyError([
        {
          path: "",
          message: `The request has the condition key ${name} twice: its name has no case. Give it once`,
        },
      ]);
    keys.set(key, value);
  }
  const derived = {
    ...principalKeys(request.principal),
    "aws:resourceaccount": resource.account,
    ...(resource.isKmsKey && "accountId" in request.principal
      ? { "kms:calleraccount": request.principal.accountId }
      : {}),
  };
  for (const [key, value] of Object.entries(derived)) {
    if (!keys.has(key)) keys.set(key, value);
  }
  return keys;
}

const PRINCIPAL_TYPE = {
  root: "Account",
  user: "User",
  federated: "FederatedUser",
  role: "AssumedRole",
  "assumed-role": "AssumedRole",
} as const;

/**
 * A service has no aws:PrincipalArn and, since AWS documents no value of aws:PrincipalAccount or
 * aws:PrincipalType for it, neither of these. aws:userid holds unique IDs, which do not follow.
 */
function principalKeys(principal: Principal): Record<string, string> {
  switch (principal.kind) {
    case "anonymous":
      return { "aws:principalaccount": "anonymous", "aws:principaltype": "Anonymous" };
    case "service":
      return {
        "aws:principalisawsservice": "true",
        "aws:principalservicename": principal.service,
      };
    default:
      return {
        "aws:principalarn": principal.arn,
        "aws:principalaccount": principal.accountId,
        "aws:principalisawsservice": "false",
        "aws:principaltype": PRINCIPAL_TYPE[principal.kind],
        ...(principal.kind === "user"
          ? { "aws:username": principal.arn.slice(principal.arn.lastIndexOf("/") + 1) }
          : {}),
      };
  }
}
