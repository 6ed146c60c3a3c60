import { GUARD_IDS, type GuardId } from "../../envs/rules/guard-ids";
import { GUARDS } from "../../review/guards/table";
import type { Finding, Review } from "../../review/report";
import { RECORDED, recordedReview } from "../fixtures/plans/recorded";

interface Both {
  /** Recorded plans in which the guard fires. */
  readonly fires: readonly string[];
  /** A recorded change of the same kind of resource, in the same stack, in which it does not. */
  readonly harmless: string;
}

/** For every guard, real plans both ways. */
const BOTH: Readonly<Record<GuardId, Both>> = {
  "account-cut-off": { fires: ["account-removed"], harmless: "account-left" },
  "acls-turned-on": { fires: ["acls-on"], harmless: "settings-fixed" },
  "bucket-destroyed": { fires: ["destination-removed"], harmless: "destination-moved" },
  "bucket-encryption-weakened": { fires: ["encryption-weakened"], harmless: "bucket-key-on" },
  "bucket-replaced": { fires: ["bucket-renamed"], harmless: "bucket-tagged" },
  "delivery-moved": { fires: ["trail-other-bucket"], harmless: "trail-fixed" },
  "force-destroy-turned-on": { fires: ["bucket-force-destroy"], harmless: "settings-fixed" },
  "key-deletion-scheduled": { fires: ["key-removed"], harmless: "destination-moved" },
  "key-disabled": { fires: ["key-disabled"], harmless: "key-described" },
  "key-replaced": { fires: ["key-replaced"], harmless: "key-described" },
  "log-deletion-allowed": { fires: ["hardening-off"], harmless: "hardening-more" },
  "object-lock-weakened": { fires: ["lock-shortened"], harmless: "lock-lengthened" },
  "plan-incomplete": { fires: ["bucket-rename-refused"], harmless: "bucket-tagged" },
  "policy-not-known": { fires: ["policy-sensitive", "policy-unknown"], harmless: "reader-added" },
  "policy-over-limit": { fires: ["policy-over-limit"], harmless: "policy-at-limit" },
  "prevent-destroy-taken-off": { fires: ["made-throwaway"], harmless: "bucket-tagged" },
  "provider-account-mismatch": { fires: ["provider-other-account"], harmless: "tags-changed" },
  "public-access-opened": {
    fires: ["public-access-opened", "policy-public"],
    harmless: "settings-fixed",
  },
  "resource-forgotten": { fires: ["trail-forgotten"], harmless: "trail-moved" },
  "retention-shortened": { fires: ["retention-shortened"], harmless: "retention-lengthened" },
  "stranger-allowed": { fires: ["policy-stranger", "policy-public"], harmless: "reader-added" },
  "tls-not-required": { fires: ["policy-plain-http"], harmless: "reader-added" },
  "trail-destroyed": { fires: ["trail-removed"], harmless: "trail-imported" },
  "trail-encryption-off": { fires: ["trail-encryption-off"], harmless: "trail-fixed" },
  "trail-records-less": { fires: ["trail-write-only"], harmless: "trail-data-events" },
  "trail-replaced": { fires: ["trail-renamed"], harmless: "trail-moved" },
  "trail-single-region": { fires: ["trail-single-region"], harmless: "trail-fixed" },
  "trail-stops": { fires: ["trail-stops"], harmless: "trail-stopped-outside" },
  "trail-validation-off": { fires: ["trail-validation-off"], harmless: "trail-fixed" },
  "versioning-off": { fires: ["versioning-off"], harmless: "settings-fixed" },
};

const reviews = new Map<string, Review>(RECORDED.map((name) => [name, recordedReview(name)]));

/** How findings stand in the review, each state once. */
function states(plan: string, guard: GuardId): string[] {
  return [...new Set(findings(plan, guard).map(({ state }) => state))];
}

function findings(plan: string, guard: GuardId): readonly Finding[] {
  return reviews.get(plan)!.findings.filter((finding) => finding.guard === guard);
}

/** The stacks of a plan, and `stack type` of the resources that change. */
function touched(plan: string): string[] {
  return reviews
    .get(plan)!
    .stacks.flatMap(({ stack, resources }) => [
      stack,
      ...resources.map(({ type }) => `${stack} ${type}`),
    ]);
}

/** What a guard found is about: a whole stack, or a kind of resource. */
function placesOf(plan: string, guard: GuardId): string[] {
  return findings(plan, guard).flatMap(({ subject, stack, address }) => {
    if (GUARDS[guard].subject === "stack") return [subject];
    return stack === undefined || address === undefined
      ? touched(plan).filter((place) => place.includes(" "))
      : [`${stack} ${address.split(".")[0]}`];
  });
}

describe("real plans of every guard", () => {
  test("none is left out, and each plan that is named here is there", () => {
    expect(Object.keys(BOTH).sort()).toEqual([...GUARD_IDS].sort());
    const named = Object.values(BOTH).flatMap(({ fires, harmless }) => [...fires, harmless]);
    expect(named.filter((name) => !RECORDED.includes(name))).toEqual([]);
  });

  test.each(Object.entries(BOTH) as [GuardId, Both][])("%s", (guard, { fires, harmless }) => {
    const state = GUARDS[guard].severity === "block" ? "blocked" : "warning";
    for (const plan of fires) {
      expect({ plan, states: states(plan, guard) }).toEqual({ plan, states: [state] });
    }
    expect({ plan: harmless, found: findings(harmless, guard) }).toEqual({
      plan: harmless,
      found: [],
    });
    // A neighbour, and not just any plan: something of the same kind changes in the same stack.
    const places = fires.flatMap((plan) => placesOf(plan, guard));
    const shared = touched(harmless).filter((place) => places.includes(place));
    expect({ harmless, shared }).not.toEqual({ harmless, shared: [] });
  });
});
