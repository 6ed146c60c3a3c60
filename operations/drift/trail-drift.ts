import { eventSelection } from "../../cloudtrail/selection/event-settings";
import {
  DEFAULT_EVENT_SELECTORS,
  type EventSelection,
} from "../../cloudtrail/selection/event-selectors";
import { sameSelection } from "../../cloudtrail/selection/same-selection";
import { trailArn } from "../../cloudtrail/trails/trail-identity";
import { eventContext, trailIdentity } from "../../envs/trails";
import type { Account, Environment } from "../../envs/types";
import type { AwsAccess } from "../../aws/account-access";
import { reportTrails } from "../../verify/trail-report";
import { AccountTrails } from "../../verify/account-trails";
import { reasonOf } from "../../aws/reason";

/** What of one account's trail is not as the environment says. */
export interface TrailDrift {
  /** Twelve digits. */
  readonly account: string;
  readonly name: string;
  /** A sentence each; none where all is as the environment says. */
  readonly differences: readonly string[];
  /** @default - it could be asked */
  readonly error?: string;
}

/**
 * Asks CloudTrail itself, account by account. The AWS provider reads selectors only where a trail
 * says that it has some: where somebody resets them, Terraform's plan shows nothing.
 */
export async function trailDrift(
  environment: Environment,
  access: AwsAccess,
): Promise<readonly TrailDrift[]> {
  const { destination, members } = environment;
  const accounts = [destination, ...members.filter(({ retiring }) => !retiring)];
  const trails = new AccountTrails(environment, access, accounts);
  try {
    return await Promise.all(
      accounts.map(async (account): Promise<TrailDrift> => {
        const known = { account: account.account, name: account.name };
        try {
          return { ...known, differences: await differences(environment, account, access, trails) };
        } catch (error) {
          return { ...known, differences: [], error: reasonOf(error) };
        }
      }),
    );
  } finally {
    trails.destroy();
  }
}

async function differences(
  environment: Environment,
  account: Account,
  access: AwsAccess,
  trails: AccountTrails,
): Promise<string[]> {
  // The destination too, since its trail says which key all are to use.
  const members = environment.members.filter((member) => member === account);
  const reports = await reportTrails({ ...environment, members }, access);
  const report = reports.find(({ accountId }) => accountId === account.account)!;
  if (!report.exists) return [...report.problems];
  const arn = trailArn(trailIdentity(environment, account));
  const [selection, insights] = await Promise.all([
    trails.eventSelection(account, arn),
    trails.insightTypes(account, arn),
  ]);
  const wantedInsights = [...(account.trail.insights ?? [])].sort();
  return [
    ...report.problems,
    ...(sameSelection(selection, wantedSelection(environment, account))
      ? []
      : ["Its event selectors are not those of the environment: it records other events."]),
    ...([...insights].sort().join() === wantedInsights.join()
      ? []
      : [
          `Its Insights are ${insights.join(", ") || "(none)"}, not ${wantedInsights.join(", ") || "(none)"}.`,
        ]),
  ];
}

function wantedSelection(environment: Environment, account: Account): EventSelection {
  const { events } = account.trail;
  return events === undefined
    ? { kind: "basic", selectors: DEFAULT_EVENT_SELECTORS }
    : eventSelection(events, eventContext(environment, account));
}
