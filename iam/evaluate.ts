/**
 * May this principal do this? The answer follows from the policies alone, by AWS's evaluation
 * logic.
 *
 * Not looked at, since nothing here knows them: service and resource control policies, permissions
 * boundaries, session policies, VPC endpoint policies, KMS grants and S3 ACLs. Each of them but
 * grants and ACLs can only take away from what is allowed here.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
 */
import { compilePolicy, type CompiledStatement } from "./compile";
import type { PolicyDocument } from "./policy-document";
import { PolicyError, type PolicyProblem } from "./policy-error";
import { describePrincipal, describePrincipals, grantTo, spares, type Grant } from "./principals";
import type { AccessRequest } from "./request";
import { contextKeys } from "./request-context";
import type { ContextKeys } from "./variables";

/** The policies that bear on a request. */
export interface Policies {
  /**
   * The policy of the resource: bucket policy, key policy, topic policy, trust policy.
   *
   * @default - the resource has none
   */
  readonly resourcePolicy?: PolicyDocument;
  /**
   * The policies of the principal, those of its groups included. Services and anonymous callers
   * have none.
   *
   * @default - the principal has none
   */
  readonly identityPolicies?: readonly PolicyDocument[];
  /** The account that owns the resource, twelve digits. */
  readonly resourceAccount: string;
  /**
   * Keys and roles take no access from identity policies unless their own policy opens the door: by
   * naming the principal, or by naming its account and so leaving it to the identity policies.
   *
   * @default "other": within the account, either side is enough
   */
  readonly resourceType?: "kms-key" | "iam-role" | "other";
}

/** One statement of the policies that were evaluated. */
export interface StatementRef {
  /** Whose policy it stands in. */
  readonly policy: "resource" | "identity";
  /** Which of the identity policies; 0 for the resource policy. */
  readonly policyIndex: number;
  /** Which statement of that policy, from 0. */
  readonly index: number;
  /**
   * Its Sid.
   * @default - the statement has none
   */
  readonly sid?: string;
}

/** Whether one statement speaks of the request, and if not why. */
export interface StatementExplanation {
  /** The statement. */
  readonly statement: StatementRef;
  /** What it does to the requests that it speaks of. */
  readonly effect: "Allow" | "Deny";
  /** Whether it speaks of the request. */
  readonly matched: boolean;
  /** The first thing in which statement and request differ, or what the match means. */
  readonly reason: string;
}

/** The answer. */
export interface Decision {
  /** An explicit deny wins over every allow; what nobody allows is an implicit deny. */
  readonly decision: "allowed" | "explicitDeny" | "implicitDeny";
  /**
   * The first statement that made the decision. Across accounts, where two sides have to allow,
   * that of the resource policy; where a key policy leaves it to identity policies, that of the
   * identity policy.
   *
   * @default - no statement did: an implicit deny, or the account's root user
   */
  readonly decidedBy?: StatementRef;
  /** One sentence that says which rule led to the decision. */
  readonly reason: string;
  /** Every statement of every policy, resource policy first. */
  readonly explanation: readonly StatementExplanation[];
}

/** A statement's explanation with what an Allow of it would grant. */
interface Judged {
  readonly said: StatementExplanation;
  readonly grant: Grant;
}

/**
 * Evaluates a request.
 *
 * @throws PolicyError where a document or the request cannot be evaluated: unknown elements,
 *   operators or variables, values of the wrong type, multivalued keys under an operator for single
 *   values
 */
export function evaluate(request: AccessRequest, policies: Policies): Decision {
  checkRequest(request, policies);
  const { principal } = request;
  const type = policies.resourceType ?? "other";
  const context = contextKeys(request, {
    account: policies.resourceAccount,
    isKmsKey: type === "kms-key",
  });
  const resourceSide =
    policies.resourcePolicy === undefined
      ? []
      : judge(policies.resourcePolicy, "resource", 0, type, request, context);
  const identitySide = (policies.identityPolicies ?? []).flatMap((document, index) =>
    judge(document, "identity", index, type, request, context),
  );
  const all = [...resourceSide, ...identitySide];
  const explanation = all.map(({ said }) => said);
  const answer = (
    decision: Decision["decision"],
    reason: string,
    decidedBy?: Judged,
  ): Decision => ({
    decision,
    ...(decidedBy ? { decidedBy: decidedBy.said.statement } : {}),
    reason,
    explanation,
  });

  const deny = all.find(({ said }) => said.matched && said.effect === "Deny");
  if (deny) return answer("explicitDeny", "A Deny statement matches, and Deny wins.", deny);

  const allows = (side: readonly Judged[], grant: Grant) =>
    side.find((one) => one.said.matched && one.said.effect === "Allow" && one.grant === grant);
  const named = allows(resourceSide, "direct");
  const opened = allows(resourceSide, "account");
  const identity = allows(identitySide, "direct");

  if (!("accountId" in principal)) {
    return named
      ? answer(
          "allowed",
          "The resource policy allows it, which is all that this caller needs.",
          named,
        )
      : answer(
          "implicitDeny",
          "This caller needs an Allow of the resource policy, and none matches.",
        );
  }
  // The root user needs no identity policy: it has all of its account's rights.
  const identityAllows = identity !== undefined || principal.kind === "root";

  if (principal.accountId !== policies.resourceAccount) {
    const resource = named ?? opened;
    if (resource && identityAllows)
      return answer(
        "allowed",
        "Across accounts both sides have to allow it: the resource policy does, and so does the principal's own account.",
        resource,
      );
    const missing = [
      ...(resource ? [] : ["the resource policy"]),
      ...(identityAllows ? [] : ["an identity policy of the principal"]),
    ];
    return answer(
      "implicitDeny",
      `Across accounts both sides have to allow it; no Allow matches in ${missing.join(" nor in ")}.`,
    );
  }

  if (named)
    return answer(
      "allowed",
      "The resource policy allows it to a principal of its own account.",
      named,
    );
  if (type === "other") {
    return identityAllows
      ? answer("allowed", "Within the account an identity policy is enough.", identity)
      : answer("implicitDeny", "No Allow statement of either side matches.");
  }
  if (opened && identityAllows)
    return answer(
      "allowed",
      "The resource policy leaves it to the account's identity policies, and one of them allows it.",
      identity,
    );
  return answer(
    "implicitDeny",
    opened
      ? "The resource policy leaves it to the account's identity policies, and none of them allows it."
      : "Without an Allow of the resource policy no identity policy gives access to this kind of resource.",
  );
}

