import { LIMITS } from "../../cloudtrail/limits";
import { parsePolicy } from "../../iam/parse";
import { PolicyError } from "../../iam/policy-error";
import { ServiceError } from "./service-error";

/** A policy in a request that moto is to keep. */
interface PolicyParameter {
  readonly text: unknown;
  /** Bytes. */
  readonly most: number;
  /** The service's name of the error that a policy is malformed. */
  readonly code: string;
}

type Parameters = Readonly<Record<string, unknown>>;

/**
 * Checks policies of keys, topics and queues before moto has them: what moto keeps is evaluated here.
 *
 * @throws ServiceError as KMS, SNS and SQS answer it
 */
export function checkPolicyParameter(
  service: string,
  action: string,
  parameters: Parameters,
): void {
  const found = policyIn(service, action, parameters);
  if (found === undefined || typeof found.text !== "string" || found.text === "") return;
  const { text, most, code } = found;
  if (Buffer.byteLength(text) > most)
    throw new ServiceError(code, `The policy has more than ${most} bytes.`);
  try {
    parsePolicy(text);
  } catch (error) {
    if (error instanceof PolicyError) throw new ServiceError(code, error.message);
    throw error;
  }
}

function policyIn(
  service: string,
  action: string,
  parameters: Parameters,
): PolicyParameter | undefined {
  switch (service) {
    case "kms":
      return {
        text: parameters["Policy"],
        most: LIMITS.keyPolicyBytes,
        code: "MalformedPolicyDocumentException",
      };
    case "sns":
      return {
        text:
          action === "SetTopicAttributes"
            ? parameters["AttributeName"] === "Policy"
              ? parameters["AttributeValue"]
              : undefined
            : entry(parameters, "Attributes.entry", "key"),
        most: LIMITS.topicPolicyBytes,
        code: "InvalidParameter",
      };
    case "sqs":
      return {
        text:
          (parameters["Attributes"] as Parameters | undefined)?.["Policy"] ??
          entry(parameters, "Attribute", "Name"),
        most: LIMITS.queuePolicyBytes,
        code: "InvalidAttributeValue",
      };
    default:
      return undefined;
  }
}

/** The policy among the numbered attributes of a query API. */
function entry(parameters: Parameters, prefix: string, key: string): unknown {
  const found = Object.entries(parameters).find(
    ([name, value]) =>
      name.startsWith(`${prefix}.`) && name.endsWith(`.${key}`) && value === "Policy",
  );
  if (found === undefined) return undefined;
  const stem = found[0].slice(0, -key.length);
  return parameters[`${stem}value`] ?? parameters[`${stem}Value`];
}
