/**
 * Reading what `terraform show -json` says of a saved plan.
 *
 * @see https://developer.hashicorp.com/terraform/internals/json-format
 */
import { z } from "zod";
import { tooDeepAt } from "../iam/json-limits";
import { type IsSecret, mergeValue, type PlanValue, sensitiveTexts } from "./plan-value";

/** What Terraform will do with a resource. */
export type PlanAction = "no-op" | "read" | "create" | "update" | "replace" | "destroy" | "forget";

/** One resource of a plan. */
export interface ResourceChange {
  readonly address: string;
  readonly type: string;
  readonly managed: boolean;
  readonly action: PlanAction;
  /** Of a replacement: whether the new one is made before the old one goes. */
  readonly createBeforeDestroy: boolean;
  /** Why Terraform does it, in its own words such as `replace_because_cannot_update`. */
  readonly actionReason?: string;
  /** Where the resource stood before it was moved in the configuration. */
  readonly previousAddress?: string;
  /** The ID by which it is imported; empty where that is not known yet. */
  readonly importedId?: string;
  /** Undefined where there is nothing before. */
  readonly before?: PlanValue;
  /** Undefined where nothing is left. */
  readonly after?: PlanValue;
}

/** An output of a stack that changes. Its values are told nowhere. */
export interface OutputChange {
  readonly name: string;
  readonly action: "create" | "update" | "destroy";
}

/** A provider as the configuration has it. */
export interface ProviderConfiguration {
  /** `aws.member` */
  readonly key: string;
  /** `aws` */
  readonly name: string;
  /** Undefined where it is not given; `expression` where only Terraform knows it. */
  readonly allowedAccountIds?: readonly string[] | "expression";
  /** ARNs of the roles that it assumes; `expression` as above. */
  readonly roleArns: readonly string[] | "expression";
  /**
   * Whether the configuration says anything of it, or a resource has it. Terraform lists the provider without an
   * alias in any case.
   */
  readonly inUse: boolean;
}

/** A plan, read. */
export interface Plan {
  readonly changes: readonly ResourceChange[];
  /** What was changed outside of Terraform since the last apply. */
  readonly drift: readonly ResourceChange[];
  /** By name. */
  readonly outputs: readonly OutputChange[];
  readonly providers: readonly ProviderConfiguration[];
  /** Whether Terraform met an error while planning: such a plan says not all. */
  readonly errored: boolean;
  /** Whether Terraform put parts off to a later plan. */
  readonly complete: boolean;
  /** The managed resources in the state before the plan, as AWS has them; undefined where the plan has none. */
  readonly prior?: readonly HeldResource[];
}

/** A resource that Terraform holds in a state, and so compares with what AWS has. */
export interface HeldResource {
  readonly type: string;
  /** What names it or says what it is a part of: `arn`, `bucket` and other texts. */
  readonly texts: Readonly<Record<string, string>>;
}

/** A plan that cannot be read. */
export class PlanError extends Error {
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

const resource = z.object({
  address: z.string(),
  previous_address: z.string().optional(),
  mode: z.string(),
  type: z.string(),
  deposed: z.string().optional(),
  action_reason: z.string().optional(),
  change,
});

const expressions = z.object({
  allowed_account_ids: z.unknown().optional(),
  assume_role: z.unknown().optional(),
});

const stateResource = z.object({
  type: z.string(),
  mode: z.string(),
  values: z.record(z.string(), z.unknown()).optional(),
});

interface StateModule {
  resources?: z.output<typeof stateResource>[] | undefined;
  child_modules?: StateModule[] | undefined;
}

const stateModule: z.ZodType<StateModule> = z.lazy(() =>
  z.object({
    resources: z.array(stateResource).optional(),
    child_modules: z.array(stateModule).optional(),
  }),
);

interface ConfigurationModule {
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
  resource_changes: z.array(resource).default([]),
  resource_drift: z.array(resource).default([]),
  output_changes: z.record(z.string(), values).default({}),
  errored: z.boolean().default(false),
  complete: z.boolean().default(true),
  configuration: z
    .object({
      root_module: configurationModule.default({}),
      provider_config: z
        .record(z.string(), z.object({ name: z.string(), expressions: expressions.optional() }))
        .default({}),
    })
    .optional(),
  prior_state: z
    .object({ values: z.object({ root_module: stateModule.optional() }).optional() })
    .optional(),
});

/** A plan's JSON that has the form which its format says. */
export type CheckedPlan = z.output<typeof planJson>;

/** Levels of a plan's JSON; modules in one another take two each, and no schema of the provider has thirty. */
const MAX_LEVELS = 512;

/**
 * Holds a plan's JSON to its format.
 *
 * @param json what `terraform show -json <plan file>` prints, parsed
 * @throws PlanError where it is no plan of a format that is known here
 */
