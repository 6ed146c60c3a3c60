import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CHANGES, planJson, savePlan } from "../plan/saved-plan";
import { PLAIN, terraform, type TerraformOptions, unframed } from "../terraform/terraform";
import { STACK_FILE } from "../terraform/cdktf-files";
import { readStackJson } from "./configuration";

/** What the next deploy would do to one resource. */
export interface PlannedChange {
  readonly kind: "none" | "update" | "replace";
  /** The names of the attributes that would change, or that ask for a replacement. */
  readonly attributes: readonly string[];
}

/** What the next deploy would do to some resources, by their addresses. */
export interface TrialPlan {
  readonly changes: ReadonlyMap<string, PlannedChange>;
  /** @default - it could be planned */
  readonly error?: string;
}

/**
 * A stack's configuration over a copy of its state, in a folder of its own: what is imported and
 * untainted here is in no state but the copy, so that people see what would come of it before
 * anything is done.
 */
export class Trial {
  readonly #stack: { readonly name: string; readonly folder: string };
  readonly #stateFile: string;

  /**
   * @param folder made here
   * @param state none where the stack has none
   */
  constructor(
    stack: { readonly name: string; readonly folder: string },
    folder: string,
    state: string | undefined,
    private readonly options: Omit<TerraformOptions, "onLine" | "interactive">,
  ) {
    mkdirSync(folder, { recursive: true });
    this.#stack = { name: stack.name, folder };
    this.#stateFile = join(folder, "trial.tfstate");
    writeFileSync(
      join(folder, STACK_FILE),
      JSON.stringify(trialJson(stack.folder, this.#stateFile)),
    );
    if (state !== undefined) writeFileSync(this.#stateFile, state);
  }

  /** The copy as it stands now. */
  get state(): string | undefined {
    return existsSync(this.#stateFile) ? readFileSync(this.#stateFile, "utf8") : undefined;
  }

  /** @returns Terraform's error, undefined where all went well */
  async init(): Promise<string | undefined> {
    return this.#run("init", ...PLAIN);
  }

  /** @returns as {@link init} */
  async import(address: string, id: string): Promise<string | undefined> {
    return this.#run("import", ...PLAIN, address, id);
  }

  /** @returns as {@link init} */
  async untaint(address: string): Promise<string | undefined> {
    return this.#run("untaint", address);
  }

  /** Takes back {@link untaint}, in the copy. */
  async taint(address: string): Promise<string | undefined> {
    return this.#run("taint", address);
  }

  /** Takes back {@link import}, in the copy. */
  async forget(address: string): Promise<string | undefined> {
    return this.#run("state", "rm", address);
  }

  /** What the next deploy would do to these. */
  async plan(addresses: readonly string[]): Promise<TrialPlan> {
    const targets = addresses.map((address) => `-target=${address}`);
    const { code, stderr } = await savePlan(this.#stack, this.options, targets);
    if (code !== 0 && code !== CHANGES) return { changes: new Map(), error: unframed(stderr) };
    const { resource_changes } = JSON.parse(await planJson(this.#stack, this.options)) as PlanJson;
    const asked = resource_changes.filter(({ address }) => addresses.includes(address));
    return {
      changes: new Map(asked.map(({ address, change }) => [address, plannedChange(change)])),
    };
  }

  async #run(...args: string[]): Promise<string | undefined> {
    const { code, stderr } = await terraform(this.#stack, args, this.options);
    return code === 0 ? undefined : unframed(stderr) || `terraform ${args[0]} ended with ${code}`;
  }
}

interface PlanJson {
  readonly resource_changes: readonly {
    readonly address: string;
    readonly change: Change;
  }[];
}

interface Change {
  readonly actions: readonly string[];
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
  readonly after_unknown?: Readonly<Record<string, unknown>>;
  readonly replace_paths?: readonly (readonly (string | number)[])[];
}

function plannedChange({ actions, before, after, replace_paths = [] }: Change): PlannedChange {
  if (actions.includes("delete")) {
    return {
      kind: "replace",
      attributes: [...new Set(replace_paths.map(([name]) => String(name)))],
    };
  }
  if (!actions.includes("update")) return { kind: "none", attributes: [] };
  const changed = Object.keys(after ?? {}).filter(
    (name) => JSON.stringify(before?.[name]) !== JSON.stringify(after?.[name]),
  );
  return { kind: "update", attributes: changed };
}

/**
 * The stack's JSON with its state in a file, and without what would stop a plan that nobody
 * applies: the protection against a replacement is what shows one as an error and not as a plan.
 */
function trialJson(folder: string, stateFile: string): object {
  const { terraform: settings, resource = {}, ...rest } = readStackJson(folder);
  return {
    ...rest,
    terraform: { ...settings, backend: { local: { path: stateFile } } },
    resource: mapValues(resource, (blocks) =>
      mapValues(blocks, (body) => {
        const { lifecycle, ...others } = body as { lifecycle?: Record<string, unknown> };
        if (lifecycle === undefined) return others;
        const { ignore_changes } = lifecycle;
        return { ...others, ...(ignore_changes ? { lifecycle: { ignore_changes } } : {}) };
      }),
    ),
  };
}

function mapValues<V, W>(
  record: Readonly<Record<string, V>>,
  change: (value: V) => W,
): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
