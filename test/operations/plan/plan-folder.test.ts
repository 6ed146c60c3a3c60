import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { join, parse } from "node:path";
import { PlanFolder, type SavedPlans } from "../../../operations/plan/plan-folder";
import { projectFolder } from "../../../operations/project";
import { temporaryFolder, writeTree } from "../../support/temporary-folder";

const folder = temporaryFolder();
const STACK = "local-destination";
const PLANS: SavedPlans = {
  blocked: false,
  stacks: [
    {
      name: STACK,
      dependencies: [],
      changes: true,
      reviewOnly: false,
      plannedAgain: false,
    },
  ],
  missing: [{ stack: "local-member-222222222222", reason: "Error: no access" }],
};

/** A folder with what Terraform and cdktf leave where plans are made. */
function planned(text = "of now"): string {
  const path = join(folder(), "planned");
  for (const file of ["review.md", "review.json", "manifest.json"]) writeTree(path, file, text);
  for (const file of ["cdk.tf.json", ".terraform.lock.hcl", "plan.json", "plan.tfplan"])
    writeTree(path, `stacks/${STACK}/${file}`, text);
  writeTree(path, `stacks/${STACK}/.terraform/providers/aws`, text);
  return path;
}

function kept(path: string): PlanFolder {
  const plans = new PlanFolder(path);
  plans.clear("local");
  plans.keep(planned(), "local", PLANS);
  return plans;
}

/** All below a folder, with the texts of files and what links name. */
function tree(path: string): Record<string, string> {
  const all = readdirSync(path, { recursive: true, encoding: "utf8" }).sort();
  return Object.fromEntries(
    all.map((name) => {
      const file = join(path, name);
      const stat = lstatSync(file);
      const isText = stat.isFile() && !stat.isSymbolicLink();
      return [name, isText ? readFileSync(file, "utf8") : `${stat.mode & 0o170000}`];
    }),
  );
}

test("what is written is read, by its user alone, and git ignores it", () => {
  const plans = kept(join(folder(), "new"));
  expect(plans.read("local")).toEqual(PLANS);
  expect(statSync(plans.path).mode & 0o077).toBe(0);
  expect(readFileSync(join(plans.path, ".gitignore"), "utf8")).toBe("*\n");
});

test("it holds what the manifest lists, and nothing of Terraform's own", () => {
  const { path } = kept(join(folder(), "new"));
  const { files } = JSON.parse(readFileSync(join(path, "plans.json"), "utf8")) as {
    files: string[];
  };
  const found = Object.keys(tree(path)).filter((name) => statSync(join(path, name)).isFile());
  expect(found.sort()).toEqual([".gitignore", "plans.json", ...files].sort());
  expect(files).toContain(`stacks/${STACK}/plan.tfplan`);
});

test("an empty folder will do, and becomes its user's alone", () => {
  const path = join(folder(), "empty");
  mkdirSync(path);
  chmodSync(path, 0o755);
  expect(kept(path).read("local")).toEqual(PLANS);
  expect(statSync(path).mode & 0o077).toBe(0);
});

test("earlier plans give way", () => {
  const plans = kept(join(folder(), "again"));
  new PlanFolder(plans.path).clear("local");
  expect(readdirSync(plans.path).sort()).toEqual([".gitignore", "plans.json"]);
  expect(() => plans.read("local")).toThrow("holds no whole set of plans");
});

test("what a killed run leaves is known as ours, wherever it was", () => {
  const { path } = kept(join(folder(), "killed"));
  const manifest = JSON.parse(readFileSync(join(path, "plans.json"), "utf8")) as object;
  // While it copies: all is listed, some is there, the next manifest is half written.
  writeFileSync(join(path, "plans.json"), JSON.stringify({ ...manifest, plans: undefined }));
  writeFileSync(join(path, ".plans.json.central-trail"), "{");
  expect(() => new PlanFolder(path).read("local")).toThrow("holds no whole set of plans");
  new PlanFolder(path).clear("local");
  expect(readdirSync(path).sort()).toEqual([".gitignore", "plans.json"]);
  // Before the first manifest.
  const young = join(folder(), "young");
  writeTree(young, ".plans.json.central-trail", "{");
  new PlanFolder(young).clear("local");
  expect(readdirSync(young).sort()).toEqual([".gitignore", "plans.json"]);
});

test("a plan of which a file is gone is not a whole set", () => {
  const plans = kept(join(folder(), "gone"));
  rmSync(join(plans.path, "stacks", STACK, "plan.tfplan"));
  expect(() => plans.read("local")).toThrow("holds no whole set of plans");
  expect(() => new PlanFolder(join(folder(), "none")).read("local")).toThrow(
    "`central-trail plan --out",
  );
});

