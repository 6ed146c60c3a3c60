/** Terraform's state, as far as recovering reads it: version 4 of its format. */
export interface StateFile {
  readonly lineage: string;
  readonly serial: number;
  readonly resources: readonly StateResource[];
}

interface StateResource {
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  readonly instances: readonly {
    readonly status?: "tainted";
    readonly attributes?: Readonly<Record<string, unknown>>;
  }[];
}

/** @throws Error where the text is not a state that we know */
export function parseState(text: string): StateFile {
  const state = JSON.parse(text) as StateFile & { readonly version?: number };
  if (state.version !== 4 || typeof state.lineage !== "string")
    throw new Error("it is not a Terraform state of version 4");
  return state;
}

/** The state with another serial, as a text. */
export function withSerial(text: string, serial: number): string {
  return JSON.stringify({ ...(JSON.parse(text) as object), serial }, null, 2);
}

/** The addresses of all that the state holds. */
export function addressesIn(state: StateFile | undefined): ReadonlySet<string> {
  return new Set(managed(state).map(addressOf));
}

/**
 * The addresses of what AWS has and the next run would replace. Terraform's own `terraform_data` is
 * left out: nothing is lost with it, and a wait that was cut short has to be waited again.
 */
export function taintedIn(state: StateFile | undefined): readonly string[] {
  return managed(state)
    .filter(({ type }) => type.startsWith("aws_"))
    .filter(({ instances }) => instances.some(({ status }) => status === "tainted"))
    .map(addressOf);
}

/** What the state holds of a resource. */
export function attributesIn(
  state: StateFile | undefined,
  address: string,
): Readonly<Record<string, unknown>> | undefined {
  return managed(state).find((resource) => addressOf(resource) === address)?.instances[0]
    ?.attributes;
}

/** The addresses of what one state holds and the other does not, or holds as another thing. */
export function missingIn(state: StateFile, other: StateFile): readonly string[] {
  return managed(other)
    .filter(({ type }) => type.startsWith("aws_"))
    .filter(
      (resource) =>
        attributesIn(state, addressOf(resource))?.["id"] !==
        resource.instances[0]?.attributes?.["id"],
    )
    .map(addressOf);
}

function managed(state: StateFile | undefined): readonly StateResource[] {
  // The stacks' resources have no count: one instance each, or none.
  return (state?.resources ?? []).filter(
    ({ mode, instances }) => mode === "managed" && instances.length > 0,
  );
}

function addressOf({ type, name }: StateResource): string {
  return `${type}.${name}`;
}
