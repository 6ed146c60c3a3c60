/** A review as GitHub's Markdown, for a pull request. */
import {
  coverageEntry,
  findingEntry,
  guardEntry,
  policyEntry,
  stackEntry,
} from "./markdown-entries";
import { groupCoverage, groupFindings, groupMissing, groupStacks } from "./grouped";
import { code, codes } from "./markdown-text";
import { type Finding, type Review, stackChanges } from "../report";
import { acknowledgementLines, totalsSentence, verdictSentence } from "./words";

/** How a review is written. */
export interface MarkdownOptions {
  /**
   * GitHub takes 65,536 characters in a comment. At least 2,000.
   * @default 65,000
   */
  readonly maxCharacters?: number;
  /**
   * Where the whole review is, as the end of the sentence "The whole review is in …". Ours, and so
   * not escaped.
   * @default "the review's JSON"
   */
  readonly whole?: string;
}

/** A part of the page: its entries are kept or left out one by one, the first ones first. */
interface Section {
  readonly title: string;
  /** Whether it is folded up. */
  readonly folded: boolean;
  /** Each one or more whole lines of Markdown. */
  readonly entries: readonly string[];
}

/**
 * The review, most important first, never longer than allowed: what is left out is counted, with
 * the place where the whole is.
 *
 * @throws RangeError where `maxCharacters` leaves no room for a page at all
 */
export function renderMarkdown(review: Review, options: MarkdownOptions = {}): string {
  const { maxCharacters = 65_000, whole = "the review's JSON" } = options;
  if (maxCharacters < 2_000)
    throw new RangeError(`maxCharacters is ${maxCharacters}; at least 2,000 are needed`);
  const head = [
    `## Central Trail: plan of ${code(review.environment)}`,
    "",
    `**${verdictSentence(review)}** ${totalsSentence(review)}`,
    "",
  ].join("\n");
  const sections = sectionsOf(review).filter(({ entries }) => entries.length > 0);
  const foot = (left: readonly string[]): string =>
    left.length === 0
      ? ""
      : `\n> **Cut to fit:** left out are ${left.join("; ")}. The whole review is in ${whole}.\n`;
  const longestFoot = foot(sections.map(({ title, entries }) => `${entries.length} of ${title}`));
  let room = maxCharacters - head.length - longestFoot.length;
  const left: string[] = [];
  const body = sections.map((section, index) => {
    const last = index === sections.length - 1;
    // A section may take what is there but for half, so that those after it have some.
    const { text, leftOut } = fill(section, last ? room : Math.ceil(room / 2));
    room -= text.length;
    if (leftOut > 0) left.push(`${leftOut} of ${section.title}`);
    return text;
  });
  return head + body.join("") + foot(left);
}

/** As many of a section's entries as there is room for. */
function fill(section: Section, room: number): { readonly text: string; readonly leftOut: number } {
  const { title, folded, entries } = section;
  const start = folded
    ? `\n<details><summary>${title} (${entries.length})</summary>\n\n`
    : `\n### ${title}\n\n`;
  const end = folded ? "\n</details>\n" : "";
  let rest = room - start.length - end.length;
  const kept: string[] = [];
  for (const entry of entries) {
    if (entry.length + 1 > rest) break;
    kept.push(entry);
    rest -= entry.length + 1;
  }
  if (kept.length === 0) return { text: "", leftOut: entries.length };
  return { text: `${start}${kept.join("\n")}\n${end}`, leftOut: entries.length - kept.length };
}

function sectionsOf(review: Review): Section[] {
  const { findings, coverage, policies, stacks } = review;
  const inState = (state: Finding["state"]): string[] =>
    groupFindings(findings.filter((finding) => finding.state === state)).map(
      (group, index, groups) => {
        const again = groups[index - 1]?.first.guard === group.first.guard;
        return (again ? "" : guardEntry(group.first)) + findingEntry(group);
      },
    );
  const lost = coverage.filter((one) => one.lost.length > 0);
  const gained = coverage.filter((one) => one.lost.length === 0 && one.gained.length > 0);
  const open = { folded: false };
  const folded = { folded: true };
  return [
    {
      title: "Stacks that could not be planned",
      ...open,
      entries: groupMissing(review.missing).map(
        ({ first, all }) => `- ${codes(all.map(({ stack }) => stack))}: ${code(first.reason)}`,
      ),
    },
    {
      title: "Acknowledgements to look at",
      ...open,
      entries: acknowledgementLines(review, code).map((line) => `- ${line}`),
    },
    { title: "Blocked", ...open, entries: inState("blocked") },
    {
      title: "Accounts that lose logging",
      ...open,
      entries: groupCoverage(lost).map((group) => coverageEntry(group, "lost")),
    },
    {
      title: "Accounts that gain logging",
      ...open,
      entries: groupCoverage(gained).map((group) => coverageEntry(group, "gained")),
    },
    { title: "Warnings", ...open, entries: inState("warning") },
    { title: "Policy changes", ...open, entries: policies.map(policyEntry) },
    {
      title: "Acknowledged or announced in the environment file",
      ...folded,
      entries: [...inState("acknowledged"), ...inState("announced")],
    },
    {
      title: "Resources and outputs that change",
      ...folded,
      entries: groupStacks(stacks.filter(stackChanges)).map((group) =>
        stackEntry(group, ({ resources }) => resources),
      ),
    },
    {
      title: "Changed outside of Terraform",
      ...folded,
      entries: groupStacks(
        stacks
          .filter(({ drift }) => drift.length > 0)
          .map((stack) => ({ ...stack, resources: [], outputs: [] })),
      ).map((group) => stackEntry(group, ({ drift }) => drift)),
    },
  ];
}
