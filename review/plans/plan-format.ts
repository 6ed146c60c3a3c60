/**
 * The JSON that `terraform show -json` prints of a saved plan, held to its format.
 *
 * @see https://developer.hashicorp.com/terraform/internals/json-format
 */
import { z } from "zod";
import { tooDeepAt } from "../../iam/json-limits";

/** A plan that cannot be read. */
export class PlanError extends Error {
  /** By which it is distinguished from other errors. */
  override readonly name = "PlanError";
}

const values = z.object({
  actions: z.array(z.string()).min(1),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
  after_unknown: z.unknown().optional(),
  before_sensitive: z.unknown().optional(),
  after_sensitive: z.unknown().optional(),
});

const change = values.extend({ importing: z.object({ id: z.string().optional() }).nullish() });

/** A resource that changes. */
export const planResource = z.object({
  address: z.string(),
  previous_address: z.string().optional(),
  mode: z.string(),
  type: z.string(),
  deposed: z.string().optional(),
  action_reason: z.string().optional(),
  change,
});

/** What a provider is configured with. */
export const planExpressions = z.object({
  allowed_account_ids: z.unknown().optional(),
  assume_role: z.unknown().optional(),
});

const stateResource = z.object({
  type: z.string(),
  mode: z.string(),
  values: z.record(z.string(), z.unknown()).optional(),
});

/** A module of a state. */
export interface StateModule {
  resources?: z.output<typeof stateResource>[] | undefined;
  child_modules?: StateModule[] | undefined;
}

const stateModule: z.ZodType<StateModule> = z.lazy(() =>
  z.object({
    resources: z.array(stateResource).optional(),
    child_modules: z.array(stateModule).optional(),
  }),
);

/** A module of a configuration. */
export interface ConfigurationModule {
  resources?: { provider_config_key?: string | undefined }[] | undefined;
  module_calls?: Record<string, { module?: ConfigurationModule | undefined }> | undefined;
}

const configurationModule: z.ZodType<ConfigurationModule> = z.lazy(() =>
  z.object({
    resources: z.array(z.object({ provider_config_key: z.string().optional() })).optional(),
    module_calls: z
      .record(z.string(), z.object({ module: configurationModule.optional() }))
      .optional(),
  }),
);

const planJson = z.object({
  resource_changes: z.array(planResource).default([]),
  resource_drift: z.array(planResource).default([]),
  output_changes: z.record(z.string(), values).default({}),
  errored: z.boolean().default(false),
  complete: z.boolean().default(true),
  configuration: z
    .object({
      root_module: configurationModule.default({}),
      provider_config: z
        .record(z.string(), z.object({ name: z.string(), expressions: planExpressions.optional() }))
        .default({}),
    })
    .optional(),
  prior_state: z
    .object({ values: z.object({ root_module: stateModule.optional() }).optional() })
    .optional(),
});

/** A plan's JSON that has the form which its format says. */
export type CheckedPlan = z.output<typeof planJson>;

/**
 * Levels of a plan's JSON; modules in one another take two each, and no schema of the provider has
 * thirty.
 */
const MAX_LEVELS = 512;

/**
 * Holds a plan's JSON to its format.
 *
 * @param json what `terraform show -json <plan file>` prints, parsed
 * @throws PlanError where it is not a plan of a format that is known here
 */
export function checkPlan(json: unknown): CheckedPlan {
  const { data: version } = z.object({ format_version: z.string() }).safeParse(json);
  if (version === undefined)
    throw new PlanError(
      "This is not a plan: it has no format_version. Give what `terraform show -json <plan file>` prints",
    );
  if (!/^1\.\d+$/.test(version.format_version))
    throw new PlanError(
      `The plan's format is ${JSON.stringify(version.format_version)}; 1.x is read here. Use a Terraform whose plans have it, such as 1.11`,
    );
  const deep = tooDeepAt(json, MAX_LEVELS);
  if (deep !== undefined)
    throw new PlanError(
      `The plan's objects and lists stand more than ${MAX_LEVELS} deep in one another, at ${deep.slice(0, 200)}. Plan again`,
    );
  const { data, error } = planJson.safeParse(json);
  if (error)
    throw new PlanError(
      `The plan's JSON is not as its format says:\n${error.issues
        .map(({ path, message }) => `${path.join(".")}: ${message}`)
        .join("\n")}`,
    );
  return data;
}
