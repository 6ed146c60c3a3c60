import type { TerraformRemoteState } from "cdktf";
import { GATE_OUTPUTS } from "../../cloudtrail/trails/gate-outputs";
import { expression, quoted } from "../terraform-text";
import type { ILogDestination, TrailPrecondition } from "./i-log-destination";

/** A destination in another state, read by the gate's output names. */
export class RemoteLogDestination implements ILogDestination {
  /** The bucket's name, as an expression of Terraform's. */
  readonly bucketName: string;
  /** The part of every log file's key before `AWSLogs/`, as such an expression. */
  readonly s3KeyPrefix: string;
  /** The key's ARN, as such an expression. */
  readonly kmsKeyArn: string;
  /** The topic's ARN, as such an expression. */
  readonly snsTopicArn: string;

  /**
   * @param state the state of the stack that holds the destination
   * @param stackName that stack's name, for the message to people who deploy in the wrong order
   */
  constructor(
    private readonly state: TerraformRemoteState,
    private readonly stackName: string,
  ) {
    this.bucketName = expression(this.output(GATE_OUTPUTS.bucketName));
    // Absent where the destination has no prefix, no key or no topic, which Terraform writes as
    // null.
    this.s3KeyPrefix = this.optional(GATE_OUTPUTS.s3KeyPrefix);
    this.kmsKeyArn = this.optional(GATE_OUTPUTS.kmsKeyArn);
    this.snsTopicArn = this.optional(GATE_OUTPUTS.snsTopicArn);
  }

  /**
   * Reads the trail's own entry alone, so that another account's arrival changes nothing here; and
   * with `try`, so that a destination that failed half-way gives this sentence too.
   */
  precondition(trailArn: string): TrailPrecondition {
    return {
      condition: expression(
        `try(${this.output(GATE_OUTPUTS.trails)}[${quoted(trailArn)}], null) != null`,
      ),
      errorMessage:
        `The log destination does not let the trail ${trailArn} in yet: its policies name no such ` +
        `trail, or its last deployment did not end well. Deploy the stack ${this.stackName} first, ` +
        "then this one again.",
    };
  }

  private optional(name: string): string {
    return expression(`try(${this.output(name)}, null)`);
  }

  private output(name: string): string {
    return `${this.state.fqn}.outputs.${name}`;
  }
}
