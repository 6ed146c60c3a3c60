import { eventProblems, insightProblems } from "../../cloudtrail/selection/event-problems";
import type { AdvancedEventSelector } from "../../cloudtrail/selection/event-selectors";
import type { EventContext } from "../../cloudtrail/selection/event-settings";
import { oldestMajor, strangeFields } from "../../cloudtrail/selection/provider-fields";
import { partitionOfRegion } from "../../cloudtrail/regions";
import { formatPath, type EntryProblem, type Path } from "../schema/problems";
import { type AccountEntry, type AccountInput, accountsOf, type SoundFile } from "./sound-file";
import { DEFAULT_TRAIL, trailEvents, trailInsights } from "../schema/trail-schema";
import { logBuckets } from "../trails";

/**
 * What must hold for the events that trails record. Each finding once, at the settings that it
 * comes from.
 */
export function checkEventRules(file: SoundFile): EntryProblem[] {
  const findings = new Map<string, EntryProblem>();
  const parse = parserOfEvents();
  const refused = new Set<unknown>();
  for (const account of loggedAccounts(file)) {
    const settings = { ...file.trail, ...account.entry.trail };
    // Raw selectors that one account can't have, no account can; there may be many of both.
    if (refused.has(settings.events)) continue;
    const own = findingsOf(file, account, parse(settings.events));
    for (const finding of own)
      findings.set(`${formatPath(finding.path)} ${finding.found}`, finding);
    const { basicSelectors, advancedSelectors } = settings.events ?? {};
    if (own.length > 0 && (basicSelectors ?? advancedSelectors) !== undefined) {
      refused.add(settings.events);
    }
  }
  return [...findings.values()];
}

/**
 * What CloudTrail takes in selectors, and the AWS provider that deploys them does not.
 *
 * @param installedMajor the provider's major version, where the file says none
 */
export function checkProviderFields(file: SoundFile, installedMajor: number): EntryProblem[] {
  const major =
    file.awsProviderVersion === undefined ? installedMajor : oldestMajor(file.awsProviderVersion);
  const own = [...loggedAccounts(file).map(({ path, entry }) => ({ path, trail: entry.trail }))];
  return [{ path: [], trail: file.trail }, ...own].flatMap(({ path, trail }) =>
    strangeFields(soundSelectors(trail?.events), major).map(({ selector, condition, problem }) => ({
      path: [
        ...path,
        "trail",
        "events",
        "advancedSelectors",
        selector,
        "FieldSelectors",
        condition,
        "Field",
      ],
      found: `a field that the deploy can't set: ${problem.replace(/\.$/, "")}`,
      allowed: `what version ${major} of the AWS provider takes, which ${file.awsProviderVersion === undefined ? "@cdktf/provider-aws was made from" : "awsProviderVersion lets in"}`,
      fix: "leave the condition out, or take a newer provider: docs/event-selection.md",
    })),
  );
}

function soundSelectors(events: unknown): readonly AdvancedEventSelector[] {
  const parsed = trailEvents.safeParse(events);
  return parsed.success ? (parsed.data.advancedSelectors ?? []) : [];
}

type ParsedEvents = ReturnType<typeof parseEvents>;

function parseEvents(events: unknown) {
  return trailEvents.optional().safeParse(events);
}

/** Parses each settings of events once, however many accounts have them. */
function parserOfEvents(): (events: unknown) => ParsedEvents {
  const parsed = new Map<unknown, ParsedEvents>();
  return (events) => {
    const result = parsed.get(events) ?? parseEvents(events);
    parsed.set(events, result);
    return result;
  };
}

/** Every account that has a trail. */
function loggedAccounts(file: SoundFile): AccountEntry[] {
  return accountsOf(file).filter(({ entry }) => entry.retiring !== true);
}

function findingsOf(
  file: SoundFile,
  { path, entry }: AccountEntry,
  events: ParsedEvents,
): EntryProblem[] {
  const settings = { ...file.trail, ...entry.trail };
  const context = contextOf(file, entry);
  // What the schema refuses has its own findings.
  const insights = trailInsights.optional().safeParse(settings.insights);
  if (context === undefined || !events.success || !insights.success) return [];
  const at = (key: "events" | "insights"): Path =>
    entry.trail?.[key] === undefined ? ["trail", key] : [...path, "trail", key];
  return [
    ...eventProblems(events.data, context).map((found) => ({
      path: at("events"),
      at: "key" as const,
      found: sentencePart(found),
      allowed: "a selection that CloudTrail takes, and that leaves the log buckets out",
      fix: "docs/event-selection.md has presets that fit",
    })),
    ...insightProblems(insights.data ?? [], events.data, context).map((found) => ({
      path: at("insights"),
      found: sentencePart(found),
      allowed: "each kind of Insights once, on a trail that records what it looks at",
      fix: "remove it, or record more management events",
    })),
  ];
}

/** A sentence as the end of one that starts with "found". */
function sentencePart(sentence: string): string {
  return `a selection that can't be: ${sentence.replace(/\.$/, "")}`;
}

function contextOf(file: SoundFile, entry: AccountInput): EventContext | undefined {
  const { account, region } = entry;
  const { bucket, prefix, accessLogBucket } = file.destination ?? {};
  if (account === undefined || region === undefined || bucket === undefined) return undefined;
  const { name, multiRegion } = { ...DEFAULT_TRAIL, ...file.trail, ...entry.trail };
  return {
    trail: {
      partition: partitionOfRegion(region),
      homeRegion: region,
      accountId: account,
      name,
    },
    isMultiRegionTrail: multiRegion,
    logBuckets: logBuckets({ bucket, prefix, accessLogBucket }),
  };
}
