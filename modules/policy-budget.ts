import { Annotations } from "cdktf";
import type { Construct } from "constructs";
import type { ShapedBudget } from "../policies/shapes/budget";

/** Synthesis fails where a policy is over AWS's limit, and warns where it comes near. */
export function holdToBudget(construct: Construct, { level, message }: ShapedBudget): void {
  if (message === undefined) return;
  if (level === "over") construct.node.addValidation({ validate: () => [message] });
  else Annotations.of(construct).addWarning(message);
}
