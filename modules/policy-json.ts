import { minify, type PolicyDocument } from "../iam/policy-document";
import { terraformText } from "./terraform-text";

/**
 * The document as the text that Terraform has to get, for what does not go through `verbatim`.
 * IAM's policy variables, such as `${aws:SourceAccount}`, are not Terraform's.
 */
export function policyJson(document: PolicyDocument): string {
  return terraformText(minify(document));
}
