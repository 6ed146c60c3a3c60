import { compilePolicy } from "../../iam/compile";
import type { PolicyDocument, Statement } from "../../iam/policy-document";
import { PolicyError } from "../../iam/policy-error";

/**
 * Statements of one's own for the policies of a destination, added after those that are made here.
 */
export interface OwnStatements {
  /**
   * For the bucket policy.
   * @default - none
   */
  readonly bucket?: readonly Statement[];
  /**
   * For the policy of the key that is made.
   * @default - none
   */
  readonly key?: readonly Statement[];
  /**
   * For the topic policy.
   * @default - none
   */
  readonly topic?: readonly Statement[];
}

/** What is wrong with a statement of one's own. */
export interface StatementProblem {
  /** The statement's index in its list, from 0. */
  readonly index: number;
  /**
   * The element, with its path in the statement: `Condition.StringEqual`; empty for the whole
   * statement.
   */
  readonly element: string;
  /** What was found, what is allowed, and how to fix it. */
  readonly message: string;
}

/**
 * What is wrong with statements of one's own, all at once; empty where nothing is: what IAM or the
 * evaluator here does not read, a Sid that a statement has already, and an Allow for everybody.
 *
 * @param others the statements that they are put behind
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function statementProblems(
  own: readonly Statement[],
  others: readonly Statement[] = [],
): StatementProblem[] {
  if (own.length === 0) return [];
  const document: PolicyDocument = {
    Version: "2012-10-17",
    Statement: [...others, ...own],
  };
  return [...unreadable(document, others.length), ...own.flatMap(openToAll)];
}

function unreadable(document: PolicyDocument, before: number): StatementProblem[] {
  try {
    compilePolicy(document, "resource");
    return [];
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return error.problems
      .map(({ path, message }) => {
        const [, place = before, element = ""] = /^Statement\[(\d+)\]\.?(.*)$/s.exec(path) ?? [];
        return { index: Number(place) - before, element, message };
      })
      .filter(({ index }) => index >= 0);
  }
}

/**
 * S3 refuses such a bucket policy, since the bucket blocks public policies; key and topic would be
 * public.
 */
function openToAll(statement: Statement, index: number): StatementProblem[] {
  const { Effect, Principal, NotPrincipal, Condition } = statement;
  if (Effect !== "Allow") return [];
  if (NotPrincipal !== undefined)
    return [
      {
        index,
        element: "NotPrincipal",
        message:
          "with Allow lets in everybody but those named, without credentials too; name those to let in as Principal",
      },
    ];
  const conditions = Object.keys(Condition ?? {}).length;
  if (conditions > 0 || !namesEverybody(Principal)) return [];
  return [
    {
      index,
      element: "Principal",
      message:
        "lets everybody in, without credentials too; name accounts, roles or services, or add a Condition",
    },
  ];
}

function namesEverybody(principal: Statement["Principal"]): boolean {
  if (principal === "*") return true;
  const named = principal?.AWS ?? [];
  return typeof named === "string" ? named === "*" : named.includes("*");
}
