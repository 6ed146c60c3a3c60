import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../../envs/types";
import { ownerOnly } from "../owner-only";
import { renderMarkdown } from "../review/markdown";
import { type Review, reviewPlans, type TrailShown } from "../review/review";
import type { AppAtRevision } from "./app-at-revision";
import type { PlanFolder, SavedPlan } from "./plan-folder";
import { retiringBefore } from "./trails-shown";

/** The review's files in the folder of the plans. */
export const REVIEW_FILES = { markdown: "review.md", json: "review.json" } as const;

/** What to review. */
export interface SavedReviewInput {
  readonly environment: Environment;
  /** The day in UTC. */
  readonly today: string;
  readonly folder: PlanFolder;
  readonly plans: readonly SavedPlan[];
  /** What CloudTrail's API says of trails that are no longer let in. */
  readonly trailsShown: ReadonlyMap<string, TrailShown>;
  /** The app that is applied. @default - not known: nothing is said of prevent_destroy */
  readonly older?: AppAtRevision;
}

/**
 * Reviews a folder of plans.
 *
 * @throws PlanError where a plan cannot be read
 */
export function reviewSavedPlans({
  environment,
  today,
  folder,
  plans,
  trailsShown,
  older,
}: SavedReviewInput): Review {
  return reviewPlans({
    environment,
    today,
    trailsShown,
    applied: { retiring: retiringBefore(trailsShown, older?.environment) },
    stacks: plans.map((one) => ({
      ...{ stack: one.name, plan: folder.planJson(one), forReviewOnly: one.reviewOnly },
      synthesized: {
        ...(older === undefined ? {} : { before: older.stacks.get(one.name) }),
        after: JSON.parse(
          readFileSync(join(folder.path, one.folder, "cdk.tf.json"), "utf8"),
        ) as unknown,
      },
    })),
  });
}

/**
 * Writes the review beside its plans, for people and for programs.
 *
 * @returns its JSON
 */
export function writeReview({ path }: PlanFolder, review: Review): string {
  const text = `${JSON.stringify(review, null, 2)}\n`;
  const markdown = renderMarkdown(review, { whole: `\`${REVIEW_FILES.json}\`` });
  ownerOnly(() => {
    writeFileSync(join(path, REVIEW_FILES.markdown), markdown);
    writeFileSync(join(path, REVIEW_FILES.json), text);
  });
  return text;
}
