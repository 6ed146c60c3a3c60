import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../../envs/types";
import { ownerOnly } from "../runs/owner-only";
import { renderMarkdown } from "../../review/writing/markdown";
import type { TrailShown } from "../../review/guards/finding";
import type { MissingStack, Review } from "../../review/report";
import { reviewPlans } from "../../review/review";
import type { AppAtRevision } from "./app-at-revision";
import { planJsonOf, REVIEW_FILES, STACK_FILES, stackFolder } from "./plan-files";
import type { SavedPlan } from "./plan-folder";
import { retiringBefore } from "./trails-shown";

/** What to review. */
export interface SavedReviewInput {
  readonly environment: Environment;
  /** The day in UTC. */
  readonly today: string;
  /** The folder that they were planned in. */
  readonly folder: string;
  readonly plans: readonly SavedPlan[];
  /** Those that could not be planned. @default - none */
  readonly missing?: readonly MissingStack[];
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
  missing,
  trailsShown,
  older,
}: SavedReviewInput): Review {
  return reviewPlans({
    environment,
    today,
    missing,
    trailsShown,
    applied: { retiring: retiringBefore(trailsShown, older?.environment) },
    stacks: plans.map((one) => ({
      stack: one.name,
      plan: planJsonOf(folder, one),
      forReviewOnly: one.reviewOnly,
      synthesized: {
        ...(older === undefined ? {} : { before: older.stacks.get(one.name) }),
        after: JSON.parse(
          readFileSync(join(folder, stackFolder(one.name), STACK_FILES.configuration), "utf8"),
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
export function writeReview(folder: string, review: Review): string {
  const text = `${JSON.stringify(review, null, 2)}\n`;
  const markdown = renderMarkdown(review, { whole: `\`${REVIEW_FILES.json}\`` });
  ownerOnly(() => {
    writeFileSync(join(folder, REVIEW_FILES.markdown), markdown);
    writeFileSync(join(folder, REVIEW_FILES.json), text);
  });
  return text;
}
