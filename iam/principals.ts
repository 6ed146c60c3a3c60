/**
 * The Principal and NotPrincipal elements.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
import { principalArnProblem } from "./arn-form";
import { isObject } from "./json";
import { listed, type Report } from "./policy-error";
import type { Principal } from "./request";

/**
 * How a statement speaks of the one who asks. `account` names the whole account only: within the
 * resource's account that gives the say to the account's identity policies, and grants nothing
 * itself.
 */
export type Grant = "direct" | "account";

/** Whom a Principal or NotPrincipal element names. */
export interface Principals {
  /** Whether it names everyone, with `*`. */
  readonly everyone: boolean;
  /** ARNs of accounts' roots, users, roles and sessions. */
  readonly arns: ReadonlySet<string>;
  /** Accounts named by their twelve digits. */
  readonly accounts: ReadonlySet<string>;
  /** AWS services. */
  readonly services: ReadonlySet<string>;
  /** Identity providers. */
  readonly providers: ReadonlySet<string>;
}

const KINDS = ["AWS", "Service", "Federated", "CanonicalUser"];
/**
 * What is left of a user's or a role's ARN once it is deleted; such an ID names nobody any more.
 */
const UNIQUE_ID = /^A[A-Z0-9]{15,}$/;

/** A provider that AWS knows by its domain, or one that an account has made. */
const PROVIDER =
  /^([a-z0-9-]+(\.[a-z0-9-]+)+|arn:aws(-[a-z]+)*:iam::\d{12}:(saml|oidc)-provider\/[!-~]+)$/;

/** Prepares a Principal or NotPrincipal element. */
export function compilePrincipals(element: unknown, path: string, report: Report): Principals {
  const arns = new Set<string>();
  const accounts = new Set<string>();
  const services = new Set<string>();
  const providers = new Set<string>();
  let everyone = element === "*";
  if (!everyone && !isObject(element)) {
    report(
      path,
      `is ${JSON.stringify(element)}; "*" or an object with ${KINDS.join(", ")} is allowed`,
    );
  }
  if (isObject(element) && Object.keys(element).length === 0)
    report(path, `names nobody; give at least one of ${KINDS.join(", ")}, or "*" for everyone`);
  for (const [kind, value] of isObject(element) ? Object.entries(element) : []) {
    for (const name of readNames(value, `${path}.${kind}`, report)) {
      const problem = (message: string) =>
        report(`${path}.${kind}`, `${JSON.stringify(name)} ${message}`);
      if (kind === "AWS") {
        if (name === "*") everyone = true;
        else if (/[*?]/.test(name))
          problem(
            "has a wildcard, which may not stand for part of a principal; use an ArnLike condition on aws:PrincipalArn",
          );
        else if (/^\d{12}$/.test(name)) accounts.add(name);
        else if (name.startsWith("arn:")) {
          const wrong = principalArnProblem(name);
          if (wrong === undefined) arns.add(name);
          else problem(`is not an ARN of a principal: it ${wrong}`);
        } else if (!UNIQUE_ID.test(name))
          problem(
            "is neither an account ID of 12 digits nor the ARN of an account's root, a user, a role or a session",
          );
      } else if (kind === "Service") {
        if (/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(name)) services.add(name);
        else problem("is not a service principal; those look like cloudtrail.amazonaws.com");
      } else if (kind === "Federated") {
        if (PROVIDER.test(name)) providers.add(name);
        else
          problem(
            "is not an identity provider; those look like accounts.google.com or arn:aws:iam::111111111111:saml-provider/name",
          );
      } else if (kind === "CanonicalUser") {
        problem(
          "is a canonical user ID, and which account that is cannot be seen from it; name the account by its ARN",
        );
      }
    }
    if (!KINDS.includes(kind))
      report(`${path}.${kind}`, `is not a kind of principal; ${KINDS.join(", ")} are`);
  }
  return { everyone, arns, accounts, services, providers };
}

function readNames(value: unknown, path: string, report: Report): string[] {
  const names: unknown[] = Array.isArray(value) ? value : [value];
  if (names.length === 0 || !names.every((name) => typeof name === "string")) {
    report(path, "is neither a text nor a list of texts with at least one");
    return [];
  }
  return names;
}

/** How the element speaks of this principal; undefined where it does not. */
export function grantTo(principals: Principals, principal: Principal): Grant | undefined {
  if (principals.everyone) return "direct";
  switch (principal.kind) {
    case "anonymous":
      return undefined;
    case "service":
      return principals.services.has(principal.service) ? "direct" : undefined;
    default: {
      const { arn, sessionArn, kind } = principal;
      if (
        principals.arns.has(arn) ||
        (sessionArn !== undefined && principals.arns.has(sessionArn)) ||
        (kind === "federated" && principals.providers.has(arn))
      ) {
        return "direct";
      }
      if (!namesAccount(principals, principal)) return undefined;
      return kind === "root" ? "direct" : "account";
    }
  }
}

/**
 * Whether a NotPrincipal element spares this principal. AWS checks the account first and then the
 * user or role, so both have to be named; what names only one of them may deny, and is read so.
 */
export function spares(principals: Principals, principal: Principal): boolean {
  if (principals.everyone) return true;
  switch (principal.kind) {
    case "anonymous":
      return false;
    case "service":
      return principals.services.has(principal.service);
    default:
      return (
        namesAccount(principals, principal) &&
        (principal.kind === "root" || principals.arns.has(principal.arn))
      );
  }
}

function namesAccount(
  principals: Principals,
  { arn, accountId }: Extract<Principal, { accountId: string }>,
): boolean {
  const partition = arn.split(":")[1];
  return (
    principals.accounts.has(accountId) ||
    principals.arns.has(`arn:${partition}:iam::${accountId}:root`)
  );
}

/** The principal in words, for explanations. */
export function describePrincipal(principal: Principal): string {
  switch (principal.kind) {
    case "anonymous":
      return "an anonymous caller";
    case "service":
      return principal.service;
    default:
      return principal.sessionArn ?? principal.arn;
  }
}

/** Whom the element names, in words, for explanations. */
export function describePrincipals(principals: Principals): string {
  return principals.everyone
    ? "everyone"
    : listed([
        ...principals.services,
        ...principals.accounts,
        ...principals.arns,
        ...principals.providers,
      ]);
}
