import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ExpectedError } from "../expected-error";
import { ownerOnly } from "../owner-only";

const savedPlans = z.object({
  /** Of this file's form. */
  version: z.literal(1),
  environment: z.string(),
  /** Whether a guard that nobody acknowledged stands against applying them. */
  blocked: z.boolean(),
  stacks: z.array(
    z.object({
      name: z.string(),
      dependencies: z.array(z.string()),
      /** Relative to the folder. */
      folder: z.string(),
      changes: z.boolean(),
      /** Whether the stack could only be planned for the review, with stand-ins for what is not known yet. */
      reviewOnly: z.boolean(),
      /** Whether it is planned again before it is applied: for that reason, or since the role that planned it only reads. */
      plannedAgain: z.boolean(),
    }),
  ),
});

/** What `central-trail plan` leaves for `central-trail deploy --plans`. */
export type SavedPlans = z.output<typeof savedPlans>;
/** One stack's plan. */
export type SavedPlan = SavedPlans["stacks"][number];

const MANIFEST = "plans.json";

/**
 * A folder of saved plans. It is cdktf's output folder too: a plan is applied with the Terraform JSON
 * and the lock file that it was made from. Plans hold whatever the state holds, so only its user may read it.
 */
export class PlanFolder {
  constructor(readonly path: string) {}

  /**
   * Makes room for new plans: the folder has to be new, empty or one of earlier plans, which go.
   *
   * @throws ExpectedError where it holds anything else
   */
  clear(): void {
    const found = existsSync(this.path) ? readdirSync(this.path) : [];
    if (found.length > 0 && !found.includes(MANIFEST))
      throw new ExpectedError([
        `${this.path} holds files that are no plans of ours: ${found.slice(0, 3).join(", ")}. Name a new or an empty folder.`,
      ]);
    rmSync(this.path, { recursive: true, force: true });
    ownerOnly(() => mkdirSync(this.path, { recursive: true }));
    // From the start, so that what a killed run leaves is known as ours.
    ownerOnly(() => writeFileSync(join(this.path, MANIFEST), "{}\n"));
  }

  write(plans: SavedPlans): void {
    writeFileSync(join(this.path, MANIFEST), `${JSON.stringify(plans, null, 2)}\n`);
  }

  /** @throws ExpectedError where the folder holds no whole set of plans */
  read(): SavedPlans {
    const file = join(this.path, MANIFEST);
    const text = existsSync(file) ? readFileSync(file, "utf8") : undefined;
    const { data } = savedPlans.safeParse(text === undefined ? undefined : parsed(text));
    if (data === undefined)
      throw new ExpectedError([
        `${this.path} holds no whole set of plans. \`central-trail plan --out ${this.path}\` makes one.`,
      ]);
    return data;
  }

  /** The file of a stack's plan as `terraform show -json` prints it. */
  jsonFile({ folder }: Pick<SavedPlan, "folder">): string {
    return join(this.path, folder, "plan.json");
  }

  planJson(plan: Pick<SavedPlan, "folder">): unknown {
    return parsed(readFileSync(this.jsonFile(plan), "utf8"));
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
