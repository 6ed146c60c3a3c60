import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Testing, TerraformStack } from "cdktf";

/** One resource or data source of a synthesized stack: its arguments. */
export type Arguments = Record<string, unknown> & {
  depends_on?: string[];
  lifecycle?: {
    prevent_destroy?: boolean;
    precondition?: { condition: string; error_message: string }[];
  };
};

/** A stack's configuration as Terraform reads it. */
export interface Configuration {
  readonly terraform: {
    required_version?: string;
    required_providers: Record<string, { version: string }>;
    backend: Record<string, Record<string, unknown>>;
  };
  readonly provider: Record<string, Record<string, unknown>[]>;
  readonly resource: Record<string, Record<string, Arguments>>;
  readonly data?: Record<string, Record<string, Arguments>>;
  readonly output?: Record<string, { value: unknown }>;
}

/** Synthesizes one stack, validations included. */
export function synthesized(stack: TerraformStack): Configuration {
  return JSON.parse(Testing.synth(stack, true)) as Configuration;
}

/** A stack with an AWS provider to put modules in, for tests of one module. */
export function emptyStack(name = "test"): TerraformStack {
  const stack = new TerraformStack(Testing.app(), name);
  new AwsProvider(stack, "aws", { region: "us-east-1" });
  return stack;
}

/** The only resource of a type; fails where there are none or several. */
export function only(configuration: Configuration, type: string): Arguments {
  const found = Object.values(configuration.resource[type] ?? {});
  if (found.length !== 1) throw new Error(`expected one ${type}, found ${found.length}`);
  return found[0]!;
}
