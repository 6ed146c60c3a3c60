import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lockingProcesses, recordRun, rememberedRuns } from "../../../operations/runs/run-records";
import { temporaryFolder } from "../../support/temporary-folder";

const [home, work] = [temporaryFolder(), temporaryFolder()];
const state = "s3://states/a.tfstate";
const before = process.env.XDG_STATE_HOME;
beforeEach(() => {
  process.env.XDG_STATE_HOME = home();
});
afterAll(() => {
  if (before === undefined) delete process.env.XDG_STATE_HOME;
  else process.env.XDG_STATE_HOME = before;
});

const remembered = () => rememberedRuns().map((run) => [run.state, run.isAlive]);

test("a run is alive as long as any process works in its folder, and remembered if it was killed", async () => {
  const end = recordRun({ state, folder: work() });
  const inside = join(work(), "deeper");
  mkdirSync(inside);
  const child = spawn("sleep", ["60"], { cwd: inside });
  await once(child, "spawn");
  expect(remembered()).toEqual([[state, true]]);
  child.kill("SIGKILL");
  await once(child, "close");
  expect(remembered()).toEqual([[state, false]]);
  end("killed");
  expect(remembered()).toEqual([[state, false]]);
});

test("a run that failed says nothing of an earlier one; one that succeeded had the lock", () => {
  recordRun({ state, folder: join(work(), "gone") })("killed");
  recordRun({ state: "s3://states/b.tfstate", folder: join(work(), "gone") })("killed");
  recordRun({ state, folder: work() })("failed");
  expect(remembered()).toHaveLength(2);
  recordRun({ state, folder: work() })("succeeded");
  expect(remembered()).toEqual([["s3://states/b.tfstate", false]]);
});

test("where nothing can be written nothing is remembered, and nothing fails", () => {
  process.env.XDG_STATE_HOME = "/dev/null";
  recordRun({ state, folder: work() })("killed");
  expect(remembered()).toEqual([]);
});

test("a file that is not a record is passed over", () => {
  recordRun({ state, folder: work() })("killed");
  writeFileSync(join(home(), "central-trail", "runs", "half.json"), "{");
  expect(remembered()).toHaveLength(1);
});

test("a Terraform that may lock is seen, one that only looks is not", async () => {
  const binary = join(work(), "terraform");
  writeFileSync(binary, "#!/bin/sh\nread line\n");
  chmodSync(binary, 0o700);
  const start = async (word: string) => {
    const child = spawn(binary, [word], { stdio: ["pipe", "ignore", "ignore"] });
    await once(child, "spawn");
    return child;
  };
  const [apply, show] = [await start("apply"), await start("show")];
  try {
    const pids = lockingProcesses(binary).map(({ pid }) => pid);
    expect(pids).toContain(apply.pid);
    expect(pids).not.toContain(show.pid);
  } finally {
    apply.kill("SIGKILL");
    show.kill("SIGKILL");
  }
});
