/**
 * Policy documents made ready for evaluation: checked wholly and once.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
import { closest } from "fastest-levenshtein";
import {
  compileActions,
  compileResources,
  exactlyOne,
  reportOtherThanSts,
  type ElementList,
} from "./actions-and-resources";
import { compileConditions, type Condition } from "./conditions";
import { isObject } from "./json";
import { tooDeepAt } from "./json-limits";
import { firstOf, listed, PolicyError, type PolicyProblem, type Report } from "./policy-error";
import { compilePrincipals, type Principals } from "./principals";

/**
 * What a document is attached to. A resource's policy names principals; an identity's must not; a
 * role's trust policy names principals and no resources, since the role is the only one.
 */
export type PolicyKind = "resource" | "identity" | "trust";

/** One statement, ready for evaluation. */
export interface CompiledStatement {
  /** Its Sid, if it has one. */
  readonly sid: string | undefined;
  /** What it does to the requests that it speaks of. */
  readonly effect: "Allow" | "Deny";
  /** Undefined in identity policies. */
  readonly principals: { readonly negated: boolean; readonly named: Principals } | undefined;
  /** Action or NotAction. */
  readonly actions: ElementList;
  /** Undefined in trust policies. */
  readonly resources: ElementList | undefined;
  /** All have to hold. */
  readonly conditions: readonly Condition[];
}

const DOCUMENT_ELEMENTS = ["Version", "Id", "Statement"];
const STATEMENT_ELEMENTS = [
  "Sid",
  "Effect",
  "Principal",
  "NotPrincipal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
];
const VERSIONS = ["2012-10-17", "2008-10-17"];

const compiled: Record<PolicyKind, WeakMap<object, readonly CompiledStatement[]>> = {
  resource: new WeakMap(),
  identity: new WeakMap(),
  trust: new WeakMap(),
};

/** Levels of objects and lists in one another; the policy language has six. */
export const MAX_POLICY_DEPTH = 16;

/**
 * The statements of a document, ready for evaluation. The result is kept as long as the document,
 * so a document must not be changed once it has been evaluated.
 *
 * @throws PolicyError with the problems of the document
 */
export function compilePolicy(document: unknown, kind: PolicyKind): readonly CompiledStatement[] {
  const known = isObject(document) ? compiled[kind].get(document) : undefined;
  if (known !== undefined) return known;
  const deep = tooDeepAt(document, MAX_POLICY_DEPTH);
  if (deep !== undefined) {
    const message = `Objects and lists stand more than ${MAX_POLICY_DEPTH} deep in one another; a policy has six levels at most`;
    throw new PolicyError([{ path: deep, message }]);
  }
  const problems: PolicyProblem[] = [];
  const statements = compileDocument(document, kind, (path, message) =>
    problems.push({ path, message }),
  );
  if (problems.length > 0) throw new PolicyError(firstOf(problems));
  compiled[kind].set(document as object, statements);
  return statements;
}

function compileDocument(
  document: unknown,
  kind: PolicyKind,
  report: Report,
): readonly CompiledStatement[] {
  if (!isObject(document)) {
    report("", "The policy is not a JSON object");
    return [];
  }
  reportUnknown(document, DOCUMENT_ELEMENTS, "", report);
  const version = document.Version ?? "2008-10-17";
  if (!VERSIONS.includes(version as string))
    report("Version", `is ${JSON.stringify(version)}; ${listed(VERSIONS)} are allowed`);
  if (document.Id !== undefined) {
    if (typeof document.Id !== "string") report("Id", "is not a text");
    if (kind === "identity") report("Id", "is allowed in resource policies only; remove it");
  }
  const statements: unknown[] = Array.isArray(document.Statement)
    ? document.Statement
    : document.Statement === undefined
      ? []
      : [document.Statement];
  if (statements.length === 0)
    report("Statement", "is missing or empty; give at least one statement");
  const paths = statements.map((_, index) => `Statement[${index}]`);
  reportDuplicateSids(statements, paths, report);
  return statements.flatMap((statement, index) =>
    compileStatement(statement, kind, version === "2012-10-17", paths[index] as string, report),
  );
}

