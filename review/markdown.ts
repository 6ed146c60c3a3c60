/** A review as GitHub's Markdown, for a pull request. */
import { SUBJECT_WORDS } from "./guards/policies";
import {
  type AccountCoverage,
  grouped,
  groupCoverage,
  groupFindings,
  groupMissing,
  groupStacks,
  type Group,
} from "./grouped";
import { code, codes } from "./markdown-text";
import type { PolicyDifference, RightDifference } from "./policies";
import { RIGHT_WORDS } from "./probes";
import {
  type Finding,
  type Review,
  type ReviewedResource,
  type ReviewedStack,
  stackChanges,
} from "./review";
import {
  acknowledgementLines,
  outputsLine,
  policyTitle,
  resourceLine,
  RIGHT_LEVELS,
  totalsSentence,
  verdictSentence,
} from "./words";

/** How a review is written. */
export interface MarkdownOptions {
  /**
   * GitHub takes 65,536 characters in a comment. At least 2,000.
   * @default 65,000
   */
  readonly maxCharacters?: number;
  /**
   * Where the whole review is, as the end of the sentence "The whole review is in …". Ours, and so not escaped.
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
 * The review, most important first, never longer than allowed: what is left out is counted, with the place
 * where the whole is.
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
      ...{ title: "Stacks that could not be planned", ...open },
      entries: groupMissing(review.missing).map(
        ({ first, all }) => `- ${codes(all.map(({ stack }) => stack))}: ${code(first.reason)}`,
      ),
    },
    {
      ...{ title: "Acknowledgements to look at", ...open },
      entries: acknowledgementLines(review, code).map((line) => `- ${line}`),
    },
    { title: "Blocked", ...open, entries: inState("blocked") },
    {
      ...{ title: "Accounts that lose logging", ...open },
      entries: groupCoverage(lost).map((group) => coverageEntry(group, "lost")),
    },
    {
      ...{ title: "Accounts that gain logging", ...open },
      entries: groupCoverage(gained).map((group) => coverageEntry(group, "gained")),
    },
    { title: "Warnings", ...open, entries: inState("warning") },
    { title: "Policy changes", ...open, entries: policies.map(policyEntry) },
    {
      ...{ title: "Acknowledged or announced in the environment file", ...folded },
      entries: [...inState("acknowledged"), ...inState("announced")],
    },
    {
      ...{ title: "Resources and outputs that change", ...folded },
      entries: groupStacks(stacks.filter(stackChanges)).map((group) =>
        stackEntry(group, ({ resources }) => resources),
      ),
    },
    {
      ...{ title: "Changed outside of Terraform", ...folded },
      entries: groupStacks(
        stacks
          .filter(({ drift }) => drift.length > 0)
          .map((stack) => ({ ...stack, resources: [], outputs: [] })),
      ).map((group) => stackEntry(group, ({ drift }) => drift)),
    },
  ];
}

/** What a guard stands for, once for all that it found. */
function guardEntry({ guard, reason, wayOut, state }: Finding): string {
  const way = state === "blocked" || state === "warning" ? ` *Way out:* ${wayOut}` : "";
  return `- **${guard}**: ${reason}${way}\n`;
}

function findingEntry({ first, all }: Group<Finding>): string {
  const { what, before, after, acknowledgement, stack, address } = first;
  const subjects = [...new Set(all.map(({ subject }) => subject))];
  const stacks = [...new Set(all.flatMap((one) => one.stack ?? []))];
  const values =
    before === undefined && after === undefined
      ? ""
      : `: ${[before, after].flatMap((text) => (text === undefined ? [] : [code(text)])).join(" → ")}`;
  const where =
    stack === undefined
      ? ""
      : ` (${address === undefined ? "" : `${code(address)} in `}${stacks.length === 1 ? `stack ${code(stack)}` : `${stacks.length} stacks: ${codes(stacks, 3)}`})`;
  const why = acknowledgement === undefined ? "" : `. Acknowledged: ${code(acknowledgement)}`;
  return `  - ${codes(subjects)}: ${plain(what)}${values}${where}${why}`;
}

/** Our own words, in which nothing of others stands; still, nothing in them shall be Markdown. */
function plain(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|~&@]/g, "\\$&");
}

function coverageEntry({ first, all }: Group<AccountCoverage>, which: "lost" | "gained"): string {
  const { lost, gained, before, after } = first.change;
  const accounts = all.map(({ change: { account, name } }) =>
    name === undefined ? account : `${account} ${name}`,
  );
  const also = which === "lost" && gained.length > 0 ? `; gains ${codes(gained)}` : "";
  const nothing =
    which === "lost" && after.length === 0
      ? " **Nothing is logged there any more.**"
      : which === "gained" && before.length === 0
        ? " Nothing was logged there before."
        : which === "lost"
          ? ` What is left: ${codes(after, 8)}.`
          : "";
  return `- ${codes(accounts)} in ${codes(first.regions)}: ${which === "lost" ? "loses" : "gains"} ${codes(which === "lost" ? lost : gained, 8)}${also}.${nothing}`;
}

