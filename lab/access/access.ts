import { parseArn } from "../../cloudtrail/arn";
import { type Decision, evaluate } from "../../iam/evaluate";
import type { PolicyDocument } from "../../iam/policy-document";
import { PolicyError } from "../../iam/policy-error";
import type { AccessRequest, Principal } from "../../iam/request";
import type { LivePolicies } from "./live-policies";
import { ServiceError } from "../gateway/service-error";

/** A resource as a request means it. */
export interface Resource {
  readonly arn: string;
  /** The account that owns it. */
  readonly accountId: string;
  readonly type: "kms-key" | "other";
  /**
   * The ARN of the bucket, key or topic whose policy speaks of it.
   *
   * @default - none does, as of what is not there yet
   */
  readonly policyOf?: string;
}

/** One thing that a call needs to be allowed. */
export interface Permission {
  /** `service:Action` */
  readonly action: string;
  readonly resource: Resource;
  readonly context: NonNullable<AccessRequest["context"]>;
}

/** A key, by its ARN. */
export function keyResource(arn: string): Resource {
  return { arn, policyOf: arn, accountId: parseArn(arn)?.account ?? "", type: "kms-key" };
}

/** Who asks. */
export interface Identity {
  readonly principal: Principal;
  /** @default - none, as for services */
  readonly policies?: readonly PolicyDocument[];
}

/**
 * Evaluates with the policies in effect.
 *
 * @throws ServiceError where a policy cannot be evaluated: a guess would be worse than no answer
 */
export function decide(
  policies: Pick<LivePolicies, "inEffect">,
  { principal, policies: identityPolicies = [] }: Identity,
  { action, resource, context }: Permission,
): Decision {
  const { arn, accountId, type, policyOf } = resource;
  try {
    return evaluate(
      { principal, action, resource: arn, context },
      {
        resourcePolicy: policyOf === undefined ? undefined : policies.inEffect(policyOf),
        identityPolicies,
        resourceAccount: accountId,
        resourceType: type,
      },
    );
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw new ServiceError(
      "UnsupportedOperationException",
      `The local AWS cannot evaluate ${action} on ${arn}: ${error.message}`,
    );
  }
}
