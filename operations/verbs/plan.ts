import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Environment } from "../../envs/types";
import { commandLine } from "../command-line";
import { type EnvironmentRun, withEnvironmentRun } from "../environment-run";
import type { AppAtRevision } from "../plan/app-at-revision";
import type { GatePlan } from "../plan/gate-plan";
import { PlanFolder, type SavedPlan } from "../plan/plan-folder";
import { planStacks } from "../plan/plan-stacks";
import { leavingTrailsShown } from "../plan/trails-shown";
import { startProgress } from "../progress";
import { renderMarkdown } from "../review/markdown";
import { exitCode, type Review, reviewPlans } from "../review/review";
import { renderSummary } from "../review/summary";
import type { StackRunOptions } from "../run-stacks";
import { print, say } from "../terminal";
import { compareWithRevision } from "./stacks";

export interface PlanVerbOptions extends Pick<
  StackRunOptions,
  "stacks" | "parallelism" | "signal"
> {
  readonly env: string;
  /**
   * A branch, a tag or a commit: only the stacks that the change since then touches.
   * @default - all stacks
   */
  readonly changedSince?: string;
  /**
   * The folder for the plans and the review.
   * @default - they are not kept
   */
  readonly out?: string;
  readonly json: boolean;
  readonly signal: AbortSignal;
}

/** The review's files in the folder of the plans. */
const REVIEW = { markdown: "review.md", json: "review.json" } as const;

/**
 * Plans an environment's stacks and reviews what the plans do to the logs.
 *
 * @returns the exit code: 0 nothing changes, 2 something does, 3 a guard blocks
 * @throws ExpectedError where a stack can't be planned
 */
export async function plan({
  env: name,
  changedSince,
  out,
  json,
  stacks: chosen,
  ...options
}: PlanVerbOptions): Promise<number> {
  // Before minutes are spent.
  const kept = out === undefined ? undefined : new PlanFolder(resolve(out));
  kept?.clear();
  return withEnvironmentRun(name, async (run) => {
    const { environment, env, project } = run;
    const progress = startProgress();
    try {
      progress.status("comparing revisions");
      const since =
        changedSince === undefined
          ? undefined
          : await compareWithRevision(changedSince, run, options.signal);
      const folder = kept ?? new PlanFolder(join(run.folder.path, "plans"));
      if (kept === undefined) folder.clear();
      progress.status(`planning ${environment.destination.account}`);
      const { plans, gate } = await planStacks({
        ...options,
        ...{ environment, env, project, folder },
        reviewOutput: join(run.folder.path, "review.out"),
        stacks: chosen ?? since?.changed,
        onPlan: ({ name: stack, changes, reviewOnly }) =>
          progress.milestone(
            `${stack}: ${changes ? "changes" : "no changes"}${reviewOnly ? ", planned for the review" : ""}`,
          ),
      });
      progress.status("reviewing");
      const review = await reviewed(run, folder, plans, gate, since?.older);
      const blocked = review.verdict === "blocked";
      const markdown = renderMarkdown(review, { whole: `\`${REVIEW.json}\`` });
      const text = `${JSON.stringify(review, null, 2)}\n`;
      writeFileSync(join(folder.path, REVIEW.markdown), markdown);
      writeFileSync(join(folder.path, REVIEW.json), text);
      folder.write({ version: 1, environment: name, blocked, stacks: [...plans] });
      progress.stop();
      print(...(json ? [text.trimEnd()] : renderSummary(review)));
      if (kept !== undefined) say(...whatNext(name, kept, out!, review));
      return exitCode(review);
    } finally {
      progress.stop();
    }
  });
}

async function reviewed(
  { environment }: EnvironmentRun,
  folder: PlanFolder,
  plans: readonly SavedPlan[],
  gate: GatePlan,
  older: AppAtRevision | undefined,
): Promise<Review> {
  const { endpoint } = environment;
  const trailsShown = await leavingTrailsShown(environment, gate, { endpoint });
  const configuration = (one: SavedPlan): unknown =>
    JSON.parse(readFileSync(join(folder.path, one.folder, "cdk.tf.json"), "utf8"));
  return reviewPlans({
    environment,
    trailsShown,
    applied: { retiring: retiringBefore(older?.environment, trailsShown) },
    stacks: plans.map((one) => ({
      ...{ stack: one.name, plan: folder.planJson(one), forReviewOnly: one.reviewOnly },
      synthesized: {
        ...(older === undefined ? {} : { before: older.stacks.get(one.name) }),
        after: configuration(one),
      },
    })),
  });
}

/**
 * The accounts that were retiring in the version that is applied: as its environment file says, or
 * else those whose trail went while the policies still let it in, which is what retiring does.
 */
function retiringBefore(
  older: Environment | undefined,
  trailsShown: Awaited<ReturnType<typeof leavingTrailsShown>>,
): string[] {
  return older === undefined
    ? [...trailsShown].filter(([, shown]) => shown === "gone").map(([account]) => account)
    : older.members.filter(({ retiring }) => retiring).map(({ account }) => account);
}

function whatNext(name: string, folder: PlanFolder, out: string, { verdict }: Review): string[] {
  const written = `Plans and review are in ${folder.path}: ${REVIEW.markdown} for people, ${REVIEW.json} for programs. The plans hold what the state holds; don't publish them.`;
  return verdict === "changes"
    ? [written, `To apply them: ${commandLine("deploy", "--env", name, "--plans", out)}`]
    : [written];
}
