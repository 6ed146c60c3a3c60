import { type App, TerraformStack } from "cdktf";
import { nameDependencies } from "./stack-names-in-manifest";

/** Several things are wrong with the app; the message has one line for each. */
export class SynthesisError extends Error {
  /** What tells it from other errors. */
  override readonly name = "SynthesisError";
}

/**
 * Writes the app's Terraform configuration, all of it or nothing. cdktf itself validates and writes
 * stack by stack, so an error in the last one leaves the others half new.
 *
 * @throws SynthesisError before the first file is written
 */
export function synthesize(app: App): void {
  const stacks = app.node.findAll().filter((node) => TerraformStack.isStack(node));
  for (const stack of stacks) nameDependencies(stack);
  const problems = [app, ...stacks.flatMap((stack) => stack.node.findAll())].flatMap(({ node }) =>
    node.validate().map((problem) => `${node.path || "app"}: ${problem}`),
  );
  if (problems.length > 0) throw new SynthesisError(problems.join("\n"));
  // Rendering finds what no validation knows, such as a reference to a resource of another stack.
  for (const stack of stacks) stack.prepareStack();
  for (const stack of stacks) stack.toTerraform();
  app.synth();
}
