import { compilePolicy, MAX_POLICY_DEPTH, type PolicyKind } from "./compile";
import { isObject } from "./json";
import { lookAtJson, type TextPlace } from "./json-limits";
import type { PolicyDocument } from "./policy-document";
import { firstOf, PolicyError, type PolicyProblem } from "./policy-error";

/**
 * Bytes of a text. AWS's largest policies have 32 KB, and of some it does not count the white
 * space.
 */
const MAX_POLICY_BYTES = 1024 * 1024;

/**
 * Reads a policy document as AWS stores it. A single statement becomes a list of one, and a missing
 * Version becomes 2008-10-17, which AWS takes it for. No text ends it: one of more than 1 MiB, or
 * of more than 16 levels, is not looked into.
 *
 * @param kind what the policy is attached to; decides whether Principal and Resource are a must
 * @throws PolicyError with what is wrong, of many problems the first 100: JSON, elements,
 *   operators, values, Sids
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function parsePolicy(text: string, kind: PolicyKind = "resource"): PolicyDocument {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_POLICY_BYTES)
    throw whole(
      `The policy has ${bytes} bytes; ${MAX_POLICY_BYTES} are read here, and AWS takes fewer. Shorten it`,
    );
  const { tooDeep, duplicates } = lookAtJson(text, MAX_POLICY_DEPTH);
  if (tooDeep !== undefined)
    throw whole(
      `${placed(tooDeep)}: objects and lists stand more than ${MAX_POLICY_DEPTH} deep in one another; a policy has six levels at most`,
    );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw whole(`The policy is not JSON: ${(error as Error).message}`);
  }
  const document = isObject(value)
    ? {
        ...value,
        Version: value.Version ?? "2008-10-17",
        ...(isObject(value.Statement) ? { Statement: [value.Statement] } : {}),
      }
    : value;
  // IAM refuses them, and so must we.
  let problems = duplicates.map((place): PolicyProblem => ({
    path: "",
    message: `${placed(place)}: this key stands twice in one object; keep one, with all its values`,
  }));
  try {
    compilePolicy(document, kind);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    problems = [...problems, ...error.problems];
  }
  if (problems.length > 0) throw new PolicyError(firstOf(problems));
  return document as PolicyDocument;
}

function whole(message: string): PolicyError {
  return new PolicyError([{ path: "", message }]);
}

function placed({ line, column }: TextPlace): string {
  return `Line ${line}, column ${column}`;
}
