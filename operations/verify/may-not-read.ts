import type { Environment } from "../../envs/types";

/**
 * What lets whoever reads log files read them, where `hardening.readersOnly` denies it; undefined where that is not why.
 *
 * @param who the ARN of the role that reads, or what else people call who reads
 */
export function wayToRead(
  { destination }: Pick<Environment, "destination">,
  who: string,
): string | undefined {
  const { hardening, readers = [], roleArn } = destination;
  if (!hardening?.readersOnly) return undefined;
  const mayRead = readers.some(
    ({ accounts, principals }) => accounts === "all" && principals.includes(who),
  );
  if (mayRead) return undefined;
  // The role that deploys can't be a reader.
  const isNameable = who.startsWith("arn:") && who !== roleArn;
  const line = `- { name: verifiers, principals: [${isNameable ? who : "<that role's ARN>"}], accounts: [all] }`;
  return (
    `hardening.readersOnly lets readers alone read, and ${who} is none. ` +
    (who === roleArn ? "Name a role for reading as planRole, and a" : "A") +
    `dd to destination.readers: ${line}`
  );
}
