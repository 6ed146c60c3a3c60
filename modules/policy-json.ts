import { minify, type PolicyDocument } from "../iam/policy-document";
import { escapeVariables } from "./foreign-variables";

/**
 * The document as Terraform has to get it: IAM's policy variables, such as `${aws:SourceAccount}`, are
 * not Terraform's, whose references never hold a colon after their first word.
 */
export function policyJson(document: PolicyDocument): string {
  return escapeVariables(minify(document), /[\w-]+:[\w-]/);
}
