/**
 * What a set of plans does to the logs of an environment: one document, from which Markdown, the terminal's
 * summary and the exit code follow. Pure: whoever calls runs Terraform and asks the API.
 */
import {
  acknowledgementDoubt,
  type AcknowledgementDoubt,
  doubtWords,
} from "../envs/rules/acknowledgements";
import type { GuardId } from "../envs/rules/guard-ids";
import type { Environment } from "../envs/types";
import { type IsOwned, ownAttributes, ownership, settledAttributes } from "./owned-attributes";
import { coverageOf, type RegionCoverage } from "./coverage";
import { accountName, type Estate, readEstate, type ReadStack, type StackPlan } from "./estate";
import { bucketAndKeyGuards } from "./guards/buckets-and-keys";
import type { Applied, GuardFinding, Scene, TrailShown } from "./guards/finding";
import { policyGuards } from "./guards/policies";
import { stackGuards } from "./guards/stacks";
import { GUARDS } from "./guards/table";
import { trailGuards } from "./guards/trails";
import { compareTexts, type OutputChange, type PlanAction, type ResourceChange } from "./plan-json";
import { ABSENT, type AttributeChange, describeValue, differences, UNKNOWN } from "./plan-value";
import { type PolicyDifference, policyDifferences } from "./policies";

export type { Applied, TrailShown } from "./guards/finding";
export type { StackPlan } from "./estate";
export { PlanError } from "./plan-json";

/** What is reviewed. */
export interface ReviewInput {
  /** The environment as its file says now. */
  readonly environment: Environment;
  /** The day in UTC, `2026-01-31`, which says what acknowledgements still count. */
  readonly today: string;
  readonly stacks: readonly StackPlan[];
  /**
   * Stacks that belong to the review and have no plan.
   * @default - none
   */
  readonly missing?: readonly MissingStack[];
  /**
   * What the version that is applied says.
   * @default - of an account that leaves, its own stack's state is looked at; where there is none, it counts as not retiring
   */
  readonly applied?: Applied;
  /**
   * Whether the API still shows the trail, for accounts that leave.
   * @default - the API could not be asked
   */
  readonly trailsShown?: ReadonlyMap<string, TrailShown>;
}

/** A stack that could not be planned. */
export interface MissingStack {
  readonly stack: string;
  /** What was said, as Terraform printed it. */
  readonly reason: string;
}

/** The version of {@link Review} as JSON: it rises when a field goes or changes its meaning. */
export const REVIEW_VERSION = 1;

/** What a guard found, with what the environment file says to it. */
export interface Finding extends GuardFinding {
  /** `acknowledged` and `announced` do not block. */
  readonly state: "blocked" | "warning" | "acknowledged" | "announced";
  readonly reason: string;
  readonly wayOut: string;
  /** Why it is all right, as the environment file says. @default - it is not acknowledged */
  readonly acknowledgement?: string;
}

/** What an acknowledgement is of. */
interface GuardAndSubject {
  readonly guard: GuardId;
  readonly subject: string;
}

/** An acknowledgement that is to be looked at. */
export interface DoubtfulAcknowledgement extends GuardAndSubject {
  readonly doubt: AcknowledgementDoubt;
  /** The doubt in words, and what to do. */
  readonly what: string;
  /** @default - it has no end */
  readonly until?: string;
}

/** One resource that changes. */
export interface ReviewedResource {
  readonly address: string;
  readonly type: string;
  readonly action: PlanAction;
  readonly actionReason?: string;
  readonly previousAddress?: string;
  readonly importedId?: string;
  /** Of an update or a replacement. Values are text; sensitive ones are never told. */
  readonly attributes: readonly AttributeChange[];
}

/** One stack. */
export interface ReviewedStack {
  readonly stack: string;
  /** @default - it cannot be told */
  readonly account?: string;
  readonly name?: string;
  /** Whether the plan can be read only, and not applied. */
  readonly forReviewOnly: boolean;
  /** Resources that change, move or are imported, by address. */
  readonly resources: readonly ReviewedResource[];
  /** Outputs that change, by name; their values are told nowhere. */
  readonly outputs: readonly OutputChange[];
  /** What was changed outside of Terraform, by address. */
  readonly drift: readonly ReviewedResource[];
}

/** The numbers of resources by what happens to them. */
export type Totals = Readonly<
  Record<
    "create" | "update" | "replace" | "destroy" | "forget" | "moved" | "imported" | "drifted",
    number
  >
> & {
  readonly stacks: number;
  readonly stacksThatChange: number;
  /** Outputs that change. */
  readonly outputs: number;
};

/** A review. As JSON its keys are in this order and its lists are sorted, so equal plans give equal texts. */
export interface Review {
  readonly version: typeof REVIEW_VERSION;
  readonly environment: string;
  /** "incomplete" where a stack could not be planned, whatever was found in the others. */
  readonly verdict: "clean" | "changes" | "blocked" | "incomplete";
  /** Stacks that could not be planned, by name. Nothing below speaks of them. */
  readonly missing: readonly MissingStack[];
  readonly totals: Totals;
  /** Blocked first. */
  readonly findings: readonly Finding[];
  /** Acknowledgements of the environment file that nothing was found for. */
  readonly unusedAcknowledgements: readonly GuardAndSubject[];
  /** Acknowledgements that expired and do not count any more, or that have no end within a year. */
  readonly doubtfulAcknowledgements: readonly DoubtfulAcknowledgement[];
  /** Every account that the plans have a trail of, by region: those that lose logging stand first. */
  readonly coverage: readonly RegionCoverage[];
  readonly policies: readonly PolicyDifference[];
  readonly stacks: readonly ReviewedStack[];
}

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
                ...{ guard, subject, doubt, what: doubtWords(doubt, until, today) },
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

