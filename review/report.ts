/**
 * What a review says: one document, from which Markdown, the terminal's lines and the exit code
 * follow.
 */
import type { AcknowledgementDoubt } from "../envs/rules/acknowledgements";
import type { GuardId } from "../envs/rules/guard-ids";
import type { Environment } from "../envs/types";
import type { RegionCoverage } from "./coverage/coverage";
import type { StackPlan } from "./plans/estate";
import type { Applied, GuardFinding, TrailShown } from "./guards/finding";
import type { OutputChange, PlanAction } from "./plans/plan";
import type { AttributeChange } from "./plans/plan-value";
import type { PolicyDifference } from "./rights/policies";

/** What is reviewed. */
export interface ReviewInput {
  /** The environment as its file says now. */
  readonly environment: Environment;
  /** The day in UTC, `2026-01-31`, which says what acknowledgements still count. */
  readonly today: string;
  /** The environment's stacks with their plans, in any order. */
  readonly stacks: readonly StackPlan[];
  /**
   * Stacks that belong to the review and have no plan.
   * @default - none
   */
  readonly missing?: readonly MissingStack[];
  /**
   * What the version that is applied says.
   * @default - of an account that leaves, its own stack's state is looked at; where there is none,
   *   it counts as not retiring
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
  /** The stack's name. */
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
  /** What is at stake. */
  readonly reason: string;
  /** How to go on. */
  readonly wayOut: string;
  /** Why it is all right, as the environment file says. @default - it is not acknowledged */
  readonly acknowledgement?: string;
}

/** What an acknowledgement is of. */
export interface GuardAndSubject {
  /** The guard's ID. */
  readonly guard: GuardId;
  /** An account, a bucket, a key, a principal, a resource or a stack, as the guard has it. */
  readonly subject: string;
}

/** An acknowledgement that is to be looked at. */
export interface DoubtfulAcknowledgement extends GuardAndSubject {
  /** Why it is to be looked at. */
  readonly doubt: AcknowledgementDoubt;
  /** The doubt in words, and what to do. */
  readonly what: string;
  /** @default - it has no end */
  readonly until?: string;
}

/** One resource that changes. */
export interface ReviewedResource {
  /** Terraform's address. */
  readonly address: string;
  /** Terraform's type, such as `aws_cloudtrail`. */
  readonly type: string;
  /** What Terraform does with it. */
  readonly action: PlanAction;
  /**
   * Why, in Terraform's words such as `replace_because_cannot_update`.
   * @default - Terraform says nothing
   */
  readonly actionReason?: string;
  /**
   * Where it stood before it was moved in the configuration.
   * @default - it was not moved
   */
  readonly previousAddress?: string;
  /**
   * The ID by which it is imported; empty where that is not known yet.
   * @default - it is not imported
   */
  readonly importedId?: string;
  /** Of an update or a replacement. Values are text; sensitive ones are never told. */
  readonly attributes: readonly AttributeChange[];
}

/** One stack. */
export interface ReviewedStack {
  /** The stack's name. */
  readonly stack: string;
  /** @default - it cannot be known */
  readonly account?: string;
  /**
   * The account's name in the environment file.
   * @default - it has none
   */
  readonly name?: string;
  /** Whether the plan can be read only, and not applied. */
  readonly forReviewOnly: boolean;
  /** Resources that change, move or are imported, by address. */
  readonly resources: readonly ReviewedResource[];
  /** Outputs that change, by name; their values are reported nowhere. */
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
  /** Stacks that were planned. */
  readonly stacks: number;
  /** Those of them with changes. */
  readonly stacksThatChange: number;
  /** Outputs that change. */
  readonly outputs: number;
};

/**
 * A review. As JSON its keys are in this order and its lists are sorted, so equal plans give equal
 * texts.
 */
export interface Review {
  /** Rises when a field goes or changes its meaning. */
  readonly version: typeof REVIEW_VERSION;
  /** The environment's name. */
  readonly environment: string;
  /** "incomplete" where a stack could not be planned, whatever was found in the others. */
  readonly verdict: "clean" | "changes" | "blocked" | "incomplete";
  /** Stacks that could not be planned, by name. Nothing below speaks of them. */
  readonly missing: readonly MissingStack[];
  /** How many resources, stacks and outputs change. */
  readonly totals: Totals;
  /** Blocked first. */
  readonly findings: readonly Finding[];
  /** Acknowledgements of the environment file that nothing was found for. */
  readonly unusedAcknowledgements: readonly GuardAndSubject[];
  /** Acknowledgements that expired and do not count any more, or that have no end within a year. */
  readonly doubtfulAcknowledgements: readonly DoubtfulAcknowledgement[];
  /**
   * Every account that the plans have a trail of, by region: those that lose logging stand first.
   */
  readonly coverage: readonly RegionCoverage[];
  /** Resource policies that differ in meaning, or may. */
  readonly policies: readonly PolicyDifference[];
  /** Every stack that was planned, by name. */
  readonly stacks: readonly ReviewedStack[];
}

/** 0: nothing changes. 1: a stack could not be planned. 2: something changes. 3: a guard blocks. */
export function exitCode({ verdict }: Review): 0 | 1 | 2 | 3 {
  return ({ clean: 0, incomplete: 1, changes: 2, blocked: 3 } as const)[verdict];
}

/** Whether a guard that nobody acknowledged stands against it, also in an incomplete review. */
export function isBlocked({ findings }: Pick<Review, "findings">): boolean {
  return findings.some(({ state }) => state === "blocked");
}

/**
 * Whether applying the stack's plan would do anything; outputs alone count, as they do for
 * Terraform.
 */
export function stackChanges({ resources, outputs }: ReviewedStack): boolean {
  return resources.length > 0 || outputs.length > 0;
}