describe("left as it is", () => {
  /** Refused with these words, and nothing below has changed. */
  function refused(path: string, words: string | RegExp, root = path): void {
    const before = tree(root);
    expect(() => new PlanFolder(path).clear("local")).toThrow(words);
    expect(tree(root)).toEqual(before);
  }

  test("a folder with other files, of which it names the first few", () => {
    const path = join(folder(), "mine");
    for (const name of ["a", "b", "c", "d", "e"]) writeTree(path, `${name}.txt`, name);
    refused(path, "holds what is not plans of ours: a.txt, b.txt, c.txt and 2 more. Nothing was");
  });

  test.each([
    ["{}", "of an earlier version, which is anybody's"],
    ["not JSON", "anybody's"],
    ['{"plans":["free","team"]}', "another program's"],
    [JSON.stringify({ version: 1, environment: "local", blocked: false, stacks: [] }), "version 1"],
  ])("a folder with plans.json %j, %s", (text) => {
    const path = join(folder(), "foreign");
    writeTree(path, "plans.json", text);
    writeTree(path, "thesis.txt", "ten years");
    refused(path, "not plans of ours: plans.json, thesis.txt");
  });

  test.each([
    ["a file", "thesis.txt"],
    ["a file among a stack's", `stacks/${STACK}/notes.md`],
    ["a file of a stack that is not listed", "stacks/other/plan.tfplan"],
    ["a hidden file", ".env"],
    ["a state", `stacks/${STACK}/errored.tfstate`],
  ])("our plans with %s of the user's: %s", (_, name) => {
    const { path } = kept(join(folder(), "both"));
    writeTree(path, name, "mine");
    refused(path, `not plans of ours: ${name}`);
  });

  test("our plans with an empty folder, or another .gitignore", () => {
    const { path } = kept(join(folder(), "both"));
    mkdirSync(join(path, "later"));
    writeTree(path, ".gitignore", "*\n!review.md\n");
    refused(path, "not plans of ours: .gitignore, later");
  });

  test.each(["notes", `stacks/${STACK}/plan.json`, "review.md", "stacks"])(
    "our plans with a link in the place of %s",
    (name) => {
      const { path } = kept(join(folder(), "linked"));
      const mine = join(folder(), "mine");
      writeTree(mine, `${STACK}/plan.json`, "ten years");
      if (existsSync(join(path, name))) renameSync(join(path, name), join(folder(), "moved"));
      symlinkSync(mine, join(path, name));
      refused(path, `not plans of ours: ${name} (no plain file)`, folder());
    },
  );

  test.each(["../mine.txt", "stacks/../../mine.txt", "stacks/../plan.json", "/etc/hostname"])(
    "a manifest that lists %s",
    (listed) => {
      const { path } = kept(join(folder(), "poisoned"));
      writeTree(folder(), "mine.txt", "ten years");
      const file = join(path, "plans.json");
      const manifest = JSON.parse(readFileSync(file, "utf8")) as { files: string[] };
      manifest.files.push(listed);
      writeFileSync(file, JSON.stringify(manifest));
      refused(path, "not plans of ours", folder());
      expect(() => new PlanFolder(path).read("local")).toThrow("no whole set of plans");
    },
  );

  test("another environment's plans", () => {
    const { path } = kept(join(folder(), "other"));
    const before = tree(path);
    const words = "are of the environment local, not of";
    expect(() => new PlanFolder(path).clear("production")).toThrow(words);
    expect(tree(path)).toEqual(before);
    expect(() => new PlanFolder(path).read("production")).toThrow(words);
  });

  test("a link to our plans, and one to nothing", () => {
    const { path } = kept(join(folder(), "real"));
    const link = join(folder(), "link");
    symlinkSync(path, link);
    refused(link, "is a link", folder());
    const dangling = join(folder(), "dangling");
    symlinkSync(join(folder(), "nowhere"), dangling);
    expect(() => new PlanFolder(dangling).clear("local")).toThrow("is a link");
    expect(existsSync(join(folder(), "nowhere"))).toBe(false);
  });

  test("a file, and what is below a file", () => {
    writeTree(folder(), "file", "mine");
    refused(join(folder(), "file"), "is not a folder", folder());
    refused(join(folder(), "file", "plans"), "can't be used for plans: ENOTDIR", folder());
  });

  test.each([
    ["the root of the file system", parse(__dirname).root],
    ["your home folder", homedir()],
    ["the project's folder", projectFolder()],
  ])("%s", (words, path) => {
    expect(() => new PlanFolder(path).clear("local")).toThrow(words);
    expect(existsSync(join(path, "plans.json"))).toBe(false);
  });

  test("an empty working folder, and one above it", () => {
    const path = join(folder(), "a");
    mkdirSync(path);
    const cwd = jest.spyOn(process, "cwd").mockReturnValue(path);
    try {
      expect(() => new PlanFolder(path).clear("local")).toThrow("is the working folder");
      expect(() => new PlanFolder(folder()).clear("local")).toThrow("holds the working folder");
    } finally {
      cwd.mockRestore();
    }
  });
});

test("of two runs that take one folder, the later one has it", () => {
  const path = join(folder(), "shared");
  const first = new PlanFolder(path);
  first.clear("local");
  const second = new PlanFolder(path);
  second.clear("local");
  expect(() => first.keep(planned(), "local", PLANS)).toThrow("Another run of plan has taken");
  second.keep(planned(), "local", PLANS);
  expect(second.read("local")).toEqual(PLANS);
});

test("what came meanwhile is not overwritten", () => {
  const plans = new PlanFolder(join(folder(), "busy"));
  plans.clear("local");
  writeTree(plans.path, "review.md", "mine");
  expect(() => plans.keep(planned(), "local", PLANS)).toThrow("EEXIST");
  expect(readFileSync(join(plans.path, "review.md"), "utf8")).toBe("mine");
});

test("Terraform works with a copy", () => {
  const plans = kept(join(folder(), "plans"));
  const to = join(folder(), "work");
  plans.copyTo(to, PLANS.stacks[0]!);
  const files = readdirSync(join(to, "stacks", STACK));
  expect(files.sort()).toEqual([".terraform.lock.hcl", "cdk.tf.json", "plan.json", "plan.tfplan"]);
});
