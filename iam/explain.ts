import type { Decision, StatementRef } from "./evaluate";

const VERDICT = {
  allowed: "ALLOWED",
  explicitDeny: "DENIED by a statement",
  implicitDeny: "DENIED since nothing allows it",
} as const;

/** `resource policy, statement 2 (AWSCloudTrailWrite20131101)`; counted from 1, for people. */
export function describeStatement({ policy, policyIndex, index, sid }: StatementRef): string {
  const name = policy === "resource" ? "resource policy" : `identity policy ${policyIndex + 1}`;
  return `${name}, statement ${index + 1}${sid === undefined ? "" : ` (${sid})`}`;
}

/**
 * A decision as text of several lines: the verdict and its reason, the statement that decided, and
 * of each statement whether it matched or why not.
 */
export function explain(decision: Decision): string {
  const { decidedBy, explanation, reason } = decision;
  return [
    `${VERDICT[decision.decision]}: ${reason}`,
    ...(decidedBy ? [`Decided by ${describeStatement(decidedBy)}.`] : []),
    ...explanation.map(
      ({ statement, effect, matched, reason: why }) =>
        `  ${matched ? "+" : "-"} ${describeStatement(statement)}, ${effect}: ${why}`,
    ),
  ].join("\n");
}
