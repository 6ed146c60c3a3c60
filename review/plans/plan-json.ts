/**
 * Reading what `terraform show -json` says of a saved plan.
 *
 * @see https://developer.hashicorp.com/terraform/internals/json-format
 */
import { z } from "zod";
import { compareTexts } from "../compare-texts";
import type {
  HeldResource,
  OutputChange,
  Plan,
  PlanAction,
  ProviderConfiguration,
  ResourceChange,
} from "./plan";
import {
  type CheckedPlan,
  type ConfigurationModule,
  PlanError,
  type planExpressions,
  type planResource,
  type StateModule,
} from "./plan-format";
import { type IsSecret, mergeValue, type PlanValue, sensitiveTexts } from "./plan-value";

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
  const read = (given: z.output<typeof planResource>): ResourceChange =>
    readResource(given, isSecret);
  const root = data.prior_state?.values?.root_module;
  const used = new Set(providerKeys(data.configuration?.root_module ?? {}));
  return {
    changes: data.resource_changes.map(read).sort(byAddress),
    drift: data.resource_drift.map(read).sort(byAddress),
    outputs: readOutputs(data),
    providers: Object.entries(data.configuration?.provider_config ?? {})
      .map(([key, { name, expressions }]) => ({
        key,
        name,
        inUse: expressions !== undefined || used.has(key),
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

function readResource(given: z.output<typeof planResource>, isSecret: IsSecret): ResourceChange {
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
  given: z.output<typeof planExpressions> | undefined,
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

/**
 * What the configuration says literally; `expression` where it refers to something; undefined where
 * it says nothing.
 */
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