/** 0: nothing changes. 1: a stack could not be planned. 2: something changes. 3: a guard blocks. */
export function exitCode({ verdict }: Review): 0 | 1 | 2 | 3 {
  return ({ clean: 0, incomplete: 1, changes: 2, blocked: 3 } as const)[verdict];
}

/** Whether a guard that nobody acknowledged stands against it, also in an incomplete review. */
export function isBlocked({ findings }: Pick<Review, "findings">): boolean {
  return findings.some(({ state }) => state === "blocked");
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
    ...{ state, reason, wayOut },
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

function reviewedStack(
  { stack, account, forReviewOnly, plan }: ReadStack,
  environment: Environment,
  isOwned: IsOwned,
): ReviewedStack {
  const name = account === undefined ? undefined : accountName(environment, account);
  return {
    stack,
    ...(account === undefined ? {} : { account }),
    ...(name === undefined ? {} : { name }),
    forReviewOnly,
    resources: plan.changes
      .filter(({ managed, address }) => managed && address !== STAND_IN)
      .filter(isChange)
      .map(reviewedResource),
    outputs: plan.outputs,
    drift: withSettled(
      plan.drift.filter(({ managed }) => managed).flatMap((change) => drifted(change, isOwned)),
      plan.changes,
      isOwned,
    ),
  };
}

/** Whether applying the stack's plan would do anything; outputs alone count, as they do for Terraform. */
export function stackChanges({ resources, outputs }: ReviewedStack): boolean {
  return resources.length > 0 || outputs.length > 0;
}

/** In a stack that can only be planned for review it stands for what is not known yet. */
export const STAND_IN = "terraform_data.known-after-apply";

function isChange({ action, previousAddress, importedId }: ResourceChange): boolean {
  const idle = action === "no-op" || action === "read";
  return !idle || previousAddress !== undefined || importedId !== undefined;
}

function reviewedResource(change: ResourceChange): ReviewedResource {
  const { address, type, action, actionReason, previousAddress, importedId } = change;
  return {
    ...{ address, type, action },
    ...(actionReason === undefined ? {} : { actionReason }),
    ...(previousAddress === undefined ? {} : { previousAddress }),
    ...(importedId === undefined ? {} : { importedId }),
    attributes: attributesOf(change),
  };
}

/** A resource that was changed outside of Terraform, with what was; nothing where that is nothing. */
function drifted(change: ResourceChange, isOwned: IsOwned): ReviewedResource[] {
  const resource = reviewedResource(change);
  if (change.action !== "update") return [resource];
  const attributes = ownAttributes(change, resource.attributes, isOwned);
  return attributes.length === 0 ? [] : [{ ...resource, attributes }];
}

/** With what was put on buckets outside of Terraform and is in their state since. */
function withSettled(
  drift: readonly ReviewedResource[],
  changes: readonly ResourceChange[],
  isOwned: IsOwned,
): readonly ReviewedResource[] {
  const known = new Set(
    drift.flatMap(({ address, attributes }) => attributes.map(({ path }) => `${address} ${path}`)),
  );
  const settled = changes
    .filter(({ type, action }) => type === "aws_s3_bucket" && ["no-op", "update"].includes(action))
    .flatMap((change): ReviewedResource[] => {
      const attributes = settledAttributes(change, isOwned).filter(
        ({ path }) => !known.has(`${change.address} ${path}`),
      );
      const { address, type } = change;
      return attributes.length === 0 ? [] : [{ address, type, action: "update", attributes }];
    });
  return [...drift, ...settled].sort((a, b) => compareTexts(a.address, b.address));
}

function attributesOf({
  action,
  before = ABSENT,
  after = ABSENT,
}: ResourceChange): AttributeChange[] {
  const changed = ["update", "replace"].includes(action) ? differences(before, after) : [];
  // A replacement makes all that AWS gives out anew, which says nothing.
  return action === "replace"
    ? changed.filter((one) => one.after !== describeValue(UNKNOWN))
    : changed;
}

function totalsOf({ stacks }: Estate, reviewed: readonly ReviewedStack[]): Totals {
  const resources = reviewed.flatMap((stack) => stack.resources);
  const count = (action: PlanAction): number =>
    resources.filter((one) => one.action === action).length;
  return {
    stacks: stacks.length,
    stacksThatChange: reviewed.filter(stackChanges).length,
    ...{ create: count("create"), update: count("update"), replace: count("replace") },
    ...{ destroy: count("destroy"), forget: count("forget") },
    moved: resources.filter(({ previousAddress }) => previousAddress !== undefined).length,
    imported: resources.filter(({ importedId }) => importedId !== undefined).length,
    outputs: reviewed.reduce((sum, { outputs }) => sum + outputs.length, 0),
    drifted: reviewed.reduce((sum, { drift }) => sum + drift.length, 0),
  };
}
