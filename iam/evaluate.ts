import type { PolicyDocument } from "./policy-document";
import type { AccessRequest } from "./request";

/** The policies that a request is evaluated against. */
export interface Policies {
  readonly resourcePolicy?: PolicyDocument;
  readonly identityPolicies?: readonly PolicyDocument[];
  readonly resourceAccount: string;
  readonly resourceType?: "kms-key" | "other";
}

/** One statement. */
export interface StatementRef {
  readonly policy: "resource" | "identity";
  readonly policyIndex: number;
  readonly index: number;
  readonly sid?: string;
}

/** Whether a statement matched, and if not why. */
export interface StatementExplanation {
  readonly statement: StatementRef;
  readonly effect: "Allow" | "Deny";
  readonly matched: boolean;
  readonly reason: string;
}

/** What evaluation came to. */
export interface Decision {
  readonly decision: "allowed" | "explicitDeny" | "implicitDeny";
  readonly decidedBy?: StatementRef;
  readonly explanation: readonly StatementExplanation[];
}

export declare function evaluate(request: AccessRequest, policies: Policies): Decision;
