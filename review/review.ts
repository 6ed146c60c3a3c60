/** The review of a set of plans. Pure: whoever calls runs Terraform and asks the API. */
import { acknowledgementDoubt, doubtWords } from "../envs/rules/acknowledgements";
import type { Environment } from "../envs/types";
import { compareTexts } from "./compare-texts";
import { coverageOf, type RegionCoverage } from "./coverage/coverage";
import { readEstate } from "./plans/estate";
import { bucketAndKeyGuards } from "./guards/buckets-and-keys";
import type { GuardFinding, Scene, TrailShown } from "./guards/finding";
import { policyGuards } from "./guards/policies";
import { stackGuards } from "./guards/stacks";
import { GUARDS } from "./guards/table";
import { trailGuards } from "./guards/trails";
import { ownership } from "./owned-attributes";
import { policyDifferences } from "./rights/policies";
import {
  type DoubtfulAcknowledgement,
  type Finding,
  type GuardAndSubject,
  isBlocked,
  type Review,
  REVIEW_VERSION,
  type ReviewInput,
} from "./report";
import { reviewedStack, totalsOf } from "./reviewed-stack";

/**
 * Reviews the plans of an environment's stacks.
 *
 * @throws PlanError where a plan cannot be read, or a stack is given twice
 */
export function reviewPlans(input: ReviewInput): Review {
  const { environment, today, applied, missing = [] } = input;
  const { trailsShown = new Map<string, TrailShown>() } = input;
  const estate = readEstate(environment, input.stacks);
  const coverage = coverageOf(estate);
  const policies = policyDifferences(estate);
  const scene: Scene = { estate, environment, policies, coverage, applied, trailsShown };
  const found = [
    ...trailGuards(scene),
    ...policyGuards(scene),
    ...bucketAndKeyGuards(scene),
    ...stackGuards(scene),
  ];
  const findings = found
    .map((one) => judged(one, environment, today))
    .sort((a, b) => compareTexts(findingOrder(a), findingOrder(b)));
  const isOwned = ownership(estate);
  const stacks = estate.stacks.map((stack) => reviewedStack(stack, environment, isOwned));
  const totals = totalsOf(estate, stacks);
  return {
    version: REVIEW_VERSION,
    environment: environment.name,
    verdict:
      missing.length > 0
        ? "incomplete"
        : isBlocked({ findings })
          ? "blocked"
          : totals.stacksThatChange > 0
            ? "changes"
            : "clean",
    missing: [...missing].sort((a, b) => compareTexts(a.stack, b.stack)),
    totals,
    findings,
    // What they are for may be in a plan that is missing.
    unusedAcknowledgements: (missing.length > 0 ? [] : (environment.acknowledgements ?? []))
      .filter(
        ({ guard, subject }) =>
          !found.some((one) => one.guard === guard && one.subject === subject),
      )
      .map(({ guard, subject }) => ({ guard, subject }))
      .sort(byGuardAndSubject),
    doubtfulAcknowledgements: (environment.acknowledgements ?? [])
      .flatMap(({ guard, subject, until }): DoubtfulAcknowledgement[] => {
        const doubt = acknowledgementDoubt({ until }, today);
        return doubt === undefined
          ? []
          : [
              {
                guard,
                subject,
                doubt,
                what: doubtWords(doubt, until, today),
                ...(until === undefined ? {} : { until }),
              },
            ];
      })
      .sort(byGuardAndSubject),
    coverage: [...coverage].sort((a, b) => importance(a) - importance(b)),
    policies,
    stacks,
  };
}

function judged(
  found: GuardFinding,
  { acknowledgements = [] }: Environment,
  today: string,
): Finding {
  const { severity, reason, wayOut } = GUARDS[found.guard];
  const acknowledged = acknowledgements.find(
    (one) =>
      one.guard === found.guard &&
      one.subject === found.subject &&
      acknowledgementDoubt(one, today) !== "expired",
  );
  const state = found.announced
    ? "announced"
    : acknowledged
      ? "acknowledged"
      : severity === "block"
        ? "blocked"
        : "warning";
  return {
    ...found,
    state,
    reason,
    wayOut,
    ...(acknowledged ? { acknowledgement: acknowledged.reason } : {}),
  };
}

function byGuardAndSubject(a: GuardAndSubject, b: GuardAndSubject): number {
  return compareTexts(a.guard + a.subject, b.guard + b.subject);
}

const STATES: readonly Finding["state"][] = ["blocked", "warning", "acknowledged", "announced"];

function findingOrder({ state, guard, subject, stack, address, what, after }: Finding): string {
  return JSON.stringify([STATES.indexOf(state), guard, subject, stack, address, what, after]);
}

function importance({ lost, gained }: RegionCoverage): number {
  return lost.length > 0 ? 0 : gained.length > 0 ? 1 : 2;
}