function judge(
  document: PolicyDocument,
  policy: "resource" | "identity",
  policyIndex: number,
  type: NonNullable<Policies["resourceType"]>,
  request: AccessRequest,
  context: ContextKeys,
): Judged[] {
  const kind = policy === "identity" ? "identity" : type === "iam-role" ? "trust" : "resource";
  const where = policy === "identity" ? `identityPolicies[${policyIndex}]` : "resourcePolicy";
  const statements = located(where, () => compilePolicy(document, kind));
  return statements.map((compiled, index) => {
    const { grant, mismatch } = located(`${where}.Statement[${index}]`, () =>
      match(compiled, request, context),
    );
    const { sid, effect } = compiled;
    const matches =
      grant === "account"
        ? "matches, by the principal's account: its identity policies have to allow it too"
        : "matches";
    return {
      said: {
        statement: { policy, policyIndex, index, ...(sid === undefined ? {} : { sid }) },
        effect,
        matched: mismatch === undefined,
        reason: mismatch ?? matches,
      },
      grant,
    };
  });
}

/**
 * Runs the work; problems that it throws say where they are.
 *
 * @throws PolicyError with the place before each path
 */
function located<T>(where: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw new PolicyError(
      error.problems.map(({ path, message }) => ({
        path: path === "" ? where : `${where}.${path}`,
        message,
      })),
    );
  }
}

function match(
  { effect, principals, actions, resources, conditions }: CompiledStatement,
  request: AccessRequest,
  context: ContextKeys,
): { readonly grant: Grant; readonly mismatch?: string } {
  let grant: Grant = "direct";
  if (principals) {
    const { named, negated } = principals;
    const given = negated
      ? spares(named, request.principal)
        ? undefined
        : "direct"
      : grantTo(named, request.principal);
    if (given === undefined)
      return {
        grant,
        mismatch: `${negated ? "NotPrincipal spares" : "Principal does not name"} ${describePrincipal(request.principal)}; the policy has ${describePrincipals(named)}`,
      };
    // A Deny for an account is for all of it; only an Allow leaves it to others.
    if (effect === "Allow") grant = given;
  }
  if (actions.matches(request.action, context) === actions.negated)
    return { grant, mismatch: `${actions.text} does not cover ${request.action}` };
  if (resources && resources.matches(request.resource, context) === resources.negated)
    return { grant, mismatch: `${resources.text} does not cover ${request.resource}` };
  for (const condition of conditions) {
    const failure = condition.failure(context);
    if (failure !== undefined) return { grant, mismatch: failure };
  }
  return { grant };
}

function checkRequest({ principal, action }: AccessRequest, policies: Policies): void {
  const problems: PolicyProblem[] = [];
  const problem = (message: string) => problems.push({ path: "", message });
  if (!/^[A-Za-z0-9-]+:[A-Za-z0-9]+$/.test(action))
    problem(`The request's action ${JSON.stringify(action)} is not one action, as in s3:PutObject`);
  const accounts = [
    policies.resourceAccount,
    ...("accountId" in principal ? [principal.accountId] : []),
  ];
  for (const account of accounts) {
    if (!/^\d{12}$/.test(account))
      problem(`${JSON.stringify(account)} is not an account ID of 12 digits`);
  }
  if (!("accountId" in principal) && (policies.identityPolicies ?? []).length > 0)
    problem(
      `There are identity policies for ${describePrincipal(principal)}, which cannot have any; leave them out`,
    );
  if (problems.length > 0) throw new PolicyError(problems);
}
