import type { Decision } from "../iam/evaluate";
import { decide, type Permission } from "./access";
import { type AssumableRole, identityOf } from "./assumable-roles";
import type { KmsKeys } from "./kms-keys";
import { kmsNeeds } from "./kms-needs";
import type { LivePolicies } from "./live-policies";
import type { ObjectToDelete, S3Needs } from "./s3-needs";
import { ServiceError } from "./service-error";
import { commonKeys, type Needs, type UserCall } from "./user-call";

/**
 * Whether users may make their calls of S3 and KMS, by the policies in effect: those of buckets and
 * keys, and those of the roles. Calls of other services are not looked at.
 */
export class UserAccess {
  /** @param now milliseconds */
  constructor(
    private readonly policies: LivePolicies,
    private readonly roles: readonly AssumableRole[],
    private readonly s3: S3Needs,
    private readonly keys: KmsKeys,
    private readonly now: () => number,
  ) {}

  /**
   * @returns the account in which the call is answered: that of the bucket or key
   * @throws ServiceError AccessDenied (S3) or AccessDeniedException (KMS)
   */
  async authorize(call: UserCall): Promise<string> {
    const { permissions, accountId } = await this.#needs(call);
    const refusal = this.#refusal(call, permissions);
    if (refusal !== undefined) throw refusal;
    return accountId;
  }

  /** Why an object may not be deleted; undefined where it may. */
  refusalOfDeletion(call: UserCall, object: ObjectToDelete): ServiceError | undefined {
    return this.#refusal(call, this.s3.ofDeletion(call, object));
  }

  #needs(call: UserCall): Promise<Needs> | Needs {
    switch (call.scope.service) {
      case "s3":
        return this.s3.of(call);
      case "kms":
        return kmsNeeds(this.keys, call);
      default:
        return { permissions: [], accountId: call.caller.accountId };
    }
  }

  #refusal(call: UserCall, permissions: readonly Permission[]): ServiceError | undefined {
    const identity = identityOf(this.roles, call.caller);
    const common = commonKeys(call, this.now());
    for (const asked of permissions) {
      const permission = { ...asked, context: { ...common, ...asked.context } };
      const decision = decide(this.policies, identity, permission);
      if (decision.decision !== "allowed") return refused(call, permission, decision);
    }
    return undefined;
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
  const why = reason(action, decision, across || resource.type === "kms-key");
  const message = `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource.arn} ${why}`;
  if (request.protocol === "json") return new ServiceError("AccessDeniedException", message);
  return new ServiceError("AccessDenied", across ? "Access Denied" : message, 403);
}

/** @param needsResourcePolicy whether an identity policy is not enough */
function reason(
  action: string,
  { decision, decidedBy, explanation }: Decision,
  needsResourcePolicy: boolean,
): string {
  if (decision === "explicitDeny")
    return `with an explicit deny in ${decidedBy?.policy === "resource" ? "a resource" : "an identity"}-based policy`;
  const opened = explanation.some(
    ({ statement, effect, matched }) =>
      statement.policy === "resource" && effect === "Allow" && matched,
  );
  const missing = needsResourcePolicy && !opened ? "resource" : "identity";
  return `because no ${missing}-based policy allows the ${action} action`;
}
