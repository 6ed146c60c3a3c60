import { isArn } from "../cloudtrail/arn";
import type { Environment } from "../envs/types";
import { readerLine } from "../envs/reader-line";

/**
 * What lets whoever reads log files read them, where `hardening.readersOnly` denies it; undefined
 * where that is not why.
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
  const isNameable = isArn(who) && who !== roleArn;
  const line = readerLine("verify", isNameable ? who : "<that role's ARN>");
  return (
    `hardening.readersOnly lets readers alone read, and ${who} is none. ` +
    (who === roleArn ? "Name a role for reading as planRole, and a" : "A") +
    `dd to destination.readers: ${line}`
  );
}
