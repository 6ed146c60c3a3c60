/**
 * Policy documents as types, and their evaluation as IAM does it.
 *
 * @packageDocumentation
 */
export type { PolicyKind } from "./compile";
export {
  type Decision,
  evaluate,
  type Policies,
  type StatementExplanation,
  type StatementRef,
} from "./evaluate";
export { explain } from "./explain";
export { parsePolicy } from "./parse";
export {
  comparePolicies,
  type ElementChange,
  type PolicyComparison,
  type StatementChange,
  type StatementVerdict,
} from "./policy-comparison";
export {
  type ConditionElement,
  minify,
  type OneOrMany,
  type PolicyDocument,
  type PrincipalElement,
  sizeInBytes,
  type Statement,
} from "./policy-document";
export { PolicyError, type PolicyProblem } from "./policy-error";
export type { AccessRequest, Principal } from "./request";
