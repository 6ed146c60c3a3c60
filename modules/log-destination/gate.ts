import { DataResource, type ITerraformDependable, TerraformOutput, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { accountFolder } from "../../cloudtrail/log-layout";
import { trailArn } from "../../cloudtrail/trail-identity";
import type { TrailRegistry } from "../../policies/trail-registry";
import type { LogDestinationAttributes } from "./i-log-destination";

/**
 * The names under which a destination's stack gives out what members need. Other repos read them
 * from remote state, so they are public: a change is a new major version.
 */
export const GATE_OUTPUTS = {
  /** The bucket's name. */
  bucketName: "s3_bucket_name",
  /** The part of every log file's key before `AWSLogs/`; absent where there is none. */
  keyPrefix: "s3_key_prefix",
  /** The key's ARN; absent with SSE-S3. */
  kmsKeyArn: "kms_key_arn",
  /** The notification topic's ARN; absent where there is none. */
  snsTopicArn: "sns_topic_arn",
  /** The ARN of each trail that the policies now allow → the folder of its account's files. */
  trails: "trails",
} as const;

/** Props of {@link Gate}. */
export interface GateProps extends LogDestinationAttributes {
  /** The trails that the policies allow once the gate is through. */
  readonly trails: TrailRegistry;
  /** What has to be in place before anyone may read the outputs. */
  readonly after: readonly ITerraformDependable[];
}

/**
 * The end of a destination: its values leave the stack only once the policies are in force and the
 * destination's own trail is logging. A `terraform_data` resource, because an output's own
 * `depends_on` is rendered by CDKTF in a form that Terraform refuses.
 */
export class Gate extends Construct {
  /** What a trail in the same stack has to depend on. */
  readonly resource: DataResource;

  constructor(scope: Construct, id: string, props: GateProps) {
    super(scope, id);
    const values: Record<string, unknown> = {
      [GATE_OUTPUTS.bucketName]: props.bucketName,
      ...(props.keyPrefix === undefined ? {} : { [GATE_OUTPUTS.keyPrefix]: props.keyPrefix }),
      ...(props.kmsKeyArn === undefined ? {} : { [GATE_OUTPUTS.kmsKeyArn]: props.kmsKeyArn }),
      ...(props.snsTopic === undefined ? {} : { [GATE_OUTPUTS.snsTopicArn]: props.snsTopic }),
      [GATE_OUTPUTS.trails]: Object.fromEntries(
        props.trails.trails.map((trail) => [
          trailArn(trail),
          accountFolder(trail.accountId, props.keyPrefix),
        ]),
      ),
    };
    this.resource = new DataResource(this, "gate", {
      input: values,
      dependsOn: [...props.after],
    });
    const stack = TerraformStack.of(this);
    for (const name of Object.keys(values)) {
      new TerraformOutput(stack, name, {
        staticId: true,
        value: this.resource.interpolationForAttribute(`output.${name}`),
      });
    }
  }
}
