import { rootArn } from "../../cloudtrail/arn";
import type { Decision, StatementRef } from "../../iam/evaluate";
import { describeStatement } from "../../iam/explain";
import type { PolicyDocument } from "../../iam/policy-document";
import type { Principal } from "../../iam/request";
import { deployerRoles } from "../policies/deployer-roles";
import type { Deed, Operation, PolicedResources, Target } from "./requests";
import {
  accountOutside,
  namedPrincipals,
  onlyForPrincipals,
  principalOf,
  roleOf,
  unnamedRole,
  wholeAccount,
} from "../../policies/principals";

/**
 * `yes`: by our documents, and by what is known of the principal's own. `with-identity-policy`:
 * ours leave it to a policy that we don't see. `up-to-the-key-policy`: ours say nothing against it,
 * but the key's policy decides, and the key is not ours. `no`: whatever the policies are that we
 * don't see.
 */
export type AccessVerdict = "yes" | "with-identity-policy" | "up-to-the-key-policy" | "no";

/** What is to be said of some principals and one deed. */
export interface AccessAnswer {
  /** Who, in words. */
  readonly who: string;
  readonly verdict: AccessVerdict;
  /** What the verdict rests on: a sentence for each policy that took part. */
  readonly restsOn: readonly string[];
  /** Statements that deny it to them in requests of some kind, such as those over plain HTTP. */
  readonly unlessDeniedBy: readonly string[];
}

/** A deed, and what is to be said of everyone. */
export interface DeedAnswer {
  /** In words that follow "who can". */
  readonly what: string;
  readonly answers: readonly AccessAnswer[];
}

/** Someone who may be able to do something. */
interface Candidate {
  readonly who: string;
  readonly principal: Principal;
  /**
   * All its policies.
   * @default - not seen here
   */
  readonly identityPolicies?: readonly PolicyDocument[];
}

/** The most that a policy which we don't see can say. */
export const EVERYTHING: PolicyDocument = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
};

/**
 * Answers who can do something, with nobody left out: everyone whom the documents name, the owner's
 * root user and deployer, anyone else in the owner's account, in the members', in other accounts,
 * in none.
 */
export function whoCan(resources: PolicedResources): (deed: Deed) => DeedAnswer {
  const people = candidates(resources);
  return ({ what, operations }) => ({
    what,
    answers: people.map((candidate) => judge(resources, candidate, operations)),
  });
}

function candidates(resources: PolicedResources): Candidate[] {
  const { environment } = resources;
  const { destination, members, partition } = environment;
  const owner = destination.account;
  const named = (["bucket", "key"] as const).flatMap((target) => {
    const document = resources.policyOf(target);
    return document === undefined ? [] : namedPrincipals(document);
  });
  const people = [...new Set(named)].filter((name) => wholeAccount(name) === undefined);
  // The policies can tell apart only accounts that they name; all others are alike to them.
  const told = [...new Set(named.flatMap((name) => wholeAccount(name) ?? []))].filter(
    (id) => id !== owner,
  );
  const untold = members.map(({ account }) => account).filter((id) => !told.includes(id));
  const anyOf = (who: string, accountId: string): Candidate => ({
    who: `any principal of ${who}`,
    principal: roleOf(unnamedRole({ partition, accountId })),
  });
  const deployer = deployerRoles(environment).accounts[0]!;
  return [
    {
      who: `the root user of ${owner}`,
      principal: { kind: "root", arn: rootArn({ partition, accountId: owner }), accountId: owner },
    },
    ...people.map((name) => ({ who: name, principal: principalOf(name) })),
    {
      who: `${deployer.roleArn} with no more than \`central-trail policies\` prints for it`,
      principal: roleOf(deployer.roleArn),
      identityPolicies: [deployer.deploy],
    },
    anyOf(owner, owner),
    ...told.map((account) => anyOf(account, account)),
    ...(untold.length === 0 ? [] : [anyOf(`the member accounts ${inWords(untold)}`, untold[0]!)]),
    anyOf("any other account", accountOutside([owner, ...told, ...untold])),
    { who: "anyone without credentials", principal: { kind: "anonymous" } },
  ];
}

function inWords(accounts: readonly string[]): string {
  return accounts.length > 5 ? `(all ${accounts.length} alike)` : accounts.join(", ");
}

function judge(
  resources: PolicedResources,
  candidate: Candidate,
  operations: readonly Operation[],
): AccessAnswer {
  const judged = operations.map((operation) => judgeOne(resources, candidate, operation));
  const verdict = ORDER.find((one) => judged.some((each) => each.verdict === one))!;
  const deciding = judged.filter((one) => verdict !== "no" || one.verdict === "no");
  return {
    who: candidate.who,
    verdict,
    restsOn: deciding.map(({ sentence }) => sentence),
    unlessDeniedBy:
      verdict === "no"
        ? []
        : [...new Set(operations.flatMap((one) => mayBeDeniedBy(resources, candidate, one)))],
  };
}

/** Of several operations the first of these that one of them has holds for all together. */
const ORDER: readonly AccessVerdict[] = [
  "no",
  "up-to-the-key-policy",
  "with-identity-policy",
  "yes",
];

function judgeOne(
  resources: PolicedResources,
  { principal, identityPolicies }: Candidate,
  operation: Operation,
): { readonly verdict: AccessVerdict; readonly sentence: string } {
  const { action, resource, target } = operation;
  if (resources.policyOf(target) === undefined) {
    const sentence = `${action}: up to the policy of ${resource}, which is not ours`;
    return { verdict: "up-to-the-key-policy", sentence };
  }
  const alone = resources.decide(principal, operation, identityPolicies);
  const say = (decision: Decision, given = ""): string =>
    `${action}: ${given}${reasonOf(decision, principal, target)}`;
  if (alone.decision === "allowed") return { verdict: "yes", sentence: say(alone) };
  // Somebody whose policies are known has no more than those; services and strangers have none.
  if (identityPolicies !== undefined || !("accountId" in principal)) {
    return { verdict: "no", sentence: say(alone) };
  }
  const most = resources.decide(principal, operation, [EVERYTHING]);
  return most.decision === "allowed"
    ? { verdict: "with-identity-policy", sentence: say(most, "given such a policy: ") }
    : { verdict: "no", sentence: say(most) };
}

function reasonOf({ decidedBy, reason }: Decision, principal: Principal, target: Target): string {
  if (decidedBy === undefined && principal.kind === "root")
    return "The root user has every right of its account, and needs no identity policy.";
  return decidedBy?.policy === "resource"
    ? `${reason} (${statementOf(target, decidedBy)})`
    : reason;
}

/** A statement of one of our documents, for people. */
export function statementOf(target: Target, statement: StatementRef): string {
  return describeStatement(statement).replace("resource policy", `${target} policy`);
}

/**
 * The Deny statements whose conditions this request does not meet, but another one of theirs could.
 */
function mayBeDeniedBy(
  resources: PolicedResources,
  { principal }: Candidate,
  operation: Operation,
): string[] {
  const document = resources.policyOf(operation.target);
  if (document === undefined) return [];
  return resources
    .decide(principal, operation)
    .explanation.filter(({ statement: { index }, effect }) => {
      if (effect !== "Deny") return false;
      const alone = onlyForPrincipals(document, index);
      return resources.decide(principal, operation, [], alone).decision === "explicitDeny";
    })
    .map(({ statement, reason }) => `${statementOf(operation.target, statement)}: here ${reason}`);
}
