import { isAccountId } from "../../cloudtrail/names";
import { parseArn } from "../../cloudtrail/arn";
import { formatPath, type Path, printable } from "../schema/problems";
import type { Environment } from "../types";

/**
 * ARNs of accounts that the file does not have, wherever they stand: sentences, none where there
 * are none. A bucket's ARN and name have no account in them, so nothing can be said of those.
 */
export function foreignAccountWarnings(environment: Environment): string[] {
  const { destination, members } = environment;
  const own = new Set([destination, ...members].map(({ account }) => account));
  // Texts for people.
  const looked = { ...environment, tags: {}, acknowledgements: [] };
  return textsOf(looked, []).flatMap(({ path, text }) => {
    const account = parseArn(text)?.account ?? "";
    return !isAccountId(account) || own.has(account)
      ? []
      : [
          `${formatPath(path)} is ${printable(text)}, of account ${account}, which this file does not have: make sure that it is yours and meant.`,
        ];
  });
}

function textsOf(value: unknown, path: Path): { readonly path: Path; readonly text: string }[] {
  if (typeof value === "string") return [{ path, text: value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) =>
    textsOf(one, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}
