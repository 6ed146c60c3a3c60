/**
 * What a set of Terraform plans does to an environment's logs: which events are logged no more, who
 * gains or loses which right, and what guards block. Pure: whoever calls runs Terraform, and asks
 * the API.
 *
 * @packageDocumentation
 */
export type { AcknowledgementDoubt } from "../envs/rules/acknowledgements";
export { type Right, RIGHTS } from "../iam/policy-rights";
export type { RegionCoverage } from "./coverage";
export type { StackPlan, StackSynthesis } from "./estate";
export type { Applied, GuardFinding, TrailShown } from "./guards/finding";
export { type MarkdownOptions, renderMarkdown } from "./markdown";
export type { OutputChange, PlanAction } from "./plan";
export { PlanError } from "./plan-format";
export type { AttributeChange } from "./plan-value";
export type { PolicyDifference, PolicySize, RightDifference } from "./policies";
export { RIGHT_WORDS, type RightId } from "./rights";
export {
  type DoubtfulAcknowledgement,
  exitCode,
  type Finding,
  type GuardAndSubject,
  isBlocked,
  type MissingStack,
  type Review,
  REVIEW_VERSION,
  type ReviewedResource,
  type ReviewedStack,
  type ReviewInput,
  type Totals,
} from "./report";
export { reviewPlans } from "./review";
export type { CarrierKind, Subject } from "./subjects";
export { renderSummary } from "./summary";
