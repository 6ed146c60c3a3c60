import type { Statement } from "../../iam/policy-document";

/** Holds what knows no resources to a region. */
export function inRegion(region: string): NonNullable<Statement["Condition"]> {
  return { StringEquals: { "aws:RequestedRegion": region } };
}
