import { createHash } from "node:crypto";
import { DataResource, type ITerraformDependable, Token } from "cdktf";
import { Construct } from "constructs";
import { checkProps } from "../module-options";

/** Props of {@link PolicyWait}. */
export interface PolicyWaitProps {
  /** Whole seconds, 0 to 600. 0 waits not at all. */
  readonly seconds: number;
  /** The policies, as the text that Terraform writes: a change of any of them waits again. */
  readonly policies: Readonly<Record<string, string>>;
  /**
   * The ARN of the key that is made: a new key's policy takes effect late too, whatever its text.
   * @default - none is made
   */
  readonly keyArn?: string;
  /** The resources that carry the policies. */
  readonly after: readonly ITerraformDependable[];
}

/**
 * Time for policies to take effect. S3 and KMS apply them with a delay, CreateTrail checks them,
 * and
 * the AWS provider does not repeat a CreateTrail that was refused for a policy.
 *
 * `sleep` is the one command that Terraform runs here; it has to be on the PATH of the machine that
 * runs Terraform.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html
 */
export class PolicyWait extends Construct {
  /** What has to wait depends on this. */
  readonly resource: DataResource;

  /** @throws Error where the seconds are not a whole number from 0 to 600 */
  constructor(scope: Construct, id: string, { seconds, policies, keyArn, after }: PolicyWaitProps) {
    super(scope, id);
    checkProps(this, [
      {
        prop: "seconds",
        value: seconds,
        problem:
          Number.isInteger(seconds) && seconds >= 0 && seconds <= 600
            ? undefined
            : "is not a whole number from 0 to 600",
      },
    ]);
    this.resource = new DataResource(this, "wait", {
      triggersReplace: {
        ...Object.fromEntries(
          Object.entries(policies).map(([name, text]) => [name, fingerprint(text)]),
        ),
        ...(keyArn === undefined ? {} : { keyArn }),
      },
      dependsOn: [...after],
      ...(seconds === 0
        ? {}
        : { provisioners: [{ type: "local-exec", command: `sleep ${seconds}` }] }),
    });
  }
}

/** Short, since plans show it; a text with tokens in it only Terraform knows. */
function fingerprint(text: string): string {
  return Token.isUnresolved(text) ? text : createHash("sha256").update(text).digest("hex");
}
