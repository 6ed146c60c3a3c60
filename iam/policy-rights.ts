/**
 * Who may do more or less under another version of a resource's policy. The answer is the
 * evaluator's, so all statements of a document count, and not only those that differ.
 */
import { evaluate } from "./evaluate";
import type { PolicyDocument } from "./policy-document";
import type { AccessRequest } from "./request";

/**
 * How far a resource's policy lets somebody go, ascending. `if-identity-allows`: it leaves the say
 * to the identity policies of the principal's account, which are not seen here.
 */
export const RIGHTS = ["denied", "if-identity-allows", "allowed"] as const;

/** One of {@link RIGHTS}. */
export type Right = (typeof RIGHTS)[number];

/** The resource whose policy is compared. */
export interface PolicedResource {
  /** The account that owns the resource, twelve digits. */
  readonly account: string;
  /** @default "other" */
  readonly type?: "kms-key" | "other";
}

/** Lets its principal do everything: what is asked is how far the resource's policy lets it go. */
const ALLOWS_ALL: PolicyDocument = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
};

/**
 * How far a resource's policy lets a request go.
 *
 * @param document undefined for no document
 * @throws PolicyError where the document cannot be evaluated
 */
export function rightOf(
  request: AccessRequest,
  document: PolicyDocument | undefined,
  { account, type }: PolicedResource,
): Right {
  const decided = (identityPolicies: readonly PolicyDocument[]): boolean =>
    evaluate(request, {
      ...(document === undefined ? {} : { resourcePolicy: document }),
      ...(type === undefined ? {} : { resourceType: type }),
      identityPolicies,
      resourceAccount: account,
    }).decision === "allowed";
  if (!("accountId" in request.principal)) return decided([]) ? "allowed" : "denied";
  if (!decided([ALLOWS_ALL])) return "denied";
  return decided([]) ? "allowed" : "if-identity-allows";
}

/** A request whose outcome differs. */
export interface RightChange<Probe> {
  /** The request. */
  readonly probe: Probe;
  /** What the old version says of it. */
  readonly before: Right;
  /** What the new version says of it. */
  readonly after: Right;
}

/**
 * Which of some requests one version of a resource's policy lets go further than the other.
 *
 * @throws PolicyError where a document cannot be evaluated
 */
export function compareRights<Probe extends { readonly request: AccessRequest }>(
  probes: readonly Probe[],
  before: PolicyDocument | undefined,
  after: PolicyDocument | undefined,
  resource: PolicedResource,
): RightChange<Probe>[] {
  return probes.flatMap((probe) => {
    const change = {
      probe,
      before: rightOf(probe.request, before, resource),
      after: rightOf(probe.request, after, resource),
    };
    return change.before === change.after ? [] : [change];
  });
}

/** Whether a change of a right is a gain. */
export function isGain({ before, after }: Pick<RightChange<unknown>, "before" | "after">): boolean {
  return RIGHTS.indexOf(after) > RIGHTS.indexOf(before);
}
