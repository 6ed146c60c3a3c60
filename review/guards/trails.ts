import { accountOfTrail } from "../coverage/coverage";
import type { Located } from "../plans/estate";
import { at, describeValue, type PlanValue, scalar } from "../plans/plan-value";
import { type GuardFinding, place, type Scene } from "./finding";

/** Trails that go, stop, or log less than before. */
export function trailGuards({ estate, environment, coverage }: Scene): GuardFinding[] {
  const trails = estate.resources.filter(({ change }) => change.type === "aws_cloudtrail");
  const retiring = new Set(
    environment.members.filter((member) => member.retiring).map(({ account }) => account),
  );
  const touched = new Set<string>();
  const found = trails.flatMap((located): GuardFinding[] => {
    const { change, stack } = located;
    const subject = accountOfTrail(located);
    const common = { subject, ...place(located) };
    switch (change.action) {
      case "destroy":
        touched.add(subject);
        return [
          retiring.has(subject)
            ? {
                guard: "trail-destroyed",
                ...common,
                announced: true,
                what: "the trail of a retiring account is deleted, as the environment file says",
              }
            : { guard: "trail-destroyed", ...common, what: "the trail is deleted" },
        ];
      case "replace":
        touched.add(subject);
        return [{ guard: "trail-replaced", ...common, what: "the trail is replaced" }];
      case "update": {
        const changes = attributeGuards(located, common, stack.forReviewOnly);
        if (changes.some(({ guard }) => EXPLAINS_LESS.includes(guard))) touched.add(subject);
        return changes;
      }
      default:
        return [];
    }
  });
  return [...found, ...recordsLess(coverage, touched)];
}

/** Guards that say already why a trail records less. */
const EXPLAINS_LESS: readonly string[] = ["trail-stops", "trail-single-region"];

interface Rule {
  readonly guard: GuardFinding["guard"];
  readonly attribute: string;
  readonly what: string;
  /** Whether the change of the attribute's value is what the guard stands against. */
  readonly fires: (before: PlanValue, after: PlanValue) => boolean;
}

/** True before, and anything but true after: what is not known is not a promise. */
const turnedOff = (before: PlanValue, after: PlanValue): boolean =>
  scalar(before) === true && scalar(after) !== true;

const isNothing = (value: PlanValue): boolean => [null, ""].includes(scalar(value) as string);

const RULES: readonly Rule[] = [
  {
    guard: "trail-stops",
    attribute: "enable_logging",
    fires: turnedOff,
    what: "the trail stops logging",
  },
  {
    guard: "trail-validation-off",
    attribute: "enable_log_file_validation",
    fires: turnedOff,
    what: "digest files are no longer written",
  },
  {
    guard: "trail-single-region",
    attribute: "is_multi_region_trail",
    fires: turnedOff,
    what: "the trail logs one region alone",
  },
  {
    guard: "trail-encryption-off",
    attribute: "kms_key_id",
    what: "log files are no longer encrypted with a KMS key",
    fires: (before, after) => !isNothing(before) && isNothing(after),
  },
  ...(["s3_bucket_name", "s3_key_prefix"] as const).map((attribute): Rule => ({
    guard: "delivery-moved",
    attribute,
    what: "log files are delivered to another place",
    fires: (before, after) => describePlace(before) !== describePlace(after),
  })),
];

function describePlace(value: PlanValue): string {
  return isNothing(value) ? "" : describeValue(value);
}

function attributeGuards(
  { change }: Located,
  common: Pick<GuardFinding, "subject" | "stack" | "address">,
  forReviewOnly: boolean,
): GuardFinding[] {
  return RULES.flatMap(({ guard, attribute, what, fires }) => {
    const [before, after] = [at(change.before, attribute), at(change.after, attribute)];
    // A plan for review alone has stand-ins for where files go; that they differ says nothing.
    if (guard === "delivery-moved" && forReviewOnly) return [];
    if (!fires(before, after)) return [];
    return [
      {
        guard,
        ...common,
        what,
        before: `${attribute} ${describeValue(before)}`,
        after: describeValue(after),
      },
    ];
  });
}

/**
 * Coverage that is lost for another reason than that a trail goes, stops or shrinks to one region.
 */
function recordsLess(coverage: Scene["coverage"], touched: ReadonlySet<string>): GuardFinding[] {
  return coverage
    .filter(({ account, lost }) => lost.length > 0 && !touched.has(account))
    .map(({ account, region, lost }) => ({
      guard: "trail-records-less",
      subject: account,
      what: `events in ${/^[a-z0-9 -]+$/.test(region) ? region : "one region"} are no longer logged`,
      before: lost.join("; "),
    }));
}
