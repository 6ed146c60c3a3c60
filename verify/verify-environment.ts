import { type AwsAccess, readerCredentials } from "../aws/account-access";
import { s3Client } from "../aws/clients";
import type { Account, Environment } from "../envs/types";
import { AccountTrails } from "./account-trails";
import { timeOfAws } from "./aws-clock";
import type { VerifyReport } from "./report";
import { worst } from "./verdict";
import { Verification } from "./verification";
import type { VerifyOptions } from "./verify-options";

/** Accounts were asked for that the environment does not have: the message has a line for each. */
export class UnknownAccountsError extends Error {
  /** By which it is distinguished from other errors. */
  override readonly name = "UnknownAccountsError";
}

/**
 * Whether each trail of an environment logs, delivers in time and with the right encryption, and
 * whether all that it delivered is still as it was. Asks AWS alone, nothing of Terraform's state:
 * each account's CloudTrail with the account's role, the bucket with the destination's.
 *
 * What can't be read is in the report as not checked, and the others are checked all the same.
 *
 * @throws UnknownAccountsError where an account is none of the environment's
 */
export async function verifyEnvironment(
  environment: Environment,
  access: AwsAccess,
  options: VerifyOptions = {},
): Promise<VerifyReport> {
  const { chosen, leftOut } = chooseAccounts(environment, options.accounts);
  const { destination, members } = environment;
  const { readAs = {} } = options;
  const { credentials, who } = readerCredentials(environment, readAs, access);
  const { region } = destination;
  const s3 = s3Client({ region, endpoint: access.endpoint, credentials });
  const trails = new AccountTrails(environment, access, [destination, ...members], credentials);
  try {
    const now = options.now ?? (await timeOfAws(s3, destination.bucket)) ?? new Date();
    const since = new Date(now.getTime() - 1000 * (options.sinceSeconds ?? 86_400));
    const verification = new Verification(environment, trails, s3, who, since, now, options);
    const verified = await Promise.all(chosen.map((account) => verification.verify(account)));
    return {
      environment: environment.name,
      since,
      now,
      verdict: worst(verified.map(({ trail }) => trail.verdict)),
      trails: verified.map(({ trail }) => trail),
      leftOut: [...leftOut, ...verified.flatMap(({ leftOut: regions }) => regions)],
    };
  } finally {
    s3.destroy();
    trails.destroy();
  }
}

function chooseAccounts(
  { destination, members }: Environment,
  wanted: readonly string[] | undefined,
): { readonly chosen: readonly Account[]; readonly leftOut: VerifyReport["leftOut"] } {
  const all = [destination, ...members];
  const known = all.map(({ account }) => account);
  const unknown = (wanted ?? []).filter((id) => !known.includes(id));
  if (unknown.length > 0)
    throw new UnknownAccountsError(
      unknown
        .map((id) => `${id} is not an account of the environment; it has ${known.join(", ")}.`)
        .join("\n"),
    );
  const asked = all.filter(({ account }) => wanted?.includes(account) ?? true);
  const isRetiring = (account: Account): boolean => "retiring" in account && !!account.retiring;
  return {
    chosen: asked.filter((account) => !isRetiring(account)),
    leftOut: asked.filter(isRetiring).map(({ account, name }) => ({
      account,
      name,
      reason: "it is retiring, and its trail is to be gone",
    })),
  };
}
