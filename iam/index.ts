/** Policy documents as types, and their evaluation as IAM does it. */
export { type Decision, evaluate, type Policies } from "./evaluate";
export { explain } from "./explain";
export { parsePolicy } from "./parse";
export { comparePolicies, type PolicyComparison } from "./policy-comparison";
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
