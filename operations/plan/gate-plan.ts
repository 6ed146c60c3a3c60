import { z } from "zod";
import { GATE_OUTPUTS } from "../../cloudtrail/trails/gate-outputs";

/**
 * What a destination gives out. Undefined stands for what is known after the apply, null for
 * nothing.
 */
export interface GateValues {
  readonly bucketName: string | null | undefined;
  readonly s3KeyPrefix: string | null | undefined;
  readonly kmsKeyArn: string | null | undefined;
  readonly snsTopicArn: string | null | undefined;
  /** ARNs of the trails that the policies let in. */
  readonly trails: ReadonlySet<string>;
}

/** What a destination gives out now and will give out after its plan is applied. */
export interface GatePlan {
  /** @default - nothing: it was never applied to its end */
  readonly applied?: GateValues;
  /** @default - nothing: the plan destroys it */
  readonly planned?: GateValues;
}

/** What a stack reads of the destination. */
export type StackReads =
  | { readonly kind: "nothing" }
  | { readonly kind: "bucket" }
  | { readonly kind: "trail"; readonly trailArn: string };

/**
 * Whether a stack's plan would say what will happen only once the destination's plan is applied: it
 * reads what is not there yet, or what that plan changes.
 */
export function waitsForApply(reads: StackReads, { applied, planned }: GatePlan): boolean {
  if (reads.kind === "nothing") return false;
  if (applied === undefined || planned === undefined) return true;
  const same = (name: "bucketName" | "s3KeyPrefix" | "kmsKeyArn" | "snsTopicArn"): boolean =>
    planned[name] !== undefined && planned[name] === applied[name];
  if (reads.kind === "bucket") return !same("bucketName");
  const asBefore =
    same("bucketName") && same("s3KeyPrefix") && same("kmsKeyArn") && same("snsTopicArn");
  return !asBefore || !applied.trails.has(reads.trailArn);
}

const text = z.string().nullish();
const inputs = z.object({
  [GATE_OUTPUTS.bucketName]: text,
  [GATE_OUTPUTS.s3KeyPrefix]: text,
  [GATE_OUTPUTS.kmsKeyArn]: text,
  [GATE_OUTPUTS.snsTopicArn]: text,
  [GATE_OUTPUTS.trails]: z.record(z.string(), z.unknown()),
});
const unknowns = z.record(z.string(), z.unknown());
const side = z.object({ input: z.unknown() }).nullable();
const planJson = z.object({
  resource_changes: z
    .array(
      z.object({
        type: z.string(),
        change: z.object({
          before: side.catch(null),
          after: side.catch(null),
          after_unknown: z.object({ input: unknowns.catch({}) }).catch({ input: {} }),
        }),
      }),
    )
    .default([]),
});

/**
 * Reads a destination's plan. The gate's input is what counts: its outputs are unknown in every
 * plan that changes one of them.
 *
 * @param plan what `terraform show -json` prints, parsed
 */
export function readGatePlan(plan: unknown): GatePlan {
  for (const { type, change } of planJson.parse(plan).resource_changes) {
    if (type !== "terraform_data") continue;
    const applied = gateValues(change.before?.input, {});
    const planned = gateValues(change.after?.input, change.after_unknown.input);
    if (applied !== undefined || planned !== undefined) return { applied, planned };
  }
  return {};
}

function gateValues(
  input: unknown,
  unknown: Readonly<Record<string, unknown>>,
): GateValues | undefined {
  const { data } = inputs.safeParse(input);
  if (data === undefined) return undefined;
  const value = (
    name: (typeof GATE_OUTPUTS)["bucketName" | "s3KeyPrefix" | "kmsKeyArn" | "snsTopicArn"],
  ) => (unknown[name] === true ? undefined : (data[name] ?? null));
  return {
    bucketName: value(GATE_OUTPUTS.bucketName),
    s3KeyPrefix: value(GATE_OUTPUTS.s3KeyPrefix),
    kmsKeyArn: value(GATE_OUTPUTS.kmsKeyArn),
    snsTopicArn: value(GATE_OUTPUTS.snsTopicArn),
    trails: new Set(Object.keys(data[GATE_OUTPUTS.trails])),
  };
}
