import { type ChildProcessByStdio, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { requires } from "../support/requirements";
import { temporaryFolder, writeTree } from "../support/temporary-folder";

const PROJECT = join(__dirname, "..", "..");
const BIN = join(PROJECT, "bin", "central-trail.js");
const folder = temporaryFolder();
const quoted = (text: string): string => `'${text}'`;

jest.setTimeout(60_000);

function run(args: readonly string[], env: NodeJS.ProcessEnv = {}): ReturnType<typeof result> {
  return result(args, { CENTRAL_TRAIL_ENV: undefined, CENTRAL_TRAIL_ENVS_DIR: undefined, ...env });
}

function result(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], {
    env: { ...process.env, ...env },
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

test("help is not an error and documents the exit codes", () => {
  const { status, stdout, stderr } = run(["--help"]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toMatch(/Exit codes: 0 done, 1 .*, 2 wrong usage;\n129, 130, 143 interrupted/);
});

test.each([
  [[], /Usage: central-trail/],
  [["deplyo"], /error: unknown command 'deplyo'\n\(Did you mean deploy\?\)/],
  [["check", "--jsno"], /error: unknown option '--jsno'\n\(Did you mean --json\?\)/],
  [["deploy"], /error: required option '--env <name>' not specified/],
  [["deploy", "--env", "local"], /error: no terminal to ask for approval on; pass --auto-approve/],
  [["destroy", "--env", "local", "--parallelism", "0"], /a whole number from 1 to 1000/],
  [["deploy", "--env", "local", "--lock-timeout", "soon"], /a duration such as 30s, 5m or 1h30m/],
  [["lab", "--port", "http"], /a whole number from 1 to 65535/],
])("wrong usage %j is said in words, with exit code 2", (args, words) => {
  const { status, stdout, stderr } = run(args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toMatch(words);
  expect(stderr).not.toMatch(/^\s+at /m);
});

test("a folder that is gone is said in words", () => {
  const gone = join(folder(), "gone");
  mkdirSync(gone);
  const script = `rmdir ${quoted(gone)} && exec ${[process.execPath, BIN, "check"].map(quoted).join(" ")}`;
  const { status, stdout, stderr } = spawnSync("sh", ["-c", script], {
    cwd: gone,
    encoding: "utf8",
  });
  expect({ status, stdout, stderr }).toEqual({
    status: 1,
    stdout: "",
    stderr: "error: The folder that this runs in does not exist any more: change to another one.\n",
  });
});

test("a verb that waits for what never comes is said, and is not a success", () => {
  const script = `
    const { Command } = require("commander");
    const { run } = require(${JSON.stringify(join(PROJECT, "operations", "terminal", "run-command.ts"))});
    const cli = new Command().action(() => new Promise(() => {}));
    void run(cli);`;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--require", "tsx/cjs", "--eval", script],
    { cwd: PROJECT, encoding: "utf8" },
  );
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toMatch(/^error: This ended before it was done/);
});

describe("check", () => {
  test("passes the environments of this project", () => {
    const { status, stdout, stderr } = run(["check"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("local: ok, destination 111111111111, 3 members\n");
  });

  test("says all that is wrong, on standard error, without colours or a stack trace", () => {
    writeTree(folder(), "broken.yaml", "destination:\n  account: 12345\n  colour: blue\n");
    const { status, stdout, stderr } = run(["check", "--env", "broken"], {
      CENTRAL_TRAIL_ENVS_DIR: folder(),
    });
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain("broken.yaml:2:");
    expect(stderr).toContain("broken.yaml:3:");
    expect(stderr).not.toContain("\u001b");
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test("says that a policy is over AWS's limit, with what to write", () => {
    const text = readFileSync(join(PROJECT, "envs", "local.yaml"), "utf8");
    const members = Array.from(
      { length: 150 },
      (_, index) =>
        `  - { account: "${500_000_000_000 + index}", name: m${index}, region: us-east-1 }`,
    );
    const file = text.replace(/^members:\n(?: {2}.*\n)+/m, `members:\n${members.join("\n")}\n`);
    writeTree(folder(), "crowd.yaml", file);
    const { status, stdout, stderr } = run(["check"], { CENTRAL_TRAIL_ENVS_DIR: folder() });
    expect(status).toBe(1);
    expect(stdout).toMatch(/^crowd: not ok, destination 111111111111, 150 members\n/);
    expect(stdout).toContain("warning: The key policy");
    expect(stderr).toMatch(/^crowd: .*20,480.*bucketPolicyShape: own-prefix/s);
  });

  test("of no files is not a pass", () => {
    for (const folderOfNone of [folder(), join(folder(), "nowhere"), __filename]) {
      const { status, stdout, stderr } = run(["check"], { CENTRAL_TRAIL_ENVS_DIR: folderOfNone });
      expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
      expect(stderr).toContain(`There is no environment file in ${folderOfNone}`);
      expect(stderr).not.toMatch(/^\s+at /m);
    }
  });

  test("--json is for programs", () => {
    const { status, stdout } = run(["check", "--env", "nowhere", "--json"]);
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      environments: [{ name: "nowhere", problems: [{ found: "no such file" }] }],
    });
  });
});

test("schema prints what --write writes, and what is in the repository", () => {
  const file = readFileSync(join(PROJECT, "envs", "environment.schema.json"), "utf8");
  expect(run(["schema"]).stdout).toBe(file);
  expect(run(["schema", "--write"], { CENTRAL_TRAIL_ENVS_DIR: folder() }).status).toBe(0);
  expect(readFileSync(join(folder(), "environment.schema.json"), "utf8")).toBe(file);
});

test("deploy says what is wrong with an environment before anything starts", () => {
  const { status, stderr } = run(["deploy", "--env", "nowhere", "--auto-approve"]);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^error: .*nowhere\.yaml: 1 problem$/m);
});

test("plan touches no folder before it knows the environment", () => {
  writeTree(folder(), "plans.json", "{}");
  writeTree(folder(), "thesis.txt", "ten years");
  const { status, stderr } = run(["plan", "--env", "nowhere", "--out", folder()]);
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: expect.stringContaining("nowhere") as string,
  });
  expect(readFileSync(join(folder(), "thesis.txt"), "utf8")).toBe("ten years");
});

test("deploy says what to install", () => {
  const { status, stderr } = run(["deploy", "--env", "local", "--auto-approve"], {
    PATH: folder(),
    TERRAFORM_BINARY_NAME: undefined,
  });
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^error: terraform cannot be run \(it is not on PATH\)\..* install it with: /,
  );
});

requires("moto", "aws-cli")("lab", () => {
  const lab = (...args: string[]): ChildProcessByStdio<null, Readable, null> =>
    spawn(process.execPath, [BIN, "lab", "--env", "local", ...args], {
      stdio: ["ignore", "pipe", "ignore"],
      env: { ...process.env, AWS_PROFILE: "of-the-user" },
    });

  /** Takes the lines, ends the lab as Ctrl-C does, and says how it went. */
  async function use<T>(
    process: ChildProcessByStdio<null, Readable, null>,
    lineCount: number,
    work: (lines: readonly string[]) => T,
  ): Promise<{ result: T; exit: unknown[] }> {
    const exit = once(process, "exit");
    try {
      const lines: string[] = [];
      for await (const line of createInterface(process.stdout)) {
        lines.push(line);
        if (lines.length === lineCount) break;
      }
      const done = work(lines);
      process.kill("SIGINT");
      return { result: done, exit: await exit };
    } finally {
      process.kill("SIGKILL");
    }
  }

  test("prints lines by which the AWS CLI speaks with it, and leaves nothing", async () => {
    const { result: shell, exit } = await use(lab(), 4, (lines) =>
      spawnSync(
        "sh",
        [
          "-c",
          `${lines.join("\n")}
           assume() { aws sts assume-role --role-session-name test --output text --query AssumedRoleUser.Arn --role-arn "$@"; }
           assume arn:aws:iam::222222222222:role/central-trail-deployer --external-id central-trail-local
           assume arn:aws:iam::222222222222:role/central-trail-deployer --external-id wrong
           ls -d "$CENTRAL_TRAIL_STATE_DIR"`,
        ],
        { encoding: "utf8", env: { ...process.env, AWS_PROFILE: "of-the-user" } },
      ),
    );
    const [arn, state = ""] = shell.stdout.trim().split("\n");
    expect(arn).toBe("arn:aws:sts::222222222222:assumed-role/central-trail-deployer/test");
    expect(shell.stderr).toContain("AccessDenied");
    expect(exit).toEqual([0, null]);
    expect(state).toMatch(/state$/);
    expect(existsSync(state)).toBe(false);
  });

  test("--json prints one line for programs", async () => {
    const { result, exit } = await use(
      lab("--json"),
      1,
      ([line = ""]) => JSON.parse(line) as unknown,
    );
    expect(exit).toEqual([0, null]);
    expect(result).toMatchObject({
      endpoint: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) as string,
      region: "us-east-1",
      accounts: ["111111111111", "222222222222", "333333333333", "444444444444"].map((account) => ({
        account,
        externalId: "central-trail-local",
      })),
    });
  });
});

test("help loads nothing of what the verbs do", () => {
  const script = `
    process.argv.push("--help");
    process.on("exit", () => process.stderr.write(Object.keys(require.cache).join("\\n")));
    require(${JSON.stringify(join(PROJECT, "operations", "repository-cli.ts"))});`;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ["--require", "tsx/cjs", "--eval", script, "central-trail"],
    { cwd: PROJECT, encoding: "utf8" },
  );
  expect(stdout).toMatch(/^Usage: central-trail/);
  const loaded = stderr.split("\n").map((file) => file.slice(PROJECT.length + 1));
  expect(loaded).toContain("operations/verbs/plan.ts");
  expect(
    loaded.filter((file) =>
      /^(lab|review|policies|operations\/(?!verbs|terminal)[^/]+)\/|node_modules\/(@aws-sdk|yaml|zod)\//.test(
        file,
      ),
    ),
  ).toEqual([]);
});
