import { minify, type PolicyDocument } from "../iam/policy-document";

/**
 * The document as Terraform has to get it: in `${aws:SourceAccount}` the dollar sign is doubled, or
 * Terraform would take IAM's policy variable for an expression of its own. CDKTF's tokens and
 * Terraform's references, which never hold a colon after their first word, stay as they are.
 *
 * @see https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences
 */
export function policyJson(document: PolicyDocument): string {
  return minify(document).replace(/\$\{(?=[\w-]+:[\w-])/g, "$$$${");
}
