import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { REPOSITORY } from "../support/repository";

/** A verb that waits for what is under way, and ends upon being asked again. */
const VERB = `
const { AGAIN, Interrupted, interruption } = require("./operations/interruption.ts");
const signal = interruption();
signal.addEventListener(AGAIN, () => console.log("again"));
signal.addEventListener("abort", () => console.log("exit code " + new Interrupted(signal).exitCode));
setInterval(() => undefined, 1000);
console.log("ready");`;

jest.setTimeout(60_000);

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
