import { DataResource, type ITerraformDependable, TerraformOutput, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { GATE_OUTPUTS } from "../../cloudtrail/trails/gate-outputs";
import { accountFolder } from "../../cloudtrail/files/log-layout";
import { type TrailIdentity, trailArn } from "../../cloudtrail/trails/trail-identity";
import type { LogDestinationAttributes } from "./i-log-destination";
import { verbatim } from "../terraform-text";

/** Props of {@link Gate}. */
export interface GateProps extends LogDestinationAttributes {
  /** The trails that the policies allow once the gate is through. */
  readonly trails: readonly TrailIdentity[];
  /** What has to be in place before anyone may read the outputs. */
  readonly after: readonly ITerraformDependable[];
}

/**
 * The end of a destination: its values leave the stack only once the policies are in force and the
 * destination's own trail is logging. A `terraform_data` resource, because an output's own
 * `depends_on` is rendered by CDKTF in a form that Terraform refuses.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-receive-logs-from-multiple-accounts.html
 */
export class Gate extends Construct {
  /** What a trail in the same stack has to depend on. */
  readonly resource: DataResource;

  /** The gate, and the outputs of its stack. */
  constructor(scope: Construct, id: string, props: GateProps) {
    super(scope, id);
    const values: Record<string, unknown> = {
      [GATE_OUTPUTS.bucketName]: props.bucketName,
      ...(props.s3KeyPrefix === undefined ? {} : { [GATE_OUTPUTS.s3KeyPrefix]: props.s3KeyPrefix }),
      ...(props.kmsKeyArn === undefined ? {} : { [GATE_OUTPUTS.kmsKeyArn]: props.kmsKeyArn }),
      ...(props.snsTopicArn === undefined ? {} : { [GATE_OUTPUTS.snsTopicArn]: props.snsTopicArn }),
      [GATE_OUTPUTS.trails]: Object.fromEntries(
        props.trails.map((trail) => [
          trailArn(trail),
          accountFolder(trail.accountId, props.s3KeyPrefix),
        ]),
      ),
    };
    this.resource = new DataResource(
      this,
      "gate",
      verbatim({
        input: values,
        dependsOn: [...props.after],
      }),
    );
    const stack = TerraformStack.of(this);
    for (const name of Object.keys(values)) {
      new TerraformOutput(stack, name, {
        staticId: true,
        value: this.resource.interpolationForAttribute(`output.${name}`),
      });
    }
  }
}
