/** Principals as documents name them, and as requests have them. */
import { type AccountPlace, parseArn, roleArn, sessionRole } from "../cloudtrail/arn";
import { isAccountId } from "../cloudtrail/names";
import type { PolicyDocument, Statement } from "../iam/policy-document";
import type { Principal } from "../iam/request";

/** The account of a principal that a document names, by its ARN or as the account itself. */
export function accountOf(name: string): string {
  return parseArn(name)?.account ?? name;
}

/**
 * The account that a document's name stands for as a whole: its ID, its root's ARN, or a pattern
 * for all of it.
 */
export function wholeAccount(name: string): string | undefined {
  const arn = parseArn(name);
  if (arn !== undefined && (arn.service !== "iam" || !["root", "*"].includes(arn.resource)))
    return undefined;
  const account = arn?.account ?? name;
  return isAccountId(account) ? account : undefined;
}

/** A role. */
export function roleOf(arn: string): Principal {
  return { kind: "role", arn, accountId: accountIdOf(arn) };
}

/** A user, a role, or a role's session. Of a pattern, the pattern itself is one that it fits. */
export function principalOf(name: string): Principal {
  const arn = parseArn(name);
  if (arn?.resource.startsWith("user/"))
    return { kind: "user", arn: name, accountId: accountIdOf(name) };
  const role = sessionRole(arn);
  if (arn === undefined || role === undefined) return roleOf(name);
  const { partition, account: accountId } = arn;
  return {
    kind: "role",
    arn: roleArn({ partition, accountId }, role),
    accountId,
    sessionArn: name,
  };
}

/** A pattern for any account's role, or the ID of a deleted one, has no account of its own. */
function accountIdOf(name: string): string {
  const account = accountOf(name);
  return isAccountId(account) ? account : "000000000000";
}

/** An account's role that stands for all that no policy names. */
export function unnamedRole(account: AccountPlace): string {
  return roleArn(account, "role-that-no-policy-names");
}

/** An account that is none of these. */
export function accountOutside(accounts: readonly string[]): string {
  const taken = new Set(accounts);
  for (let id = 0; ; id++) {
    const account = String(id).padStart(12, "0");
    if (!taken.has(account)) return account;
  }
}

/** Condition keys whose values name principals or their accounts. */
const NAMING_KEYS = ["aws:principalarn", "aws:principalaccount", "kms:calleraccount"];

/**
 * Condition keys that follow from who asks alone: what they decide holds for each of their
 * requests.
 */
const ABOUT_THE_PRINCIPAL = [
  ...NAMING_KEYS,
  "aws:principaltype",
  "aws:principalisawsservice",
  "aws:principalservicename",
];

/**
 * The document with nothing but one statement, without the conditions that the request can meet or
 * not.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function onlyForPrincipals(document: PolicyDocument, index: number): PolicyDocument {
  const { Condition, ...statement } = document.Statement[index]!;
  const kept = Object.entries(Condition ?? {}).flatMap(([operator, keys]) => {
    const about = Object.entries(keys).filter(([key]) =>
      ABOUT_THE_PRINCIPAL.includes(key.toLowerCase()),
    );
    return about.length === 0 ? [] : [[operator, Object.fromEntries(about)] as const];
  });
  const condition = kept.length === 0 ? {} : { Condition: Object.fromEntries(kept) };
  return { ...document, Statement: [{ ...statement, ...condition }] };
}

/**
 * The roles, users and accounts that a document names, be it to let them in or to spare them from a
 * Deny: as ARNs and account IDs, each once. A `*` in a condition's value stands as it is.
 */
export function namedPrincipals(document: PolicyDocument): string[] {
  return [...new Set(document.Statement.flatMap(namedBy))];
}

function namedBy({ Principal, NotPrincipal, Condition }: Statement): string[] {
  const inElements = [Principal, NotPrincipal].flatMap((element) =>
    typeof element === "object" ? [element.AWS ?? []].flat() : [],
  );
  const inConditions = Object.values(Condition ?? {}).flatMap((keys) =>
    Object.entries(keys).flatMap(([key, values]) =>
      NAMING_KEYS.includes(key.toLowerCase()) ? [values].flat().map(String) : [],
    ),
  );
  return [...inElements, ...inConditions].filter((name) => name !== "*");
}
