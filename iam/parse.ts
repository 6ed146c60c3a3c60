import { LineCounter, parseDocument } from "yaml";
import { compilePolicy, type PolicyKind } from "./compile";
import { isObject } from "./json";
import type { PolicyDocument } from "./policy-document";
import { PolicyError } from "./policy-error";

/**
 * Reads a policy document as AWS stores it. A single statement becomes a list of one, and a missing
 * Version becomes 2008-10-17, which AWS takes it for.
 *
 * @param kind what the policy is attached to; decides whether Principal and Resource are a must
 * @throws PolicyError with all that is wrong: JSON, elements, operators, values, Sids
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function parsePolicy(text: string, kind: PolicyKind = "resource"): PolicyDocument {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new PolicyError([
      { path: "", message: `The policy is not JSON: ${(error as Error).message}` },
    ]);
  }
  const document = isObject(value)
    ? {
        ...value,
        Version: value.Version ?? "2008-10-17",
        ...(isObject(value.Statement) ? { Statement: [value.Statement] } : {}),
      }
    : value;
  const problems = duplicateKeys(text);
  try {
    compilePolicy(document, kind);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    problems.push(...error.problems);
  }
  if (problems.length > 0) throw new PolicyError(problems);
  return document as PolicyDocument;
}

/** JSON.parse keeps the last of two equal keys in silence; IAM refuses them, and so must we. */
function duplicateKeys(json: string): { path: string; message: string }[] {
  const lines = new LineCounter();
  return parseDocument(json, { lineCounter: lines, prettyErrors: false })
    .errors.filter(({ code }) => code === "DUPLICATE_KEY")
    .map(({ pos }) => {
      const { line, col } = lines.linePos(pos[0]);
      return {
        path: "",
        message: `Line ${line}, column ${col}: this key stands twice in one object; keep one, with all its values`,
      };
    });
}