function reportUnknown(
  element: Record<string, unknown>,
  allowed: readonly string[],
  path: string,
  report: Report,
): void {
  for (const name of Object.keys(element)) {
    if (allowed.includes(name)) continue;
    report(
      path === "" ? name : `${path}.${name}`,
      `is not an element of a policy${path === "" ? "" : " statement"}; did you mean ${closest(name, allowed)}? Allowed are ${allowed.join(", ")}, written exactly so`,
    );
  }
}

function reportDuplicateSids(
  statements: unknown[],
  paths: readonly string[],
  report: Report,
): void {
  const seen = new Map<unknown, string>();
  for (const [index, statement] of statements.entries()) {
    const sid = isObject(statement) ? statement.Sid : undefined;
    const path = paths[index] as string;
    const earlier = seen.get(sid);
    if (sid === undefined || sid === "") continue;
    if (earlier === undefined) seen.set(sid, path);
    else
      report(
        `${path}.Sid`,
        `${JSON.stringify(sid)} is also the Sid of ${earlier}; each statement needs its own`,
      );
  }
}

function compileStatement(
  statement: unknown,
  kind: PolicyKind,
  variables: boolean,
  path: string,
  report: Report,
): CompiledStatement[] {
  if (!isObject(statement)) {
    report(path, "is not an object");
    return [];
  }
  reportUnknown(statement, STATEMENT_ELEMENTS, path, report);
  const { Sid: sid, Effect: effect } = statement;
  if (sid !== undefined && typeof sid !== "string") report(`${path}.Sid`, "is not a text");
  else if (kind === "identity" && sid !== undefined && !/^[A-Za-z0-9]*$/.test(sid))
    report(
      `${path}.Sid`,
      `${JSON.stringify(sid)} may hold only letters and digits in an identity policy`,
    );
  if (effect !== "Allow" && effect !== "Deny")
    report(
      `${path}.Effect`,
      `is ${JSON.stringify(effect) ?? "missing"}; "Allow" or "Deny" is allowed`,
    );
  if (kind === "trust") reportOtherThanSts(statement, path, report);
  return [
    {
      sid: typeof sid === "string" ? sid : undefined,
      effect: effect === "Deny" ? "Deny" : "Allow",
      principals: statementPrincipals(statement, kind, path, report),
      actions: compileActions(statement, path, report),
      resources:
        kind === "trust"
          ? noResources(statement, path, report)
          : compileResources(
              statement,
              { variables, incompleteArns: kind === "identity" },
              path,
              report,
            ),
      conditions:
        statement.Condition === undefined
          ? []
          : compileConditions(statement.Condition, variables, `${path}.Condition`, report),
    },
  ];
}

function statementPrincipals(
  statement: Record<string, unknown>,
  kind: PolicyKind,
  path: string,
  report: Report,
): CompiledStatement["principals"] {
  const given = ["Principal", "NotPrincipal"].filter((name) => statement[name] !== undefined);
  if (kind === "identity") {
    for (const name of given)
      report(
        `${path}.${name}`,
        "is not allowed in an identity policy, whose principal is the one that it is attached to; remove it",
      );
    return undefined;
  }
  const name = exactlyOne(given, "Principal", path, report);
  if (name === undefined) return undefined;
  const negated = name === "NotPrincipal";
  if (negated && kind === "trust")
    report(
      `${path}.NotPrincipal`,
      "is not allowed in a role's trust policy; name those who may assume the role in Principal",
    );
  if (negated && statement.Effect === "Allow")
    report(
      `${path}.NotPrincipal`,
      "is allowed with Effect Deny only; name those to be allowed in Principal",
    );
  return { negated, named: compilePrincipals(statement[name], `${path}.${name}`, report) };
}

function noResources(statement: Record<string, unknown>, path: string, report: Report): undefined {
  for (const name of ["Resource", "NotResource"]) {
    if (statement[name] !== undefined)
      report(
        `${path}.${name}`,
        "is not allowed in a role's trust policy, whose resource is the role; remove it",
      );
  }
}