/** Entries of one policy that are shown; the JSON has all. */
const SHOWN = 40;

function policyEntry(policy: PolicyDifference): string {
  const { stack, address, name, statements, rights, version, unjudged, problem } = policy;
  const lines = [
    `- **${policyTitle(policy)}** ${name === "" ? "" : `of ${code(name)} `}(${code(address)} in ${code(stack)})`,
    ...(policy.gone ? ["  - It goes with what it is the policy of."] : []),
    ...(unjudged === undefined
      ? []
      : [`  - Not judged: ${unjudged}${problem === undefined ? "" : ` ${code(problem)}`}`]),
    ...(version === undefined
      ? []
      : [`  - Version: ${code(version.before)} → ${code(version.after)}`]),
  ];
  const details = [
    ...(policy.created
      ? [
          `  - New, with the statements ${codes(
            statements.map(({ sid = "" }) => sid),
            10,
          )}`,
        ]
      : statements.map(statementLine)),
    ...groupRights(rights).map(rightLine),
  ];
  const rest = details.length - SHOWN;
  return [
    ...lines,
    ...details.slice(0, SHOWN),
    ...(rest > 0 ? [`  - and ${rest} more, which the JSON has`] : []),
  ].join("\n");
}

function statementLine(statement: PolicyDifference["statements"][number]): string {
  const { verdict, effect, kind, sid, previousSid, elements } = statement;
  const whole = verdict === "added" || verdict === "removed";
  const was = previousSid === undefined ? "" : `, was ${code(previousSid)}`;
  const part = (sign: string, values: readonly string[]): string =>
    values.length === 0 ? "" : ` ${sign} ${codes(values, 3)}`;
  const parts = elements.map(
    ({ element, added, removed }) => `${code(element)}${part("+", added)}${part("−", removed)}`,
  );
  const meaning = `${verdict}${whole ? `, which ${effect === "weakened" ? "weakens" : "tightens"} it` : ""}`;
  return `  - Statement ${sid === undefined ? "without Sid" : code(sid)} (${code(kind)}${was}): ${meaning}${parts.length === 0 ? "" : `: ${parts.join("; ")}`}`;
}

/** What several subjects gain or lose alike. */
interface SameRights {
  readonly rights: readonly RightDifference["right"][];
  readonly change: RightDifference;
}

/** Subjects that gain or lose the same; gains first. */
function groupRights(rights: readonly RightDifference[]): Group<SameRights>[] {
  const ofOne = grouped(rights, ({ subject: { kind, id }, before, after }) =>
    JSON.stringify([kind, id, before, after]),
  ).map(({ first, all }): SameRights => ({ change: first, rights: all.map(({ right }) => right) }));
  const groups = grouped(ofOne, ({ rights: same, change: { subject, before, after } }) =>
    JSON.stringify([subject.kind, before, after, same]),
  );
  return [
    ...groups.filter(({ first }) => first.change.gain),
    ...groups.filter(({ first }) => !first.change.gain),
  ];
}

function rightLine({ first, all }: Group<SameRights>): string {
  const { subject, before, after, gain } = first.change;
  const ids = all.map(({ change }) => change.subject.id).filter((id) => id !== "");
  const who = ids.length === 0 ? "" : ` ${codes(ids, 4)}`;
  const deeds = first.rights.map((right) => RIGHT_WORDS[right]).join("; ");
  return `  - ${gain ? "Gains" : "Loses"} (${RIGHT_LEVELS[before]} → ${RIGHT_LEVELS[after]}): ${SUBJECT_WORDS[subject.kind]}${who} may ${deeds}`;
}

/** Attributes of one resource that are shown. */
const ATTRIBUTES = 12;

function stackEntry(
  { first, all }: Group<ReviewedStack>,
  of: (stack: ReviewedStack) => readonly ReviewedResource[],
): string {
  const same =
    all.length === 1
      ? ""
      : `; the same in ${all.length - 1} more: ${codes(
          all.slice(1).map(({ stack }) => stack),
          3,
        )}`;
  return [
    `- ${code(first.stack)}${first.forReviewOnly ? " (for review only, not to be applied)" : ""}${same}`,
    ...of(first).flatMap((resource) => {
      const rest = resource.attributes.length - ATTRIBUTES;
      return [
        `  - ${resourceLine(resource, code)}`,
        ...resource.attributes
          .slice(0, ATTRIBUTES)
          .map(
            ({ path, before, after }) => `    - ${code(path)}: ${code(before)} → ${code(after)}`,
          ),
        ...(rest > 0 ? [`    - and ${rest} more attributes`] : []),
      ];
    }),
    ...(first.outputs.length > 0 ? [`  - ${outputsLine(first, code)}`] : []),
  ].join("\n");
}
