import { keyAliasProblem } from "../../cloudtrail/names";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { Construct } from "constructs";
import { minify, type PolicyDocument } from "../../iam/policy-document";
import { keyPolicyBudget } from "../../policies/shapes/budget";
import { KEY_TAGS } from "../../policies/key-tags";
import { logKeyPolicy } from "../../policies/documents/log-key-policy";
import type { LogKeyPolicyInput } from "../../policies/documents/inputs";
import { checkProps, type ModuleOptions, protectedUnless } from "../module-options";
import { holdToBudget } from "../policy-budget";
import { verbatim } from "../terraform-text";

/**
 * Props of {@link LogEncryptionKey}: the key's own, and what its policy follows from.
 *
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html
 */
export interface LogEncryptionKeyProps extends ModuleOptions, LogKeyPolicyInput {
  /** The alias, without `alias/`. */
  readonly alias: string;
  /**
   * Days between the order to delete the key and its deletion, 7 to 30. Without the key, what it
   * encrypted is lost.
   * @default 30
   */
  readonly deletionWindowDays?: number;
}

/**
 * The KMS key that CloudTrail encrypts the log files of all accounts with. It has to be in the
 * bucket's region. It rotates every year.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
 */
export class LogEncryptionKey extends Construct {
  /** The key's policy. */
  readonly policy: PolicyDocument;
  /** The key itself, for what the props do not cover. */
  readonly key: KmsKey;
  /** The key's alias. */
  readonly alias: KmsAlias;

  /**
   * @throws Error where the deletion window or the alias is not one that AWS takes, or
   *   {@link logKeyPolicy} throws
   */
  constructor(scope: Construct, id: string, props: LogEncryptionKeyProps) {
    super(scope, id);
    const { deletionWindowDays = 30, provider } = props;
    checkProps(this, [
      {
        prop: "deletionWindowDays",
        value: deletionWindowDays,
        problem:
          deletionWindowDays < 7 || deletionWindowDays > 30 ? "is outside 7 to 30" : undefined,
      },
      {
        prop: "alias",
        value: props.alias,
        problem: keyAliasProblem(props.alias),
      },
    ]);
    this.policy = logKeyPolicy(props);
    holdToBudget(this, keyPolicyBudget(props));
    this.key = new KmsKey(
      this,
      "key",
      verbatim({
        provider,
        description: "Encrypts CloudTrail log files of all accounts",
        policy: minify(this.policy),
        enableKeyRotation: true,
        deletionWindowInDays: deletionWindowDays,
        tags: { [KEY_TAGS.logKey]: props.alias },
        lifecycle: protectedUnless(props.throwaway),
      }),
    );
    this.alias = new KmsAlias(
      this,
      "alias",
      verbatim({
        provider,
        name: `alias/${props.alias}`,
        targetKeyId: this.key.keyId,
      }),
    );
  }

  /** The key's ARN. */
  get arn(): string {
    return this.key.arn;
  }
}
