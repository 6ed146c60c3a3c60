import { type ChildProcess, spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { runProcess } from "../../../operations/runs/run-process";
import { createRunFolder, withRunFolder } from "../../../operations/runs/run-folder";
import { REPOSITORY } from "../../support/repository";
import { temporaryFolder, writeTree } from "../../support/temporary-folder";

const [parent, working] = [temporaryFolder(), temporaryFolder()];
const children: ChildProcess[] = [];
const said: string[] = [];
const umask = process.umask();
jest.setTimeout(60_000);

beforeEach(() => {
  jest.spyOn(os, "tmpdir").mockImplementation(() => parent());
  jest.spyOn(process, "cwd").mockReturnValue(working());
  jest.spyOn(process.stderr, "write").mockImplementation((text) => {
    said.push(String(text));
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  for (const child of children.splice(0)) child.kill("SIGKILL");
  process.umask(umask);
  said.length = 0;
});

/** Runs a script of ours in a process of its own, and gives its first line. */
async function start(script: string, cwd = working()): Promise<[ChildProcess, string]> {
  const runFolder = JSON.stringify(join(REPOSITORY, "operations/runs/run-folder.ts"));
  const leashed = JSON.stringify(join(REPOSITORY, "processes/leashed-process.ts"));
  const child = spawn(
    process.execPath,
    [
      "--import",
      require.resolve("tsx"),
      "-e",
      `const { withRunFolder } = require(${runFolder});
       const { spawnLeashed } = require(${leashed});
       const { writeFileSync, mkdirSync } = require("node:fs");
       withRunFolder(async (folder) => { ${script}
         setInterval(() => undefined, 1000);
         await new Promise(() => undefined); });`,
    ],
    { cwd, stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, TMPDIR: parent() } },
  );
  children.push(child);
  for await (const line of createInterface({ input: child.stdout })) return [child, line];
  throw new Error("ended without a line");
}

/** A run that was killed with SIGKILL, and its folder. */
async function killedRun(script = ""): Promise<string> {
  const [child, path] = await start(`${script}; console.log(folder.path);`);
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await ended;
  expect(existsSync(path)).toBe(true);
  return path;
}

/** What is left of runs; tsx has a folder there too. */
function left(): string[] {
  return readdirSync(parent()).filter((name) => name.startsWith("central-trail-"));
}

async function run(): Promise<string> {
  return withRunFolder(({ path }) => Promise.resolve(path));
}

/** Changes what a run's folder says of where its process was. */
function changeSpace(folder: string, changed: object): void {
  const file = join(folder, "run.json");
  const record = JSON.parse(readFileSync(file, "utf8")) as { space: object };
  writeFileSync(file, JSON.stringify({ ...record, space: { ...record.space, ...changed } }));
}

const ERRORED = `mkdirSync(folder.output + "/stacks/x-destination", { recursive: true });
  writeFileSync(folder.output + "/stacks/x-destination/errored.tfstate", "the state")`;

describe("a run's folder", () => {
  test("is its own, and goes with it", async () => {
    const paths = await Promise.all([run(), run()]);
    expect(new Set(paths).size).toBe(2);
    expect(left()).toEqual([]);
  });

  test("goes where the run fails, too", async () => {
    const failing = withRunFolder(() => Promise.reject(new Error("failed")));
    await expect(failing).rejects.toThrow("failed");
    expect(left()).toEqual([]);
  });

  test.each([0o000, 0o022, 0o277, 0o777])(
    "is for its owner alone with umask %o, and so is what a process writes anywhere",
    async (mask) => {
      process.umask(mask);
      await withRunFolder(async (folder) => {
        const script = `echo > "${working()}/state"; mkdir made; echo > made/file`;
        const [cwd, env] = [folder.path, process.env];
        expect(await runProcess("sh", ["-c", script], { cwd, env })).toMatchObject({ code: 0 });
        const inside = readdirSync(folder.path, { recursive: true, encoding: "utf8" });
        const paths = inside.map((name) => join(folder.path, name));
        expect(inside).toEqual(expect.arrayContaining(["run.json", "state", "made/file"]));
        const modes = [folder.path, ...paths, join(working(), "state")].map((path) => {
          const { mode } = statSync(path);
          return (mode & 0o777).toString(8);
        });
        expect([...new Set(modes)].sort()).toEqual(["600", "700"]);
      });
      expect(process.umask()).toBe(mask);
    },
  );

  test("that can't be made is a sentence with the folder and the way out", () => {
    jest.spyOn(os, "tmpdir").mockReturnValue(join(parent(), "nowhere"));
    expect(() => createRunFolder()).toThrow(
      /^No temporary folder can be made in .*nowhere: ENOENT.*\nMake room there, or name another folder in TMPDIR\.$/,
    );
  });

  test("stays where a state in it can be kept nowhere else, and that is said", async () => {
    jest.spyOn(process, "cwd").mockReturnValue(join(working(), "gone"));
    const path = await withRunFolder((folder) => {
      writeTree(folder.output, "stacks/x-destination/errored.tfstate", "the state");
      return Promise.resolve(folder.path);
    });
    const file = join(path, "cdktf.out/stacks/x-destination/errored.tfstate");
    expect(readFileSync(file, "utf8")).toBe("the state");
    expect(said.join("")).toContain(file);
    expect(said.join("")).toContain("ENOENT");
  });
});

describe("a run that was killed with SIGKILL", () => {
  test("leaves its folder to the next run, which removes it", async () => {
    const path = await killedRun("writeFileSync(folder.state + '/x', 'secret')");
    const next = await run();
    expect(next).not.toBe(path);
    expect(left()).toEqual([]);
    expect(said).toEqual([]);
  });

  test("several next runs at once remove it without a word", async () => {
    await killedRun(ERRORED);
    await killedRun();
    const nexts = await Promise.all([1, 2, 3, 4].map(() => start("console.log('made')")));
    expect(nexts.map(([, line]) => line)).toEqual(["made", "made", "made", "made"]);
    expect(left()).toHaveLength(4);
    expect(readdirSync(working())).toHaveLength(1);
  });

  test("a state in it is brought to the working folder of then", async () => {
    const path = await killedRun(ERRORED);
    const later = mkdtempSync(join(working(), "later-"));
    jest.spyOn(process, "cwd").mockReturnValue(later);
    await run();
    expect(existsSync(path)).toBe(false);
    const kept = readdirSync(working()).filter((name) => name.startsWith("errored."));
    expect(kept).toEqual([expect.stringMatching(/^errored\.x-destination\.\d+\.tfstate$/)]);
    expect(readFileSync(join(working(), kept[0]!), "utf8")).toBe("the state");
    expect(statSync(join(working(), kept[0]!)).mode & 0o777).toBe(0o600);
    expect(said.join("")).toContain(join(working(), kept[0]!));
  });

  test("to the present one where that of then is gone; and where none takes it, the folder stays", async () => {
    const then = mkdtempSync(join(working(), "then-"));
    const [child, path] = await start(`${ERRORED}; console.log(folder.path);`, then);
    child.kill("SIGKILL");
    await new Promise((resolve) => child.once("exit", resolve));
    rmSync(then, { recursive: true });
    jest.spyOn(process, "cwd").mockReturnValue(join(working(), "gone"));
    await run();
    const [stays] = left();
    // Taken over, so that no two try at once.
    expect(stays!.slice(-6)).toBe(path.slice(-6));
    const file = join(parent(), stays!, "cdktf.out/stacks/x-destination/errored.tfstate");
    expect(readFileSync(file, "utf8")).toBe("the state");
    expect(said.join("")).toContain(file);
  });

  test("its folder stays as long as its Terraform works", async () => {
    const path = await killedRun(
      `spawnLeashed("sh", ["-c", "trap '' TERM; while [ ! -e " + folder.path + "/end ]; do sleep 0.1; done; echo > " + folder.path + "/saved"],
         { cwd: "/", env: { ...process.env, TMPDIR: folder.path + "/state" }, stdio: "ignore", graceMs: 60000 });
       await new Promise((resolve) => setTimeout(resolve, 500))`,
    );
    await run();
    expect(existsSync(path)).toBe(true);
    expect(said.join("")).toContain(`${path} is of a run that was killed`);
    writeFileSync(join(path, "end"), "");
    for (let tries = 0; existsSync(path) && tries < 300; tries++) {
      await sleep(100);
      await run();
    }
    expect(left()).toEqual([]);
  });

  test("one of another start of this machine is as dead", async () => {
    const path = await killedRun(ERRORED);
    changeSpace(path, { boot: "an earlier one", namespace: "pid:[1]" });
    await run();
    expect(left()).toEqual([]);
    expect(readdirSync(working())).toHaveLength(1);
  });

  test.each([{ machine: `not ${os.hostname()}` }, { namespace: "pid:[1]" }])(
    "one of another machine or container (%j) is left alone, and it is said what it holds",
    async (changed) => {
      const path = await killedRun(ERRORED);
      changeSpace(path, changed);
      await run();
      expect(left()).toEqual([basename(path)]);
      expect(said.join("")).toContain(`${path} holds a state`);
    },
  );

  test("a later process with the same ID is not its owner", async () => {
    const path = await killedRun();
    const [, , , pid, started, suffix] = basename(path).split("-");
    const own = process.pid.toString(36);
    expect(pid).not.toBe(own);
    const reused = `central-trail-run-${own}-${started!}-${suffix!}`;
    renameSync(path, join(parent(), reused));
    await run();
    expect(left()).toEqual([]);
  });
});

describe("what is not a dead run's of this user is not touched", () => {
  test("the folder of a run that is under way", async () => {
    const [, path] = await start("console.log(folder.path);");
    await withRunFolder(() => run());
    expect(existsSync(path)).toBe(true);
  });

  test("folders with a similar name, links, files, and what others may read", async () => {
    const path = await killedRun();
    const dead = basename(path).replace(/.$/, "");
    const named = (last: string): string => join(parent(), dead + last);
    for (const name of ["central-trail-x", "central-trail-run-", `x${dead}a`, `${dead}ab`])
      writeTree(parent(), `${name}/file`);
    mkdirSync(join(parent(), "central-trail-abcdef"));
    renameSync(path, join(working(), "elsewhere"));
    symlinkSync(join(working(), "elsewhere"), named("1"));
    writeFileSync(named("2"), "a file");
    for (const [last, record] of [["3", "{}"], ["4", "no JSON"], ["5"]]) {
      mkdirSync(named(last!), { mode: 0o700 });
      writeTree(named(last!), "file");
      if (record !== undefined) writeTree(named(last!), "run.json", record);
    }
    mkdirSync(named("6"));
    writeTree(named("6"), "run.json", readFileSync(join(working(), "elsewhere/run.json"), "utf8"));
    chmodSync(named("6"), 0o755);
    const before = readdirSync(parent(), { recursive: true });
    await run();
    expect(readdirSync(parent(), { recursive: true })).toEqual(before);
    expect(lstatSync(named("1")).isSymbolicLink()).toBe(true);
    expect(readdirSync(join(working(), "elsewhere"))).toContain("run.json");
  });

  test("folders of another user", async () => {
    const path = await killedRun();
    const uid = process.getuid!();
    jest.spyOn(process, "getuid").mockReturnValue(uid + 1);
    await run();
    expect(existsSync(path)).toBe(true);
  });

  test("links in a dead run's folder are removed as links", async () => {
    const path = await killedRun();
    writeTree(working(), "packages/errored.tfstate", "another's");
    symlinkSync(join(working(), "packages"), join(path, "packages"));
    await run();
    expect(existsSync(path)).toBe(false);
    expect(readFileSync(join(working(), "packages/errored.tfstate"), "utf8")).toBe("another's");
    expect(readdirSync(working())).toEqual(["packages"]);
  });
});

test("an empty folder of a run that was killed as it began goes after a minute", async () => {
  const path = await killedRun();
  for (const name of readdirSync(path)) rmSync(join(path, name), { recursive: true });
  await run();
  expect(existsSync(path)).toBe(true);
  jest.spyOn(Date, "now").mockReturnValue(Date.now() + 61_000);
  await run();
  expect(existsSync(path)).toBe(false);
});
