/** The entries of a review's page in Markdown. */
import { SUBJECT_WORDS } from "./guards/policies";
import { type AccountCoverage, grouped, type Group } from "./grouped";
import { code, codes } from "./markdown-text";
import type { PolicyDifference, RightDifference } from "./policies";
import { RIGHT_WORDS } from "./rights";
import { type Finding, type ReviewedResource, type ReviewedStack } from "./report";
import { outputsLine, policyTitle, resourceLine, RIGHT_LEVELS } from "./words";

/** What a guard stands for, once for all that it found. */
export function guardEntry({ guard, reason, wayOut, state }: Finding): string {
  const way = state === "blocked" || state === "warning" ? ` *Way out:* ${wayOut}` : "";
  return `- **${guard}**: ${reason}${way}\n`;
}

export function findingEntry({ first, all }: Group<Finding>): string {
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

export function coverageEntry(
  { first, all }: Group<AccountCoverage>,
  which: "lost" | "gained",
): string {
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

export function policyEntry(policy: PolicyDifference): string {
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

export function stackEntry(
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
