import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { REPOSITORY } from "../support/repository";
import { temporaryFolder, writeTree } from "../support/temporary-folder";

const folder = temporaryFolder();

function git(...args: string[]): string {
  const identity = ["-c", "user.name=somebody", "-c", "user.email=somebody@example.com"];
  return execFileSync("git", [...identity, ...args], {
    cwd: folder(),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
}

const write = (path: string, text: string): void => writeTree(folder(), path, text);
const read = (path: string): string => readFileSync(join(folder(), path), "utf8");
const commit = (message: string): void => {
  git("add", "--all");
  git("commit", "--message", message);
};

/** A checkout of a pull request's merge commit, as actions/checkout makes it. */
function pullRequest(change: () => void): ReturnType<typeof review> {
  git("checkout", "--quiet", "-b", "proposal");
  change();
  commit("proposed");
  git("checkout", "--quiet", "main");
  write("base-only.txt", "moved on");
  commit("the base goes on");
  git("merge", "--no-ff", "proposal");
  git("checkout", "--quiet", "--detach", "HEAD");
  return review();
}

function review(): { status: number | null; stdout: string; stderr: string } {
  const script = join(REPOSITORY, ".github", "scripts", "reviewer.sh");
  const { status, stdout, stderr } = spawnSync("bash", [script], {
    cwd: folder(),
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

beforeEach(() => {
  git("init", "--quiet", "--initial-branch", "main");
  write("envs/production.yaml", "members: 1\n");
  write("envs/old.yaml", "members: 0\n");
  write("main.ts", "the base's code\n");
  commit("base");
});

const BASE = /^Reviewer: the code of the base branch, for \d+ environment files/;
const PROPOSED = /^Reviewer: the code of the pull request, which changes \d+ files/;

test("where environment files alone change, they come as data and the code is the base's", () => {
  const { status, stdout } = pullRequest(() => {
    write("envs/production.yaml", "members: 2\n");
    write("envs/new; touch pwned $(touch pwned) `touch pwned`.yaml", "members: 3\n");
    rmSync(join(folder(), "envs/old.yaml"));
  });
  expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringMatching(BASE) as string });
  expect(git("rev-parse", "HEAD")).toBe(git("rev-parse", "main^1"));
  expect(read("envs/production.yaml")).toBe("members: 2\n");
  expect(read("envs/new; touch pwned $(touch pwned) `touch pwned`.yaml")).toBe("members: 3\n");
  expect(existsSync(join(folder(), "envs/old.yaml"))).toBe(false);
  expect(existsSync(join(folder(), "pwned"))).toBe(false);
});

test.each([
  ["the app", "main.ts"],
  ["a workflow", ".github/workflows/plan.yml"],
  ["the script that decides", ".github/scripts/reviewer.sh"],
  ["packages", "package-lock.json"],
  ["what is below envs/", "envs/deeper/x.yaml"],
  ["what is beside the YAML files", "envs/check.ts"],
  ["what looks like one elsewhere", "other/envs/x.yaml"],
  ["a name with a line break", "envs/x.yaml\nmain.ts"],
])("where %s changes as well, the pull request's own code reviews, and that is said", (_, path) => {
  const { status, stdout } = pullRequest(() => {
    write("envs/production.yaml", "members: 2\n");
    write(path, "the proposed code\n");
  });
  expect({ status, stdout }).toEqual({
    status: 0,
    stdout: expect.stringMatching(PROPOSED) as string,
  });
  expect(read(path)).toBe("the proposed code\n");
});

test("code that is renamed into an environment file is a change of code", () => {
  const { stdout } = pullRequest(() => git("mv", "main.ts", "envs/main.yaml"));
  expect(stdout).toMatch(PROPOSED);
});

test.each([
  ["a link", () => symlinkSync("/etc/hostname", join(folder(), "envs/linked.yaml"))],
  [
    "a program",
    () => {
      write("envs/program.yaml", "#!/bin/sh\n");
      git("add", "--chmod=+x", "envs/program.yaml");
      git("config", "core.fileMode", "false");
    },
  ],
])("an environment file that is %s is refused", (_, change) => {
  const { status, stderr } = pullRequest(change);
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^envs\/\w+\.yaml has mode 1\d+\. An environment file must be a plain file/,
  );
});
