import { Token } from "cdktf";
import type { PolicyDocument, Statement } from "../iam/policy-document";
import { type OwnStatements, statementProblems } from "../policies/documents/own-statements";
import type { PropCheck } from "./module-options";

/**
 * The checks of statements of one's own that stand at the end of a policy. What Terraform alone
 * knows is not looked into: of a statement with a token in it, only the Sid is.
 */
export function statementChecks(
  policy: PolicyDocument,
  own: readonly Statement[] = [],
): readonly PropCheck[] {
  const others = policy.Statement.slice(0, policy.Statement.length - own.length);
  return statementProblems(own, others)
    .filter(({ index, element }) => element === "Sid" || isKnown(own[index]))
    .map(({ index, element, message }) => ({
      prop: `statements[${index}]${element === "" ? "" : `.${element}`}`,
      problem: message,
    }));
}

/** The statements without those that Terraform alone knows: what can be evaluated. */
export function knownStatements(statements: OwnStatements | undefined): OwnStatements | undefined {
  return (
    statements && {
      bucket: statements.bucket?.filter(isKnown),
      key: statements.key?.filter(isKnown),
      topic: statements.topic?.filter(isKnown),
    }
  );
}

function isKnown(statement: Statement | undefined): boolean {
  return !Token.isUnresolved(JSON.stringify(statement));
}
