/**
 * The text as Terraform has to get it: the dollar sign of each `${…}` that is somebody else's is
 * doubled, or Terraform would take it for an expression of its own. CDKTF's tokens and Terraform's
 * references stay as they are.
 *
 * @param variable what stands behind the `${` of those that are not Terraform's
 * @see https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences
 */
export function escapeVariables(text: string, variable: RegExp): string {
  return text.replace(new RegExp(`\\$\\{(?=${variable.source})`, "g"), "$$$${");
}
