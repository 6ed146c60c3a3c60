/**
 * Policies that requests bring, as the services check them when they are put.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
 */
import { LIMITS } from "../../cloudtrail/limits";
import type { PolicyKind } from "../../iam/compile";
import { IAM_LIMITS } from "../../iam/limits";
import { parsePolicy } from "../../iam/parse";
import type { PolicyDocument } from "../../iam/policy-document";
import { PolicyError } from "../../iam/policy-error";
import { ServiceError } from "../gateway/service-error";
import type { ExistingPrincipals } from "./existing-principals";

/** How a service checks a kind of policy. */
interface PutRules {
  readonly kind: PolicyKind;
  readonly most: number;
  /** The service's name of the error that a policy is malformed. */
  readonly malformed: string;
  /** In place of the former, where the policy is too long. @default - the former */
  readonly tooLong?: { readonly code: string; readonly status: number };
  /**
   * What the service says of a principal that does not exist.
   * @default - who may be named is not looked at
   */
  readonly invalidPrincipal?: string;
}

const TOO_LONG_FOR_IAM = { code: "LimitExceeded", status: 409 };

const iam = (kind: PolicyKind, most: number): PutRules => ({
  kind,
  most,
  malformed: "MalformedPolicyDocument",
  tooLong: TOO_LONG_FOR_IAM,
});

const BUCKET: PutRules = {
  kind: "resource",
  most: LIMITS.bucketPolicyBytes,
  malformed: "MalformedPolicy",
  invalidPrincipal: "Invalid principal in policy",
};

const KEY: PutRules = {
  kind: "resource",
  most: LIMITS.keyPolicyBytes,
  malformed: "MalformedPolicyDocumentException",
  invalidPrincipal: "Policy contains a statement with one or more invalid principals.",
};

const TOPIC: PutRules = {
  kind: "resource",
  most: LIMITS.topicPolicyBytes,
  malformed: "InvalidParameter",
  invalidPrincipal: "Invalid parameter: Policy Error: PrincipalNotFound",
};

const QUEUE: PutRules = {
  kind: "resource",
  most: LIMITS.queuePolicyBytes,
  malformed: "InvalidAttributeValue",
  invalidPrincipal: "Invalid value for the parameter Policy.",
};

const MANAGED = iam("identity", IAM_LIMITS.managedPolicy);
const TRUST: PutRules = {
  ...iam("trust", IAM_LIMITS.trustPolicy),
  invalidPrincipal: "Invalid principal in policy",
};

/** IAM's calls that bring policies: parameter and rules. */
const IAM_CALLS: ReadonlyMap<string, readonly [string, PutRules]> = new Map([
  ["CreatePolicy", ["PolicyDocument", MANAGED]],
  ["CreatePolicyVersion", ["PolicyDocument", MANAGED]],
  ["CreateRole", ["AssumeRolePolicyDocument", TRUST]],
  ["PutGroupPolicy", ["PolicyDocument", iam("identity", IAM_LIMITS.groupPolicies)]],
  ["PutRolePolicy", ["PolicyDocument", iam("identity", IAM_LIMITS.rolePolicies)]],
  ["PutUserPolicy", ["PolicyDocument", iam("identity", IAM_LIMITS.userPolicies)]],
  ["UpdateAssumeRolePolicy", ["PolicyDocument", TRUST]],
]);

type Parameters = Readonly<Record<string, unknown>>;

/** Checks policies before they are kept. */
export class PutPolicies {
  constructor(private readonly existing: ExistingPrincipals) {}

  /** @throws ServiceError MalformedPolicy */
  async checkBucketPolicy(text: string): Promise<void> {
    await this.#check(text, BUCKET);
  }

  /**
   * The policy among the parameters of a call of KMS, SNS, SQS or IAM, where there is one.
   *
   * @throws ServiceError as the service answers it
   */
  async checkParameter(service: string, action: string, parameters: Parameters): Promise<void> {
    const [text, rules] = policyIn(service, action, parameters) ?? [];
    if (typeof text === "string" && text !== "" && rules !== undefined)
      await this.#check(text, rules);
  }

  async #check(text: string, rules: PutRules): Promise<void> {
    const { kind, most, malformed, invalidPrincipal } = rules;
    const { code, status } = rules.tooLong ?? { code: malformed, status: 400 };
    const counted = rules.tooLong === undefined ? text : text.replace(/\s/g, "");
    if (Buffer.byteLength(counted) > most)
      throw new ServiceError(
        code,
        `Policy exceeds the maximum allowed document size: ${most} bytes.`,
        status,
      );
    const policy = parsed(text, kind, malformed);
    if (invalidPrincipal === undefined) return;
    const missing = await this.existing.missingIn(policy);
    if (missing.length > 0)
      throw new ServiceError(
        malformed,
        `${invalidPrincipal}: the local AWS has no ${missing.join(", ")}`,
      );
  }
}

function parsed(text: string, kind: PolicyKind, malformed: string): PolicyDocument {
  try {
    return parsePolicy(text, kind);
  } catch (error) {
    if (error instanceof PolicyError) throw new ServiceError(malformed, error.message);
    throw error;
  }
}

function policyIn(
  service: string,
  action: string,
  parameters: Parameters,
): readonly [unknown, PutRules] | undefined {
  switch (service) {
    case "kms":
      return [parameters["Policy"], KEY];
    case "sns":
      return [topicPolicy(action, parameters), TOPIC];
    case "sqs":
      return [queuePolicy(parameters), QUEUE];
    case "iam": {
      const [name, rules] = IAM_CALLS.get(action) ?? [];
      return name === undefined || rules === undefined ? undefined : [parameters[name], rules];
    }
    default:
      return undefined;
  }
}

function topicPolicy(action: string, parameters: Parameters): unknown {
  if (action !== "SetTopicAttributes") return entry(parameters, "Attributes.entry", "key", "value");
  return parameters["AttributeName"] === "Policy" ? parameters["AttributeValue"] : undefined;
}

function queuePolicy(parameters: Parameters): unknown {
  const attributes = parameters["Attributes"] as Parameters | null | undefined;
  return attributes?.["Policy"] ?? entry(parameters, "Attribute", "Name", "Value");
}

/** The policy among the numbered attributes of a query API. */
function entry(parameters: Parameters, prefix: string, key: string, value: string): unknown {
  const found = Object.keys(parameters).find(
    (name) =>
      name.startsWith(`${prefix}.`) && name.endsWith(`.${key}`) && parameters[name] === "Policy",
  );
  return found && parameters[found.slice(0, -key.length) + value];
}
