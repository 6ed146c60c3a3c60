import { trailIdentity } from "../../envs/trails";
import type { Account, Environment } from "../../envs/types";

/** What the order of a deployment is read from: one call to AWS that was answered. */
export interface DeployCall {
  /** 1, 2, 3, … in the order of the answers. */
  readonly seq: number;
  /** The caller's account. */
  readonly accountId: string;
  /** The API operation. */
  readonly action: string;
  /** The request's parameters. */
  readonly request: Readonly<Record<string, unknown>>;
  /** @default - the call succeeded */
  readonly errorCode?: string;
}

/** The calls that make or change what a deployment consists of. */
const CREATING = [
  "CreateBucket",
  "CreateKey",
  "PutKeyPolicy",
  "PutBucketPolicy",
  "CreateTrail",
  "UpdateTrail",
  "StartLogging",
];

/**
 * The calls that created the environment's trails and what they deliver to, failed ones left out.
 */
export function creatingCalls<Call extends DeployCall>(calls: readonly Call[]): Call[] {
  return calls.filter((call) => CREATING.includes(call.action) && call.errorCode === undefined);
}

/**
 * Whether a first deployment kept AWS's order: bucket, then policies, then the destination's trail,
 * logging, and only then the members' trails.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-receive-logs-from-multiple-accounts.html
 * @returns a sentence for each thing that is missing or out of order; none where all is well
 */
export function orderProblems(
  calls: readonly DeployCall[],
  environment: Environment,
): readonly string[] {
  const { destination, members } = environment;
  const made = creatingCalls(calls);
  const own = made.filter(({ accountId }) => accountId === destination.account);
  const steps: Step[] = [
    first("the bucket", own, "CreateBucket"),
    ...(destination.encryption.type === "sse-kms"
      ? [last("the key with its policy", own, "CreateKey", "PutKeyPolicy")]
      : []),
    last("the bucket policy", own, "PutBucketPolicy"),
    first("the destination's trail", own.filter(isOf(destination)), "CreateTrail"),
    first("the start of the destination's logging", own, "StartLogging"),
  ];
  const missing = steps.filter(({ seq }) => seq === undefined);
  const trail = steps.at(-2)!;
  const logging = steps.at(-1)!;
  return [
    ...missing.map(({ what }) => `No call made ${what}.`),
    ...steps.slice(0, -2).flatMap((step) => outOfOrder(step, trail)),
    ...outOfOrder(trail, logging),
    ...members
      .filter(({ retiring }) => !retiring)
      .flatMap((member) => {
        const what = `the trail of ${member.account}`;
        const step = first(what, made.filter(isOf(member)), "CreateTrail");
        if (step.seq === undefined) return [`No call made ${what}.`];
        return outOfOrder(logging, step);
      }),
  ];

  function isOf(account: Account): (call: DeployCall) => boolean {
    const { name } = trailIdentity(environment, account);
    return (call) => call.accountId === account.account && call.request["Name"] === name;
  }
}

/** One thing that a deployment made, and when: the number of the call, where there is one. */
interface Step {
  readonly what: string;
  readonly seq: number | undefined;
}

function first(what: string, calls: readonly DeployCall[], action: string): Step {
  return { what, seq: calls.find((call) => call.action === action)?.seq };
}

function last(what: string, calls: readonly DeployCall[], ...actions: string[]): Step {
  return { what, seq: calls.findLast(({ action }) => actions.includes(action))?.seq };
}

function outOfOrder(before: Step, after: Step): string[] {
  if (before.seq === undefined || after.seq === undefined || before.seq < after.seq) return [];
  return [
    `${capitalized(after.what)} (call ${after.seq}) came before ${before.what} (call ${before.seq}).`,
  ];
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
