import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RevisionOptions, appAtRevision } from "../../../operations/plan/app-at-revision";
import { temporaryFolder } from "../../support/temporary-folder";

/** An app of one stack that holds the environment file's text. */
const APP = `
const { App, DataResource, TerraformStack } = require(${JSON.stringify(require.resolve("cdktf"))});
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const app = new App();
const file = join(process.env.CENTRAL_TRAIL_ENVS_DIR, "x.yaml");
new DataResource(new TerraformStack(app, "one"), "data", { input: readFileSync(file, "utf8") });
app.synth();
`;

const folder = temporaryFolder();
let project: string;
jest.setTimeout(60_000);

function git(...args: string[]): string {
  const identity = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
  return execFileSync("git", [...identity, ...args], { cwd: folder(), encoding: "utf8" });
}

function write(name: string, text: string): void {
  writeFileSync(join(project, name), text);
}

function commit(): void {
  git("add", "--all");
  git("commit", "--quiet", "-m", "test");
}

function options(changed: Partial<RevisionOptions> = {}): RevisionOptions {
  const envsFolder = join(project, "envs");
  const worktree = join(folder(), "worktree");
  const { env } = process;
  return { revision: "HEAD", project, envsFolder, environment: "x", env, worktree, ...changed };
}

async function inputAt(changed?: Partial<RevisionOptions>): Promise<unknown> {
  const { stacks } = await appAtRevision(options(changed));
  const one = stacks.get("one") as { resource: { terraform_data: { data: { input: string } } } };
  return one.resource.terraform_data.data.input;
}

beforeEach(() => {
  git("init", "--quiet");
  project = join(folder(), "below");
  mkdirSync(join(project, "envs"), { recursive: true });
  mkdirSync(join(project, "node_modules"));
  write("main.js", APP);
  write("cdktf.json", JSON.stringify({ language: "typescript", app: "node main.js" }));
  write("package-lock.json", "{}");
  write(".gitignore", "node_modules\n");
  commit();
  write("envs/x.yaml", "old");
  commit();
  write("envs/x.yaml", "new");
});

test("the app as it was, however the working tree looks, and nothing stays behind", async () => {
  expect(await inputAt()).toBe("old");
  expect(git("worktree", "list").trim().split("\n")).toHaveLength(1);
  expect(readdirSync(folder())).not.toContain("worktree");
});

test("git forgets what a killed run left, and nothing else that is gone", async () => {
  const killed = join(folder(), "central-trail-run-1a-2b-abcdef");
  for (const path of [join(killed, "revision"), join(folder(), "another")])
    git("worktree", "add", "--quiet", "--detach", path);
  for (const path of [killed, join(folder(), "another")]) rmSync(path, { recursive: true });
  expect(await inputAt()).toBe("old");
  const listed = git("worktree", "list");
  expect(listed).not.toContain("central-trail-run-");
  expect(listed).toContain("another");
});

test("no stacks where the environment was not there yet", async () => {
  expect(await appAtRevision(options({ revision: "HEAD~1" }))).toEqual({ stacks: new Map() });
});

test("an unknown revision, or one that git would take for an option, is said in git's words", async () => {
  await expect(inputAt({ revision: "nowhere" })).rejects.toThrow(/^git rev-parse: .*/);
  await expect(inputAt({ revision: "--help" })).rejects.toThrow(/^git rev-parse: .*/);
});

test("environment files outside of the repository have no earlier version", async () => {
  await expect(inputAt({ envsFolder: tmpdir() })).rejects.toThrow("is outside of the repository");
});

test.each(["yarn.lock", "package.json"])(
  "an app without npm's lock file goes by %s",
  async (name) => {
    git("rm", "--quiet", "below/package-lock.json");
    write(name, "{}");
    write("envs/x.yaml", "old");
    commit();
    expect(await inputAt()).toBe("old");
    write(name, "{ }");
    await expect(inputAt()).rejects.toThrow("`npm ci` could not get them");
  },
);

test("other packages than the installed ones are installed, or it is said that they can't be", async () => {
  write("package-lock.json", "{ }");
  await expect(inputAt()).rejects.toThrow("`npm ci` could not get them");
});
