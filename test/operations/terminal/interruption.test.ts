import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { REPOSITORY } from "../../support/repository";
import { requires } from "../../support/requirements";
import { temporaryFolder } from "../../support/temporary-folder";

const folder = temporaryFolder();

/** A verb that waits for what is under way, and ends upon being asked again. */
const VERB = `
const { AGAIN, Interrupted, interruption } = require("./operations/terminal/interruption.ts");
const signal = interruption();
signal.addEventListener(AGAIN, () => console.log("again"));
signal.addEventListener("abort", () => console.log("exit code " + new Interrupted(signal).exitCode));
setInterval(() => undefined, 1000);
console.log("ready");`;

/** A verb that takes a moment to clean up, and writes a file then. */
const CLEANER = `
const { interruption } = require("./operations/terminal/interruption.ts");
require("./operations/terminal/standard-streams.ts").outliveReaders();
const timer = setInterval(() => undefined, 1000);
const cleanUp = () => {
  require("node:fs").writeFileSync(process.env.CLEANED_UP, "");
  clearInterval(timer);
};
interruption().addEventListener("abort", () => setTimeout(cleanUp, 300));
console.log("ready");`;

/**
 * Runs Node on a terminal of its own, closes that once something is printed, and prints how Node
 * ended.
 */
const CLOSED_TERMINAL = `
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
while b"ready" not in os.read(terminal, 1000):
    pass
os.close(terminal)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))`;

jest.setTimeout(60_000);

requires("boto3")("a terminal that is closed", () => {
  test("ends the process by SIGHUP once it has cleaned up, and not by an abort of Node's", () => {
    const cleanedUp = join(folder(), "cleaned-up");
    const args = ["-c", CLOSED_TERMINAL, process.execPath, "--import", "tsx", "-e", CLEANER];
    const env = { ...process.env, CLEANED_UP: cleanedUp };
    const { stdout } = spawnSync("python3", args, { cwd: REPOSITORY, encoding: "utf8", env });
    expect({ stdout, isCleanedUp: existsSync(cleanedUp) }).toEqual({
      stdout: `-${constants.signals.SIGHUP}\n`,
      isCleanedUp: true,
    });
  });
});

describe("an interruption", () => {
  let child: ChildProcess;
  let printed: string;
  let said: string;

  beforeEach(async () => {
    [printed, said] = ["", ""];
    child = spawn(process.execPath, ["--import", "tsx", "-e", VERB], { cwd: REPOSITORY });
    child.stdout!.on("data", (piece) => (printed += String(piece)));
    child.stderr!.on("data", (piece) => (said += String(piece)));
    await until(() => printed.includes("ready"));
  });
  afterEach(() => child.kill("SIGKILL"));

  async function until(holds: () => boolean): Promise<void> {
    for (const end = Date.now() + 30_000; !holds(); await sleep(20))
      if (Date.now() > end) throw new Error(`It did not come to that: ${printed}${said}`);
  }

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)("by %s is said, and has the exit code %d", async (name, code) => {
    child.kill(name);
    await until(() => printed.includes(`exit code ${code}\n`));
    expect(said).toMatch(new RegExp(`^${name}: waiting for .*Another Ctrl-C ends it at once`));
  });

  test("is less gentle by a second Ctrl-C alone, and ends the process upon a third", async () => {
    // npm passes on what the terminal has sent to all.
    child.kill("SIGINT");
    child.kill("SIGINT");
    await sleep(1200);
    // As a runner of CI jobs goes on.
    child.kill("SIGTERM");
    child.kill("SIGHUP");
    await sleep(200);
    expect(said.match(/\n/g)).toHaveLength(1);
    expect(printed).toBe("ready\nexit code 130\n");

    child.kill("SIGINT");
    await until(() => printed.endsWith("again\n"));
    expect(said).toContain("Once more: ending at once.");
    await sleep(1200);
    expect(child.exitCode).toBeNull();
    child.kill("SIGINT");
    expect(await once(child, "close")).toEqual([130, null]);
  });
});
