/** For each account and region, which events are logged before and after. */
import { parseTrailArn } from "../../cloudtrail/trails/trail-identity";
import { accountName, type Estate, type Located } from "../plans/estate";
import { compareTexts } from "../compare-texts";
import { at, type PlanValue, scalar, textOf } from "../plans/plan-value";
import { describeRecorded, lacking, type Recorded, recordedEvents } from "./recorded-events";

/** All regions that no other entry of the account names. */
export const OTHER_REGIONS = "all other regions";

/** One account in one region. */
export interface RegionCoverage {
  /** Twelve digits. */
  readonly account: string;
  /** @default - the environment has no name for it */
  readonly name?: string;
  /** A region, or `all other regions`. */
  readonly region: string;
  /** What is logged, sorted; empty for nothing. */
  readonly before: readonly string[];
  /** As `before`, once the plans are applied. */
  readonly after: readonly string[];
  /** What is logged before and not after. */
  readonly lost: readonly string[];
  /** What is logged after and not before. */
  readonly gained: readonly string[];
}

interface Side {
  readonly regions: readonly string[];
  recorded(region: string): readonly Recorded[];
}

/** Each account that the plans have a trail of, before or after. Sorted by account and region. */
export function coverageOf(estate: Estate): RegionCoverage[] {
  const byAccount = new Map<string, Located[]>();
  for (const located of estate.resources) {
    if (located.change.type !== "aws_cloudtrail") continue;
    const account = accountOfTrail(located);
    byAccount.set(account, [...(byAccount.get(account) ?? []), located]);
  }
  return [...byAccount.keys()].sort(compareTexts).flatMap((account) => {
    const trails = byAccount.get(account) ?? [];
    const before = side(estate, trails, ({ before: old }) => old);
    const after = side(estate, trails, ({ action, before: old, after: now }) =>
      // What Terraform only forgets goes on logging.
      action === "forget" ? old : now,
    );
    const homes = [...new Set([...before.regions, ...after.regions])].sort(compareTexts);
    const name = accountName(estate.environment, account);
    return [...homes, OTHER_REGIONS].flatMap((region): RegionCoverage[] => {
      const [old, now] = [before.recorded(region), after.recorded(region)];
      if (old.length + now.length === 0) return [];
      return [
        {
          account,
          region,
          ...(name === undefined ? {} : { name }),
          before: words(old),
          after: words(now),
          lost: words(lacking(old, now)),
          gained: words(lacking(now, old)),
        },
      ];
    });
  });
}

function words(recorded: readonly Recorded[]): string[] {
  return [...new Set(recorded.map(describeRecorded))].sort(compareTexts);
}

/** The account of a trail: that of its ARN, which is the truth, else that of its stack. */
export function accountOfTrail({ stack, change }: Located): string {
  const arn = textOf(at(change.before, "arn")) ?? "";
  return parseTrailArn(arn)?.accountId ?? stack.account ?? "unknown account";
}

function side(
  estate: Estate,
  trails: readonly Located[],
  of: (change: Located["change"]) => PlanValue | undefined,
): Side {
  const logging = trails.flatMap(({ stack, change }) => {
    const value = of(change);
    if (value === undefined || scalar(at(value, "enable_logging")) === false) return [];
    // The provider's default, which its plans always spell out, is to log; an unknown is not a
    // promise.
    if (["unknown", "sensitive"].includes(at(value, "enable_logging").kind)) return [];
    const home =
      textOf(at(value, "home_region")) ??
      parseTrailArn(textOf(at(value, "arn")) ?? "")?.homeRegion ??
      homeRegion(estate, stack.account);
    return [
      {
        home,
        everywhere: scalar(at(value, "is_multi_region_trail")) === true,
        recorded: recordedEvents(value),
      },
    ];
  });
  return {
    regions: logging.map(({ home }) => home),
    recorded: (region) =>
      logging.flatMap(({ home, everywhere, recorded }) =>
        everywhere || home === region ? recorded : [],
      ),
  };
}

/** The region of the stack's provider. */
function homeRegion({ environment }: Estate, account: string | undefined): string {
  const { destination, members } = environment;
  const found = [destination, ...members].find((one) => one.account === account);
  return (found ?? destination).region;
}
