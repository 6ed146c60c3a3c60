import { parseArn } from "../cloudtrail/arn";
import type { Principal } from "../iam/request";

/** The account of a principal that a document names, by its ARN or as the account itself. */
export function accountOf(name: string): string {
  return parseArn(name)?.account ?? name;
}

/** A role. */
export function roleOf(arn: string): Principal {
  const account = accountOf(arn);
  // A pattern for any account's role, or the ID of a deleted one, has no account of its own.
  return { kind: "role", arn, accountId: /^\d{12}$/.test(account) ? account : "000000000000" };
}

/** A user, a role, or a role's session. Of a pattern, the pattern itself is one that it fits. */
export function principalOf(name: string): Principal {
  if (name.includes(":user/")) return { ...roleOf(name), kind: "user" } as Principal;
  const session = /^(arn:[^:]+):sts::(\d+):assumed-role\/([^/]+)\//.exec(name);
  if (session === null) return roleOf(name);
  const [, start, accountId, role] = session;
  return { ...roleOf(`${start}:iam::${accountId}:role/${role}`), sessionArn: name } as Principal;
}

/** An account that is none of these. */
export function accountOutside(accounts: readonly string[]): string {
  const taken = new Set(accounts);
  for (let id = 0; ; id++) {
    const account = String(id).padStart(12, "0");
    if (!taken.has(account)) return account;
  }
}
