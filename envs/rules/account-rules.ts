import { isOptInRegion, KNOWN_REGIONS, partitionOfRegion } from "../../cloudtrail/regions";
import { trailArn } from "../../cloudtrail/trails/trail-identity";
import { type EntryProblem, formatPath, type Path } from "../schema/problems";
import { nearest } from "../schema/suggest";
import { type AccountInput, accountsOf, type LineOf, type SoundFile, trailOf } from "./sound-file";

/** What must hold for each account and its trail. */
export function checkAccountRules(file: SoundFile, lineOf: LineOf): EntryProblem[] {
  return [
    ...accountsOnce(file, lineOf),
    ...homeRegions(file),
    ...globalEventsWithMultiRegion(file),
  ];
}

/**
 * Each account has one entry, so each has one trail of ours and the bucket policy names it once.
 */
function accountsOnce(file: SoundFile, lineOf: LineOf): EntryProblem[] {
  const first = new Map<string, { path: Path; arn: string | undefined }>();
  return accountsOf(file).flatMap(({ path, entry }) => {
    if (entry.account === undefined) return [];
    const arn = arnOf(file, entry);
    const earlier = first.get(entry.account);
    if (earlier === undefined) {
      first.set(entry.account, { path, arn });
      return [];
    }
    const line = lineOf([...earlier.path, "account"]);
    const same = arn !== undefined && arn === earlier.arn;
    return [
      {
        path: [...path, "account"],
        found: `${entry.account} again: it is the account of ${formatPath(earlier.path)} in line ${line}${same ? `; two trails with one identity ${arn}` : ""}`,
        allowed: "each account once, as the destination or as a member",
        fix: "correct the account ID, or remove this entry",
      },
    ];
  });
}

function arnOf(file: SoundFile, entry: AccountInput): string | undefined {
  const { account, region } = entry;
  if (account === undefined || region === undefined) return undefined;
  const { name } = trailOf(file, entry);
  if (name === undefined) return undefined;
  return trailArn({
    partition: partitionOfRegion(region),
    homeRegion: region,
    accountId: account,
    name,
  });
}

/**
 * An account can't use a region before it has opted in; and a slip of the pen looks like a new
 * region.
 */
function homeRegions(file: SoundFile): EntryProblem[] {
  const acknowledged = new Set(file.optInRegions);
  return accountsOf(file).flatMap(({ path, entry: { region } }) => {
    if (region === undefined || acknowledged.has(region)) return [];
    const known = KNOWN_REGIONS.includes(region);
    if (known && !isOptInRegion(region)) return [];
    const meant = known ? undefined : nearest(region, KNOWN_REGIONS);
    return [
      {
        path: [...path, "region"],
        found: `${region}, ${known ? "an opt-in region" : "a region that is not known here"}`,
        allowed: "a region that every account has from the start, or one that optInRegions lists",
        fix: `${meant === undefined ? "take another region" : `did you mean ${meant}?`} (Or, once every account here has opted in, add optInRegions: [${region}])`,
      },
    ];
  });
}

/** CloudTrail refuses a multi-region trail without global service events. */
function globalEventsWithMultiRegion(file: SoundFile): EntryProblem[] {
  const found = new Map<string, Path>();
  for (const { path, entry } of accountsOf(file)) {
    const { multiRegion, includeGlobalServiceEvents } = trailOf(file, entry);
    if (multiRegion !== true || includeGlobalServiceEvents !== false) continue;
    // Point at what makes this account's trail so: once at the file's settings, else at its own.
    const own = (["includeGlobalServiceEvents", "multiRegion"] as const).find(
      (key) => entry.trail?.[key] !== undefined,
    );
    const at =
      own === undefined ? ["trail", "includeGlobalServiceEvents"] : [...path, "trail", own];
    found.set(formatPath(at), at);
  }
  return [...found.values()].map((path) => ({
    path,
    found: "a multi-region trail without global service events",
    allowed: "includeGlobalServiceEvents: true where multiRegion is true, which is the default",
    fix: "write includeGlobalServiceEvents: true, or multiRegion: false",
  }));
}
