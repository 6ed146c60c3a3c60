import { randomUUID } from "node:crypto";
import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  type Stats,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { ExpectedError } from "../expected-error";
import { ownerOnly } from "../runs/owner-only";
import { oneLine } from "../../review/writing/markdown-text";
import type { MissingStack } from "../../review/report";
import { isPlanFile, keptFiles, REVIEW_FILES } from "./plan-files";
import { usersFolderProblem } from "./users-folders";

const savedPlan = z.object({
  name: z.string(),
  /** Those that are planned, or missing, in the same folder. */
  dependencies: z.array(z.string()),
  changes: z.boolean(),
  /**
   * Whether the stack could only be planned for the review, with stand-ins for what is not known
   * yet.
   */
  reviewOnly: z.boolean(),
  /**
   * Whether it is planned again before it is applied: for that reason, or since the role that
   * planned it only reads.
   */
  plannedAgain: z.boolean(),
});
const missingStack: z.ZodType<MissingStack> = z.object({ stack: z.string(), reason: z.string() });
const savedPlans = z.object({
  /** Whether a guard that nobody acknowledged stands against applying them. */
  blocked: z.boolean(),
  stacks: z.array(savedPlan),
  missing: z.array(missingStack),
});
const manifest = z.strictObject({
  writtenBy: z.literal("central-trail plan"),
  /** Of this file's form. */
  version: z.literal(2),
  environment: z.string(),
  /** Tells one run from another that takes the same folder. */
  run: z.string(),
  /**
   * All that the folder holds beside this file and `.gitignore`, or may hold as soon as it is
   * written.
   */
  files: z.array(z.string().refine(isPlanFile)),
  /** @default - the run that writes the folder has not come to its end */
  plans: savedPlans.optional(),
});

/** One stack's plan. */
export type SavedPlan = z.output<typeof savedPlan>;
/** What `central-trail plan` leaves for `central-trail deploy --plans`. */
export type SavedPlans = z.output<typeof savedPlans>;
type Manifest = z.output<typeof manifest>;

const MANIFEST = "plans.json";
/** The manifest while it is written, so that no killed run leaves half of one. */
const NEXT_MANIFEST = ".plans.json.central-trail";
const IGNORE = ".gitignore";
const IGNORED = "*\n";

/**
 * A folder that a user names for saved plans. Plans hold whatever the state holds, so only its user
 * may read it, and git ignores it. It holds only what is copied into it: Terraform and cdktf work
 * elsewhere. Each file stands in the manifest before it is written, and nothing is removed that the
 * manifest does not name.
 */
export class PlanFolder {
  private readonly run = randomUUID();

  constructor(readonly path: string) {}

  /**
   * Makes room for new plans: the folder has to be new, empty or one of earlier plans of this
   * environment, which go.
   *
   * @throws ExpectedError where it holds anything else, could belong to the user, or can't be
   *   written
   */
  clear(environment: string): void {
    const earlier = this.earlier(environment);
    this.attempt(() => {
      mkdirSync(this.path, { recursive: true, mode: 0o700 });
      chmodSync(this.path, 0o700);
      const files = earlier?.files ?? [];
      // No plans from now on, whatever comes between.
      this.writeManifest({ environment, files });
      for (const file of files) rmSync(join(this.path, file), { force: true });
      // The deepest first; none of them goes with anything in it.
      for (const folder of foldersOf(files).reverse()) {
        if (existsSync(join(this.path, folder))) rmdirSync(join(this.path, folder));
      }
      this.writeManifest({ environment, files: [] });
      writeFileSync(join(this.path, IGNORE), IGNORED);
    });
  }

  /**
   * Copies what was planned and reviewed.
   *
   * @param from the folder that it was planned in, with the review
   * @throws ExpectedError where another run has taken the folder, or it can't be written
   */
  keep(from: string, environment: string, plans: SavedPlans): void {
    if (this.manifest()?.run !== this.run)
      throw new ExpectedError([
        `Another run of plan has taken ${this.path} meanwhile. These plans are not kept: plan again, into a folder of its own.`,
      ]);
    const files = [
      ...Object.values(REVIEW_FILES),
      ...plans.stacks.flatMap((plan) => keptFiles(from, plan)),
    ];
    this.attempt(() => {
      this.writeManifest({ environment, files });
      for (const folder of foldersOf(files)) mkdirSync(join(this.path, folder), { mode: 0o700 });
      for (const file of files) {
        copyFileSync(join(from, file), join(this.path, file), constants.COPYFILE_EXCL);
      }
      this.writeManifest({ environment, files, plans });
    });
  }

