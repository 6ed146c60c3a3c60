import { quoted } from "../modules/terraform-text";

/**
 * Stacks that read the destination's outputs can't be planned before these exist, or would be
 * planned from outputs that are about to change. For a review they are written so that they can be
 * planned all the same, and can't be applied.
 */
export interface ReviewMode {
  /** Names of those stacks. */
  readonly stacks: readonly string[];
  /**
   * The ARN of the log key that the destination makes, where it is known.
   * @default - known after the apply of the destination
   */
  readonly kmsKeyArn?: string;
}

/**
 * The provider's `allowed_account_ids` with which Terraform plans and refuses to apply. Not a
 * precondition: where a trail is replaced, Terraform destroys the old one before it looks at that.
 */
export function plannedOnly(accountId: string): string {
  return `\${terraform.applying ? ["000000000000"] : [${quoted(accountId)}]}`;
}
