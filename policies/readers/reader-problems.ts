import type { Partition } from "../../cloudtrail/regions";
import { principalProblem } from "./principal-problem";
import { sidOf, type LogReader } from "./readers";
import type { TrailRegistry } from "../trail-registry";

/**
 * What is wrong with the readers, all at once; empty where nothing is. That a principal exists
 * cannot be seen here: AWS refuses a policy with one that does not (MalformedPolicyDocument, and
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
