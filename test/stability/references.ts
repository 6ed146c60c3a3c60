import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { listEnvironments, requireEnvironment } from "../../envs/load";
import { addEnvironmentStacks } from "../../stacks/environment-stacks";
import type { Configuration } from "../support/synthesized";

const ENVIRONMENTS = join(__dirname, "environments");

/** The environments that together show every construct, as a deployer's state would hold them. */
export const REFERENCES = listEnvironments(ENVIRONMENTS);

/** The file that holds the addresses of a reference environment. */
export function addressFile(name: string): string {
  return join(__dirname, "addresses", `${name}.txt`);
}

/** The addresses that a reference environment's file holds. */
export function heldAddresses(name: string): string[] {
  return readFileSync(addressFile(name), "utf8").split("\n").filter(Boolean);
}

/** A reference environment's constructs, validated and ready to render. */
export function referenceStacks(name: string): TerraformStack[] {
  // cdktf makes the folder that it would write to.
  const outdir = mkdtempSync(join(tmpdir(), "central-trail-test-"));
  try {
    const app = new App({ outdir });
    const environment = requireEnvironment(ENVIRONMENTS, name);
    addEnvironmentStacks(app, { environment, stateDirectory: "/state" });
    const stacks = app.node
      .findAll()
      .filter((node: IConstruct): node is TerraformStack => TerraformStack.isStack(node));
    for (const stack of stacks) stack.prepareStack();
    return stacks;
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/**
 * All by which Terraform and other states find what a reference environment has: `<stack>: <kind>
 * <name>`, sorted. Where the state is and what a provider is called belong to it: a resource whose
 * state is not found is made anew, and one whose provider is not found can't be destroyed.
 */
export function addresses(name: string): string[] {
  return referenceStacks(name).flatMap((stack) => {
    const { terraform, provider, resource, data, output } = stack.toTerraform() as Configuration;
    const named = (kind: string, blocks: Record<string, Record<string, unknown>> = {}): string[] =>
      Object.entries(blocks).flatMap(([type, those]) =>
        Object.keys(those).map((id) => `${kind} ${type}.${id}`),
      );
    return [
      ...Object.entries(terraform.backend).map(
        ([type, { key, path }]) => `state ${type} ${String(key ?? path)}`,
      ),
      ...Object.entries(provider).flatMap(([type, those]) =>
        those.map(({ alias }) => `provider ${type}.${String(alias)}`),
      ),
      ...named("data", data),
      ...named("resource", resource),
      ...Object.keys(output ?? {}).map((id) => `output ${id}`),
    ]
      .map((line) => `${stack.node.id}: ${line}`)
      .sort();
  });
}
