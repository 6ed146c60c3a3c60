import type { Environment } from "../../envs/types";
import { readingRole } from "../account-access";

/**
 * What lets the role that reads in the destination's account read log files, where
 * `hardening.readersOnly` denies it; undefined where that is not why.
 */
export function wayToRead({ destination }: Pick<Environment, "destination">): string | undefined {
  const { hardening, readers = [], planRoleArn } = destination;
  if (!hardening?.readersOnly) return undefined;
  const role = readingRole(destination);
  const mayRead = readers.some(
    ({ accounts, principals }) => accounts === "all" && principals.includes(role),
  );
  if (mayRead) return undefined;
  const line = `- { name: verifiers, principals: [${planRoleArn ?? "<that role's ARN>"}], accounts: [all] }`;
  return (
    `hardening.readersOnly lets readers alone read, and ${role} is none. ` +
    // The role that deploys can't be one.
    (planRoleArn === undefined ? "Name a role for reading as planRole, and a" : "A") +
    `dd to destination.readers: ${line}`
  );
}
