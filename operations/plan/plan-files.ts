import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PROVIDER_LOCK } from "../../envs/provider-lock";
import { STACK_FILE, STACKS_FOLDER } from "../terraform/cdktf-files";
import { PLAN_FILE } from "./saved-plan";

/** The review's files beside the stacks. */
export const REVIEW_FILES = { markdown: "review.md", json: "review.json" } as const;

/** A stack's files in its folder, as cdktf and Terraform name them. */
export const STACK_FILES = {
  /** What the plan was made from. */
  configuration: STACK_FILE,
  /** Terraform's lock file of providers. */
  providers: PROVIDER_LOCK,
  /** The plan as `terraform show -json` prints it. */
  json: "plan.json",
  plan: PLAN_FILE,
} as const;

/** A stack's folder, from the folder of all plans. */
export function stackFolder(name: string): string {
  return `${STACKS_FOLDER}/${name}`;
}

/**
 * What is kept of a stack, from the folder of all plans. Of a stack that is planned again there is
 * no plan that could be applied, of one without providers no lock file.
 */
export function keptFiles(
  folder: string,
  { name, plannedAgain }: { readonly name: string; readonly plannedAgain: boolean },
): string[] {
  const { plan, providers, ...others } = STACK_FILES;
  const files = [...Object.values(others), ...(plannedAgain ? [] : [plan])];
  const inStack = (file: string): string => `${stackFolder(name)}/${file}`;
  const lock = inStack(providers);
  return [...files.map(inStack), ...(existsSync(join(folder, lock)) ? [lock] : [])];
}

/**
 * Whether a path could be one of {@link keptFiles} or of the review: none leads out of the folder.
 */
export function isPlanFile(path: string): boolean {
  const [first, name = "", file = "", ...more] = path.split("/");
  const ofStack =
    first === STACKS_FOLDER &&
    /^(?!\.\.?$)[^\\\0]+$/.test(name) &&
    more.length === 0 &&
    file !== "";
  return ofStack
    ? Object.values<string>(STACK_FILES).includes(file)
    : Object.values<string>(REVIEW_FILES).includes(path);
}

/** A stack's plan as JSON. */
export function planJsonOf(folder: string, { name }: { name: string }): unknown {
  return JSON.parse(readFileSync(join(folder, stackFolder(name), STACK_FILES.json), "utf8"));
}
