import { isDeepStrictEqual } from "node:util";
import { GATE_OUTPUTS } from "../../cloudtrail/trails/gate-outputs";
import type { StackReads } from "./gate-plan";

/** An app's Terraform JSON: each stack's configuration, by the stack's name. */
export type SynthesizedApp = ReadonlyMap<string, unknown>;

/**
 * The stacks that differ between two versions of an app, and those that read what differs in the
 * destination: a stack reads bucket, prefix, key and topic, and of the trails its own entry.
 * Absolute paths, which the local backend has, are not a difference.
 *
 * @param folders the folder that each version was written in and keeps its state in, which may
 *   differ
 * @param reads what each stack of the newer version reads
 * @returns names, in the order of the newer version. A stack that is gone is none of them: nothing
 *   is left to plan.
 */
export function changedStacks(
  older: SynthesizedApp,
  newer: SynthesizedApp,
  { destination, reads }: { destination: string; reads: ReadonlyMap<string, StackReads> },
): string[] {
  const before = gateInput(older.get(destination));
  const after = gateInput(newer.get(destination));
  return [...newer].flatMap(([name, configuration]) =>
    isDeepStrictEqual(comparable(older.get(name)), comparable(configuration)) &&
    isDeepStrictEqual(whatIsRead(reads.get(name), before), whatIsRead(reads.get(name), after))
      ? []
      : [name],
  );
}

/** The part of the destination's gate that a stack reads. */
function whatIsRead(reads: StackReads | undefined, gate: Gate | undefined): unknown {
  if (reads === undefined || reads.kind === "nothing" || gate === undefined) return undefined;
  const { [GATE_OUTPUTS.trails]: trails, ...values } = gate.input;
  const expressions =
    reads.kind === "bucket" ? { bucket: values[GATE_OUTPUTS.bucketName] } : values;
  return {
    expressions,
    // A reference says the same of another resource where that one is made anew.
    resources: referredResources(expressions, gate.resources),
    ...(reads.kind === "trail"
      ? { trail: (trails as Record<string, unknown> | undefined)?.[reads.trailArn] }
      : {}),
  };
}

interface Gate {
  readonly input: Readonly<Record<string, unknown>>;
  /** All resources of the stack, by type and name. */
  readonly resources: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

function gateInput(configuration: unknown): Gate | undefined {
  const { resource: resources = {} } = (configuration ?? {}) as {
    resource?: Record<string, Record<string, { input?: Record<string, unknown> }>>;
  };
  for (const { input } of Object.values(resources["terraform_data"] ?? {})) {
    if (input?.[GATE_OUTPUTS.trails] !== undefined) return { input, resources };
  }
  return undefined;
}

/**
 * The names that a bucket and a key have: a change of one of these makes AWS's name or ARN another.
 */
const NAMES = ["bucket", "name", "key_usage", "customer_master_key_spec", "multi_region"];

/** What the resources that the expressions name are called. */
function referredResources(expressions: unknown, resources: Gate["resources"]): unknown {
  const names = [...JSON.stringify(expressions).matchAll(/\$\{(\w+)\.([\w-]+)\./g)];
  return names.map(([, type, name]) => {
    const found = resources[type!]?.[name!] as Record<string, unknown> | undefined;
    return [type, name, ...NAMES.map((attribute) => found?.[attribute] ?? null)];
  });
}

/** A configuration without what differs from folder to folder. */
function comparable(configuration: unknown): unknown {
  if (typeof configuration !== "object" || configuration === null) return configuration;
  const text = JSON.stringify(configuration, (key: string, value: unknown) =>
    // The local backend's own and what its readers have, and CDKTF's notes on how it was written.
    key === "//" || ((key === "path" || key === "workspace_dir") && isAbsolutePath(value))
      ? undefined
      : value,
  );
  return JSON.parse(text);
}

function isAbsolutePath(value: unknown): boolean {
  return (
    typeof value === "string" && /^(\/|[A-Za-z]:[\\/])/.test(value) && value.endsWith(".tfstate")
  );
}
