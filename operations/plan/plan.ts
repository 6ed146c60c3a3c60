import { join, resolve } from "node:path";
import { formatDay } from "../../cloudtrail/time";
import { commandLine } from "../command-line";
import { withEnvironmentRun } from "../terraform/environment-run";
import { briefly, meaningOf } from "../deploy/failure-advice";
import { REVIEW_FILES } from "./plan-files";
import { PlanFolder } from "./plan-folder";
import { planStacks } from "./plan-stacks";
import { reviewSavedPlans, writeReview } from "./review-saved";
import { leavingTrailsShown } from "./trails-shown";
import { startProgress } from "../terminal/progress";
import { exitCode, isBlocked, type MissingStack, type Review } from "../../review/report";
import { renderSummary } from "../../review/writing/summary";
import { synthesize } from "../terraform/synthesis";
import { print, say } from "../terminal/terminal";
import { withLockTimeout } from "../terraform/terraform";
import type { DeployOptions } from "../deploy/deploy";
import { compareWithRevision } from "./compare-with-revision";

export interface PlanVerbOptions extends Pick<
  DeployOptions,
  "env" | "lockTimeout" | "stacks" | "parallelism" | "signal"
> {
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

/**
 * Plans an environment's stacks and reviews what the plans do to the logs.
 *
 * @returns the exit code: 0 nothing changes, 1 a stack can't be planned, 2 something changes, 3 a
 *   guard blocks
 * @throws ExpectedError where there can be no review, or no folder for it
 */
export async function plan({
  env: name,
  changedSince,
  out,
  json,
  lockTimeout,
  stacks: chosen,
  ...options
}: PlanVerbOptions): Promise<number> {
  const kept = out === undefined ? undefined : new PlanFolder(resolve(out));
  return withEnvironmentRun(name, async (run) => {
    const { environment, project } = run;
    // Before minutes are spent.
    kept?.clear(name);
    const env = withLockTimeout(run.env, lockTimeout);
    const progress = startProgress();
    try {
      const folder = run.folder.output;
      progress.status("synthesizing");
      const manifest = await synthesize({ ...options, env, project, output: folder });
      if (changedSince !== undefined) progress.status("comparing revisions");
      const since =
        changedSince === undefined
          ? undefined
          : await compareWithRevision(changedSince, run, manifest, options.signal);
      progress.status(`planning ${environment.destination.account}`);
      const { plans, missing, gate } = await planStacks({
        ...options,
        environment,
        env,
        project,
        folder,
        manifest,
        reviewOutput: join(run.folder.path, "review.out"),
        stacks: chosen ?? since?.changed,
        onPlan: ({ name: stack, changes, reviewOnly }) =>
          progress.milestone(
            `${stack}: ${changes ? "changes" : "no changes"}${reviewOnly ? ", planned for the review" : ""}`,
          ),
        onMissing: ({ stack, reason }) =>
          progress.milestone(`${stack} could not be planned: ${briefly(reason)}`),
      });
      progress.status("reviewing");
      const { endpoint } = environment;
      const trailsShown = await leavingTrailsShown(environment, gate, { endpoint });
      const older = since?.older;
      const today = formatDay(Date.now());
      const review = reviewSavedPlans({
        environment,
        today,
        folder,
        plans,
        missing,
        trailsShown,
        older,
      });
      const text = writeReview(folder, review);
      kept?.keep(folder, name, {
        blocked: isBlocked(review),
        stacks: [...plans],
        missing: [...missing],
      });
      progress.stop();
      print(...(json ? text.trimEnd().split("\n") : renderSummary(review)));
      say(...meaningsOf(name, missing));
      if (kept !== undefined) say(...whatNext(name, kept, out!, review));
      return exitCode(review);
    } finally {
      progress.stop();
    }
  });
}

/**
 * What to do about the stacks that could not be planned; what is the same for some is said once.
 */
function meaningsOf(environment: string, missing: readonly MissingStack[]): string[] {
  const command = (stacks: readonly string[], verb = "plan"): string =>
    commandLine(verb, "--env", environment, "--stacks", ...stacks);
  const meanings = missing.flatMap(
    ({ reason }) => meaningOf(reason, { environment, command }) ?? [],
  );
  return [...new Set(meanings)].map((meaning) => `That is: ${meaning}`);
}

function whatNext(name: string, folder: PlanFolder, out: string, { verdict }: Review): string[] {
  const written = `Plans and review are in ${folder.path}: ${REVIEW_FILES.markdown} for people, ${REVIEW_FILES.json} for programs. The plans hold what the state holds; don't publish them.`;
  const command = commandLine("deploy", "--env", name, "--plans", out);
  switch (verdict) {
    case "changes":
      return [written, `To apply them: ${command}`];
    case "incomplete":
      return [
        written,
        "When the cause is gone, plan again. Of the stacks that could not be planned, and of what waits for them, `deploy --plans` applies nothing.",
      ];
    default:
      return [written];
  }
}