  /**
   * @throws ExpectedError where the folder holds no whole set of plans, or one of another
   *   environment
   */
  read(environment: string): SavedPlans {
    const found = this.manifest();
    const files = found?.files ?? [];
    const whole = files.every((file) => statOf(join(this.path, file))?.isFile());
    if (found?.plans === undefined || !whole)
      throw new ExpectedError([
        `${this.path} holds no whole set of plans. \`central-trail plan --out ${this.path}\` makes one.`,
      ]);
    if (found.environment !== environment) throw new ExpectedError([this.ofOther(found)]);
    return found.plans;
  }

  /** Copies a stack's files to where Terraform may work with them. */
  copyTo(to: string, plan: SavedPlan): void {
    for (const file of keptFiles(this.path, plan)) {
      mkdirSync(dirname(join(to, file)), { recursive: true });
      copyFileSync(join(this.path, file), join(to, file));
    }
  }

  /** The manifest of the plans that may go; undefined where there is nothing yet. */
  private earlier(environment: string): Manifest | undefined {
    const stat = this.attempt(() => statOf(this.path));
    if (stat === undefined) return undefined;
    if (stat.isSymbolicLink())
      throw this.refusal("is a link. Plans are kept in a folder itself, not behind a link");
    if (!stat.isDirectory()) throw this.refusal("is not a folder");
    const users = usersFolderProblem(this.path);
    if (users !== undefined) throw this.refusal(users);
    const entries = this.attempt(() => entriesOf(this.path));
    const found = this.manifest();
    const ours = new Set([NEXT_MANIFEST, ...(found ? [MANIFEST, ...found.files] : [])]);
    const folders = new Set(foldersOf(found?.files ?? []));
    const foreign = entries.filter(({ path, kind }) =>
      kind === "empty folder"
        ? !folders.has(path)
        : kind === "other" || !(ours.has(path) || this.isOurIgnore(path)),
    );
    if (foreign.length > 0) {
      const named = foreign
        .slice(0, 3)
        .map(({ path, kind }) => oneLine(path, 80) + (kind === "other" ? " (no plain file)" : ""));
      const more = foreign.length > 3 ? ` and ${foreign.length - 3} more` : "";
      throw this.refusal(`holds what is not plans of ours: ${named.join(", ")}${more}`);
    }
    if (found !== undefined && found.environment !== environment)
      throw new ExpectedError([this.ofOther(found), "Name a folder for each environment."]);
    return found;
  }

  private isOurIgnore(path: string): boolean {
    return path === IGNORE && readFileSync(join(this.path, path), "utf8") === IGNORED;
  }

  /** Undefined where there is none of ours. */
  private manifest(): Manifest | undefined {
    const file = join(this.path, MANIFEST);
    if (!statOf(file)?.isFile()) return undefined;
    return manifest.safeParse(parsed(this.attempt(() => readFileSync(file, "utf8")))).data;
  }

  private writeManifest(content: Pick<Manifest, "environment" | "files" | "plans">): void {
    const whole: Manifest = {
      writtenBy: "central-trail plan",
      version: 2,
      run: this.run,
      ...content,
    };
    const next = join(this.path, NEXT_MANIFEST);
    writeFileSync(next, `${JSON.stringify(whole, null, 2)}\n`);
    renameSync(next, join(this.path, MANIFEST));
  }

  private ofOther(found: Manifest): string {
    return `The plans in ${this.path} are of the environment ${oneLine(found.environment, 80)}, not of the one that was asked for.`;
  }

  private refusal(why: string): ExpectedError {
    return new ExpectedError([
      `${this.path} ${why}. Nothing was removed. Name a new or an empty folder.`,
    ]);
  }

  private attempt<T>(work: () => T): T {
    try {
      return ownerOnly(work);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      throw new ExpectedError([
        `${this.path} can't be used for plans: ${message}. Name a new or an empty folder that you may write to.`,
      ]);
    }
  }
}

interface Entry {
  /** From the folder, with slashes. */
  readonly path: string;
  readonly kind: "file" | "empty folder" | "other";
}

/** All that a folder holds; links are not followed. */
function entriesOf(folder: string, prefix = ""): Entry[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry): Entry[] => {
    const path = prefix + entry.name;
    if (entry.isFile()) return [{ path, kind: "file" }];
    if (!entry.isDirectory()) return [{ path, kind: "other" }];
    const below = entriesOf(join(folder, entry.name), `${path}/`);
    return below.length === 0 ? [{ path, kind: "empty folder" }] : below;
  });
}

/** The folders that files stand in, those above first. */
function foldersOf(files: readonly string[]): string[] {
  const folders = files.flatMap((file) => {
    const parts = file.split("/").slice(0, -1);
    return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
  });
  return [...new Set(folders)].sort((a, b) => a.split("/").length - b.split("/").length);
}

/** Of a link, not of what it names; undefined where there is nothing. */
function statOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
