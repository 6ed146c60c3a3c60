import type { Decision } from "../../iam/evaluate";
import { decide, type Permission } from "./access";
import type { Identities } from "./identities";
import type { KmsKeys } from "../kms/kms-keys";
import { kmsNeeds } from "../kms/kms-needs";
import type { LivePolicies } from "./live-policies";
import type { ObjectToDelete, S3Needs } from "../s3/s3-needs";
import { type DeniedBy, ServiceError } from "../gateway/service-error";
import { commonKeys, type Needs, type UserCall } from "../gateway/user-call";

/**
 * Whether users may make their calls of S3 and KMS, by the policies in effect: those of buckets and
 * keys, and those of the roles and users. Of other services' calls all are allowed, but to those
 * who have no policy at all.
 */
export class UserAccess {
  /** @param now milliseconds */
  constructor(
    private readonly policies: LivePolicies,
    private readonly identities: Identities,
    private readonly s3: S3Needs,
    private readonly keys: KmsKeys,
    private readonly now: () => number,
  ) {}

  /**
   * @returns what the call needs, all of it allowed
   * @throws ServiceError AccessDenied (S3) or AccessDeniedException (KMS)
   */
  async authorize(call: UserCall): Promise<Needs> {
    const needs = await this.#needs(call);
    const refusal = await this.#refusal(call, needs.permissions);
    if (refusal !== undefined) throw refusal;
    return needs;
  }

  /** Why an object may not be deleted; undefined where it may. */
  refusalOfDeletion(call: UserCall, object: ObjectToDelete): Promise<ServiceError | undefined> {
    return this.#refusal(call, this.s3.ofDeletion(call, object));
  }

  #needs(call: UserCall): Promise<Needs> | Needs {
    switch (call.scope.service) {
      case "s3":
        return this.s3.of(call);
      case "kms":
        return kmsNeeds(this.keys, call);
      default:
        return this.#other(call);
    }
  }

  async #refusal(
    call: UserCall,
    permissions: readonly Permission[],
  ): Promise<ServiceError | undefined> {
    const identity = await this.identities.of(call.caller);
    const common = commonKeys(call, this.now());
    for (const asked of permissions) {
      const permission = { ...asked, context: { ...common, ...asked.context } };
      const decision = decide(this.policies, identity, permission);
      if (decision.decision !== "allowed") return refused(call, permission, decision);
    }
    return undefined;
  }

  /**
   * Calls of services whose permissions are not known here take no more than some policy: who has
   * none is refused. Everybody may ask who they are.
   */
  async #other({ scope, caller, request }: UserCall): Promise<Needs> {
    const { accountId } = caller;
    const isFree = scope.service === "sts" && request.action === "GetCallerIdentity";
    const { policies = [] } = await this.identities.of(caller);
    if (isFree || policies.length > 0) return { permissions: [], accountId };
    return {
      permissions: [
        {
          action: `${scope.service}:${request.action}`,
          resource: { arn: "*", accountId, type: "other" },
          context: {},
        },
      ],
      accountId,
    };
  }
}

/**
 * In AWS's words. To other accounts S3 gives no reason.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html
 */
function refused(
  { caller, request }: UserCall,
  { action, resource }: Permission,
  decision: Decision,
): ServiceError {
  const across = resource.accountId !== caller.accountId;
  const side = refusingSide(decision, across || resource.type === "kms-key");
  const why = reason(action, decision, side);
  const ofResource = action.startsWith("kms:") ? "key-policy" : "bucket-policy";
  const deniedBy: DeniedBy = side === "resource" ? ofResource : "caller-policy";
  const message = `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource.arn} ${why}`;
  if (request.protocol === "json")
    return new ServiceError("AccessDeniedException", message, 400, deniedBy);
  return new ServiceError("AccessDenied", across ? "Access Denied" : message, 403, deniedBy);
}

/** @param needsResourcePolicy whether an identity policy is not enough */
function refusingSide(
  { decision, decidedBy, explanation }: Decision,
  needsResourcePolicy: boolean,
): "resource" | "identity" {
  if (decision === "explicitDeny")
    return decidedBy?.policy === "resource" ? "resource" : "identity";
  const opened = explanation.some(
    ({ statement, effect, matched }) =>
      statement.policy === "resource" && effect === "Allow" && matched,
  );
  return needsResourcePolicy && !opened ? "resource" : "identity";
}

function reason(
  action: string,
  { decision }: Decision,
  side: ReturnType<typeof refusingSide>,
): string {
  if (decision === "explicitDeny")
    return `with an explicit deny in ${side === "resource" ? "a resource" : "an identity"}-based policy`;
  return `because no ${side}-based policy allows the ${action} action`;
}
