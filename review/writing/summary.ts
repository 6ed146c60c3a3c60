/** A review in a few lines for a terminal. */
import { groupCoverage, groupFindings, groupMissing } from "./grouped";
import { oneLine } from "./markdown-text";
import { type Finding, type Review, stackChanges } from "../report";
import {
  acknowledgementLines,
  outputsLine,
  outsideLine,
  policyTitle,
  resourceLine,
  totalsSentence,
  verdictSentence,
} from "./words";

/** Lines of one kind that are shown. */
const MOST = 20;

/**
 * The review as lines without colours; text of the plans has no character that a terminal obeys.
 */
export function renderSummary(review: Review): string[] {
  const { findings, coverage, policies, stacks } = review;
  const show = (text: string): string => oneLine(text, 120);
  const some = (texts: readonly string[]): string =>
    `${texts.slice(0, 3).map(show).join(", ")}${texts.length > 3 ? ` and ${texts.length - 3} more` : ""}`;
  const told = (state: Finding["state"]): string[] =>
    groupFindings(findings.filter((finding) => finding.state === state)).map(
      (group, index, groups) => {
        const { first, all } = group;
        const subjects = [...new Set(all.map(({ subject }) => subject))];
        const last = groups[index + 1]?.first.guard !== first.guard;
        const way = state === "blocked" && last ? `\n    ${first.wayOut}` : "";
        return `  ${state}: ${first.guard} ${some(subjects)}: ${oneLine(first.what)}${way}`;
      },
    );
  const covered = (which: "lost" | "gained"): string[] =>
    groupCoverage(coverage.filter((one) => one[which].length > 0)).map(
      ({ first: { change, regions }, all }) =>
        `  ${some(all.map((one) => one.change.account))} ${which === "lost" ? "loses" : "gains"} in ${some(regions)}: ${some(change[which])}`,
    );
  const changed = stacks.filter(stackChanges);
  return [
    `${review.environment}: ${verdictSentence(review)} ${totalsSentence(review)}`,
    ...atMost(
      groupMissing(review.missing).map(
        ({ first, all }) =>
          `  not planned: ${some(all.map(({ stack }) => stack))}: ${oneLine(first.reason)}`,
      ),
    ),
    ...acknowledgementLines(review, show).map((line) => `  acknowledgement: ${line}`),
    ...atMost(told("blocked")),
    ...atMost(covered("lost")),
    ...atMost(covered("gained")),
    ...atMost(told("warning")),
    ...atMost(policies.map((policy) => `  ${show(policy.stack)}: ${policyTitle(policy)}`)),
    ...atMost(told("acknowledged")),
    ...atMost(told("announced")),
    ...atMost(
      changed.flatMap((stack) =>
        [
          ...stack.resources.map((resource) => resourceLine(resource, show)),
          ...(stack.outputs.length > 0 ? [outputsLine(stack, show)] : []),
        ].map((line) => `  ${show(stack.stack)}: ${line}`),
      ),
    ),
    ...atMost(
      stacks.flatMap((stack) =>
        stack.drift.map(
          (resource) =>
            `  ${show(stack.stack)}: outside of Terraform: ${oneLine(outsideLine(resource, show), 1000)}`,
        ),
      ),
    ),
  ].flatMap((line) => line.split("\n"));
}

function atMost(lines: readonly string[]): string[] {
  return lines.length > MOST
    ? [...lines.slice(0, MOST), `  … and ${lines.length - MOST} more`]
    : [...lines];
}
