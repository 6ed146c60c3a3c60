import { parseArn } from "../cloudtrail/arn";
import { accountIdProblem, roleNameProblem } from "../cloudtrail/names";
import type { Partition } from "../cloudtrail/regions";
import { sidOf, type LogReader } from "./readers";
import type { TrailRegistry } from "./trail-registry";

/**
 * What is wrong with the readers, all at once; empty where nothing is. That a principal exists cannot
 * be seen here: AWS refuses a policy with one that does not (MalformedPolicyDocument, and
 * MalformedPolicyDocumentException for the key).
 */
export function readerProblems(
  readers: readonly LogReader[],
  { partition, trails }: { readonly partition: Partition; readonly trails: TrailRegistry },
): string[] {
  const named = new Map<string, string>();
  const bySid = new Map<string, string>();
  const problems: string[] = [];
  for (const reader of readers) {
    const problem = (text: string) => problems.push(`Reader ${reader.name}: ${text}`);
    if (!/^[A-Za-z][A-Za-z0-9-]{0,39}$/.test(reader.name))
      problem(
        "the name must have 1 to 40 letters, digits and hyphens, a letter first; write something like security-team",
      );
    const twin = bySid.get(sidOf(reader));
    if (twin !== undefined)
      problem(`another reader is called ${twin}; give each a name of its own, hyphens aside`);
    bySid.set(sidOf(reader), reader.name);

    if (reader.principals.length === 0)
      problem("it names no principal; list the ARN of at least one IAM role or user");
    for (const arn of reader.principals) {
      const wrong = principalProblem(arn, partition);
      if (wrong !== undefined) problem(`${JSON.stringify(arn)} ${wrong}`);
      const other = named.get(arn);
      if (other !== undefined)
        problem(
          `${arn} is listed under ${other} already; list a principal once, with all its accounts`,
        );
      named.set(arn, reader.name);
    }
    problems.push(...accountProblems(reader, trails));
  }
  return problems;
}

/**
 * Why the text is no principal that a policy of ours may name; undefined where it is one. A wrong one makes
 * AWS refuse the whole document.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function principalProblem(text: string, partition: Partition): string | undefined {
  const form = `write arn:${partition}:iam::<account>:role/<name> (or user/<name>)`;
  const arn = parseArn(text);
  if (arn === undefined) return `is no ARN; ${form}`;
  if (arn.service === "sts")
    return `is a session, which ends; name its role: ${form.replace("write ", "")}`;
  if (arn.resource === "root")
    return `is a whole account, which would give the say to its administrators; ${form}`;
  if (/[*?]/.test(text)) return `has a wildcard, which a principal may not have; ${form}`;
  if (arn.partition !== partition)
    return `is of partition ${arn.partition}, and the bucket of ${partition}: AWS takes no principal of another partition`;
  const [, kind, name] = /^(role|user)\/(.+)$/.exec(arn.resource) ?? [];
  if (arn.service !== "iam" || arn.region !== "" || kind === undefined || name === undefined)
    return `is no IAM role or user; ${form}`;
  const account = accountIdProblem(arn.account);
  if (account !== undefined) return `has the account ID ${arn.account}, which ${account}`;
  const wrongName = roleNameProblem(name);
  return wrongName === undefined ? undefined : `has the ${kind} name ${name}, which ${wrongName}`;
}

function accountProblems({ name, accounts }: LogReader, trails: TrailRegistry): string[] {
  if (accounts === "all") return [];
  if (accounts.length === 0)
    return [
      `Reader ${name}: it names no account; list the accounts whose logs it may read, or write all`,
    ];
  const listed = new Set(trails.accountIds);
  return [
    ...accounts
      .filter((accountId) => !listed.has(accountId))
      .map(
        (accountId) =>
          `Reader ${name}: no trail of account ${accountId} is listed; add the account as a member, or take it from the reader's accounts`,
      ),
    ...accounts
      .filter((accountId, index) => accounts.indexOf(accountId) !== index)
      .map((accountId) => `Reader ${name}: account ${accountId} is listed twice; list it once`),
  ];
}
