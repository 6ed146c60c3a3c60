import type { Environment } from "../../envs/types";
import type { LocalAws, RecordedCall } from "../../lab";
import type { LocalAwsAccess } from "../terraform/child-environment";
import { creatingCalls, orderProblems } from "./creation-order";
import type { Progress } from "../terminal/progress";
import { reportTrails, type TrailReport } from "../../verify/trail-report";
import { verifyEnvironment } from "../../verify";
import type { VerifyReport } from "../../verify/report";
import { callForeignBucket } from "./foreign-call";
import { findRedactedEvent, type RedactedEvent } from "./redacted-event";

/** What has come of the deployment, from AWS's own mouth and from the delivered files. */
export interface DemoResult {
  readonly trails: readonly TrailReport[];
  /** The calls that created the trails and what they deliver to, in the order of their answers. */
  readonly calls: readonly Pick<RecordedCall, "seq" | "accountId" | "action">[];
  /** What was out of order; none where the order is AWS's. */
  readonly orderProblems: readonly string[];
  /** What is in the log bucket after {@link HOURS}, and whether it is whole and untouched. */
  readonly verification: VerifyReport;
  /** @default - there is one account only, so none calls into another's bucket */
  readonly redactedEvent?: RedactedEvent;
}

/** Hours by which the local AWS's time is moved on, so that digest files are due. */
export const HOURS = 2;

/** Asks AWS, makes a call that is denied, lets time pass, and looks at what was delivered. */
export async function askWhatHasCome(
  environment: Environment,
  aws: LocalAws,
  { endpoint, accessKeyId, secretAccessKey }: LocalAwsAccess,
  progress: Progress,
): Promise<DemoResult> {
  // Taken before we ask, so that our own questions are not among them.
  const recorded = [...aws.calls];
  const access = { endpoint, credentials: { accessKeyId, secretAccessKey } };
  const trails = await reportTrails(environment, access);
  progress.status("one account calls into another's bucket");
  // Records have whole seconds.
  const from = Math.floor(aws.now() / 1000) * 1000;
  const call = await callForeignBucket(environment, access);
  progress.status(`${HOURS} hours pass, and CloudTrail delivers`);
  await aws.advance(HOURS * 3600);
  progress.milestone(`${HOURS} hours on: log files and digest files are delivered`);
  progress.status("verifying them");
  const period = { from, to: aws.now() };
  return {
    trails,
    verification: await verifyEnvironment(environment, access, { now: new Date(period.to) }),
    redactedEvent: call && (await findRedactedEvent(environment, access, call, period)),
    calls: creatingCalls(recorded).map(({ seq, accountId, action }) => ({
      seq,
      accountId,
      action,
    })),
    orderProblems: orderProblems(recorded, environment),
  };
}

/** All that is not as it should be; none where all is well. */
export function allProblems({
  trails,
  orderProblems,
  verification,
  redactedEvent,
}: DemoResult): string[] {
  return [
    ...(verification.verdict === "proven" ? [] : ["The log files are not proven; see above."]),
    ...(redactedEvent?.problems ?? []),
    ...trails.flatMap(({ trailArn, problems }) =>
      problems.map((problem) => `${trailArn}: ${problem}`),
    ),
    ...orderProblems,
  ];
}