export function checkPlan(json: unknown): CheckedPlan {
  const { data: version } = z.object({ format_version: z.string() }).safeParse(json);
  if (version === undefined)
    throw new PlanError(
      "This is no plan: it has no format_version. Give what `terraform show -json <plan file>` prints",
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

/** Every text that the plan marks as sensitive somewhere. */
export function secretsOf({
  resource_changes: changes,
  resource_drift: drift,
  output_changes: outputs,
}: CheckedPlan): string[] {
  const resources = [...changes, ...drift].map((one) => one.change);
  return [...resources, ...Object.values(outputs)].flatMap((one) => [
    ...sensitiveTexts(one.before, one.before_sensitive),
    ...sensitiveTexts(one.after, one.after_sensitive),
  ]);
}

/**
 * Reads a plan.
 *
 * @param isSecret finds what some plan marks as sensitive, so that a copy of it is not told either
 * @throws PlanError where it has an action that is not known here
 */
export function readPlan(data: CheckedPlan, isSecret: IsSecret): Plan {
  const read = (given: z.output<typeof resource>): ResourceChange => readResource(given, isSecret);
  const root = data.prior_state?.values?.root_module;
  const used = new Set(providerKeys(data.configuration?.root_module ?? {}));
  return {
    changes: data.resource_changes.map(read).sort(byAddress),
    drift: data.resource_drift.map(read).sort(byAddress),
    outputs: readOutputs(data),
    providers: Object.entries(data.configuration?.provider_config ?? {})
      .map(([key, { name, expressions }]) => ({
        ...{ key, name, inUse: expressions !== undefined || used.has(key) },
        ...readExpressions(expressions),
      }))
      .sort((a, b) => compareTexts(a.key, b.key)),
    errored: data.errored,
    complete: data.complete,
    ...(data.prior_state === undefined
      ? {}
      : { prior: root === undefined ? [] : heldResources(root) }),
  };
}

/** For sorting: by UTF-16 code units, the same on every machine. */
export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function byAddress(a: ResourceChange, b: ResourceChange): number {
  return compareTexts(a.address, b.address);
}

const OUTPUT_ACTIONS: Readonly<Record<string, OutputChange["action"]>> = {
  create: "create",
  update: "update",
  delete: "destroy",
};

function readOutputs({ output_changes: outputs }: CheckedPlan): OutputChange[] {
  return Object.entries(outputs)
    .filter(([, { actions }]) => actions.join() !== "no-op")
    .map(([name, { actions }]) => {
      const action = OUTPUT_ACTIONS[actions.join()];
      if (action === undefined) throw unknownActions(actions, `the output ${name}`, OUTPUT_ACTIONS);
      return { name, action };
    })
    .sort((a, b) => compareTexts(a.name, b.name));
}

function unknownActions(actions: readonly string[], what: string, known: object): PlanError {
  return new PlanError(
    `The plan has the actions ${JSON.stringify(actions)} for ${what}, which are not known here; known are ${Object.keys(known).join("; ")}`,
  );
}

const ACTIONS: Readonly<Record<string, PlanAction>> = {
  "no-op": "no-op",
  read: "read",
  create: "create",
  update: "update",
  delete: "destroy",
  "delete,create": "replace",
  "create,delete": "replace",
  forget: "forget",
  "create,forget": "replace",
};

function readResource(given: z.output<typeof resource>, isSecret: IsSecret): ResourceChange {
  const { actions, importing, ...values } = given.change;
  const key = actions.join(",");
  const action = ACTIONS[key];
  if (action === undefined) throw unknownActions(actions, given.address, ACTIONS);
  const side = (value: unknown, unknown: unknown, sensitive: unknown): PlanValue | undefined =>
    value === null || value === undefined
      ? isTree(unknown)
        ? mergeValue(undefined, unknown, sensitive, isSecret)
        : undefined
      : mergeValue(value, unknown, sensitive, isSecret);
  const before = side(values.before, undefined, values.before_sensitive);
  const after = side(values.after, values.after_unknown, values.after_sensitive);
  return {
    address: given.deposed === undefined ? given.address : `${given.address} (deposed)`,
    type: given.type,
    managed: given.mode === "managed",
    action,
    createBeforeDestroy: key === "create,delete",
    ...(given.action_reason === undefined ? {} : { actionReason: given.action_reason }),
    ...(given.previous_address === undefined || given.previous_address === given.address
      ? {}
      : { previousAddress: given.previous_address }),
    ...(importing ? { importedId: importing.id ?? "" } : {}),
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  };
}

/** Whether a tree of marks has any: `{}` and false mark nothing. */
function isTree(marks: unknown): boolean {
  return (
    marks === true || (typeof marks === "object" && marks !== null && Object.keys(marks).length > 0)
  );
}

function readExpressions(
  given: z.output<typeof expressions> | undefined,
): Pick<ProviderConfiguration, "allowedAccountIds" | "roleArns"> {
  const allowed = constant(given?.allowed_account_ids);
  const roles = z
    .array(z.object({ role_arn: z.unknown().optional() }))
    .safeParse(given?.assume_role ?? [])
    .data?.map(({ role_arn: arn }) => constant(arn));
  const known = roles?.filter((role) => typeof role === "string");
  return {
    ...(allowed === undefined
      ? {}
      : {
          allowedAccountIds: Array.isArray(allowed) ? allowed.map(String) : ("expression" as const),
        }),
    roleArns: known !== undefined && known.length === roles?.length ? known : "expression",
  };
}

/** What the configuration says literally; `expression` where it refers to something; undefined where it says nothing. */
function constant(expression: unknown): unknown {
  if (expression === undefined) return undefined;
  const { data } = z.object({ constant_value: z.unknown().optional() }).safeParse(expression);
  return data?.constant_value === undefined ? EXPRESSION : data.constant_value;
}

const EXPRESSION = Symbol("expression");

/** The providers that resources have, by key. */
function providerKeys({ resources = [], module_calls: calls = {} }: ConfigurationModule): string[] {
  return [
    ...resources.flatMap(({ provider_config_key: key }) => key ?? []),
    ...Object.values(calls).flatMap(({ module }) => (module ? providerKeys(module) : [])),
  ];
}

function heldResources({ resources = [], child_modules: inner = [] }: StateModule): HeldResource[] {
  return [
    ...resources
      .filter(({ mode }) => mode === "managed")
      .map(({ type, values = {} }) => ({ type, texts: textsOf(values) })),
    ...inner.flatMap(heldResources),
  ];
}

function textsOf(values: Readonly<Record<string, unknown>>): HeldResource["texts"] {
  const texts = Object.entries(values).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return Object.fromEntries(texts);
}
