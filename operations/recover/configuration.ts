import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { STACK_FILE } from "../terraform/cdktf-files";

/** Where Terraform keeps a stack's state. */
export type StateLocation = LocalStateFile | S3StateObject;

export interface LocalStateFile {
  readonly kind: "local";
  readonly path: string;
}

export interface S3StateObject {
  readonly kind: "s3";
  readonly bucket: string;
  readonly key: string;
  readonly region: string;
  /** @default - AWS's own */
  readonly endpoint?: string;
  /** @default - the SDK's chain */
  readonly assumeRole?: { readonly roleArn: string; readonly externalId?: string };
}

/** A resource as the stack's Terraform JSON has it. */
export interface ResourceBlock {
  readonly address: string;
  readonly type: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What of a stack's Terraform JSON recovering follows from. */
export interface StackConfiguration {
  readonly state: StateLocation;
  readonly resources: readonly ResourceBlock[];
}

/** Blocks of Terraform's JSON, by their type or name. */
export type Blocks = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface StackJson {
  /** @default - Terraform keeps the state in the folder */
  readonly terraform?: { readonly backend?: Blocks };
  readonly resource?: Readonly<Record<string, Blocks>>;
}

export function readStackJson(folder: string): StackJson {
  return JSON.parse(readFileSync(join(folder, STACK_FILE), "utf8")) as StackJson;
}

/** @throws Error where the backend is neither of the two that the stacks know */
export function stackConfiguration({ terraform, resource = {} }: StackJson): StackConfiguration {
  return {
    state: stateLocation(terraform?.backend ?? {}),
    resources: Object.entries(resource).flatMap(([type, blocks]) =>
      Object.entries(blocks).map(([name, body]) => ({ address: `${type}.${name}`, type, body })),
    ),
  };
}

/** @throws Error where it is neither local nor in S3 */
export function stateLocation({ local, s3 }: Blocks): StateLocation {
  if (local) return { kind: "local", path: String(local["path"]) };
  if (!s3) throw new Error("The stack's state is neither local nor in S3.");
  const role = s3["assume_role"] as { role_arn: string; external_id?: string } | undefined;
  const endpoints = s3["endpoints"] as { s3?: string } | undefined;
  return {
    kind: "s3",
    bucket: String(s3["bucket"]),
    key: String(s3["key"]),
    region: String(s3["region"]),
    endpoint: endpoints?.s3,
    ...(role ? { assumeRole: { roleArn: role.role_arn, externalId: role.external_id } } : {}),
  };
}

/**
 * What tells one state from another: its place, and whose S3 that is, since a local AWS has any
 * bucket.
 *
 * @param env of the Terraform that works on it
 */
export function stateId(state: StateLocation, env: NodeJS.ProcessEnv): string {
  if (state.kind === "local") return state.path;
  const endpoint = state.endpoint ?? (env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL);
  return `s3://${state.bucket}/${state.key}${endpoint ? ` at ${endpoint}` : ""}`;
}

/**
 * The state that a Terraform in a folder would lock for as long as it is not unlocked, even after
 * its death; undefined for a local state, and where the folder is none of a stack.
 */
export function lockedState(folder: string, env: NodeJS.ProcessEnv): string | undefined {
  if (!existsSync(join(folder, STACK_FILE))) return undefined;
  const { s3 } = readStackJson(folder).terraform?.backend ?? {};
  return s3 && stateId(stateLocation({ s3 }), env);
}
