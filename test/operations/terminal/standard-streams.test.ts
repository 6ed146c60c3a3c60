import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { REPOSITORY } from "../../support/repository";
import { requires } from "../../support/requirements";
import { temporaryFolder, writeTree } from "../../support/temporary-folder";

const BIN = join(REPOSITORY, "bin", "central-trail.js");

/**
 * What becomes of a standard stream: it is read, its reader goes away at once, or the disk is full.
 */
type Fate = "read" | "closed" | "full";

jest.setTimeout(60_000);

const folder = temporaryFolder();

beforeEach(() => {
  writeTree(folder(), "a.yaml", readFileSync(join(REPOSITORY, "envs", "local.yaml"), "utf8"));
});

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(
  args: readonly string[],
  { stdout = "read", stderr = "read" }: { stdout?: Fate; stderr?: Fate } = {},
): Promise<Ended> {
  const full = openSync("/dev/full", "w");
  const stdio = [stdout, stderr].map((fate) => (fate === "full" ? full : "pipe"));
  const child = spawn(process.execPath, [BIN, ...args], {
    env: { ...process.env, CENTRAL_TRAIL_ENV: undefined, CENTRAL_TRAIL_ENVS_DIR: folder() },
    stdio: ["ignore", ...stdio],
  });
  closeSync(full);
  // Node takes far longer to start than this, so it is gone before the first word.
  if (stdout === "closed") child.stdout!.destroy();
  if (stderr === "closed") child.stderr!.destroy();
  const read = (stream: typeof child.stdout, fate: Fate): Promise<string> =>
    fate === "read" ? text(stream!) : Promise.resolve("");
  const [out, errors, [status]] = await Promise.all([
    read(child.stdout, stdout),
    read(child.stderr, stderr),
    once(child, "close") as Promise<[number | null]>,
  ]);
  return { status, stdout: out, stderr: errors };
}

/** Verbs whose output is the result: of one piece, of many, and of Commander's. */
const RESULTS = [[["schema"]], [["policies", "--env", "a"]], [["--help"]]];

test.each(RESULTS)("%j: a reader that goes away is not a fault", async (args) => {
  const { status, stderr } = await run(args, { stdout: "closed" });
  expect(status).toBe(0);
  expect(stderr).not.toMatch(/error|^\s+at /m);
});

test.each(RESULTS)("%j on a full disk is reported, exit code 1", async (args) => {
  const { status, stderr } = await run(args, { stdout: "full" });
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^error: standard output takes nothing more \(ENOSPC: .*\): what was printed is not whole\.$/m,
  );
  expect(stderr).not.toMatch(/^\s+at /m);
});

test.each([
  ["nothing happens", {}],
  ["its reader goes away", { stdout: "closed" }],
  ["the errors' reader goes away", { stderr: "closed" }],
  ["errors go to a full disk", { stderr: "full" }],
  ["both are gone", { stdout: "closed", stderr: "full" }],
] as const)("a verb's own exit code stays where %s", async (_, streams) => {
  writeTree(folder(), "b.yaml", "destination:\n  account: 12345\n");
  const { status, stdout } = await run(["check"], streams);
  expect(status).toBe(1);
  if (!("stdout" in streams)) expect(stdout).toMatch(/^a: ok/);
});

requires("moto")("what runs until it is asked to end", () => {
  test.each(["closed", "full"] as const)("goes on where its output is %s", async (fate) => {
    const full = openSync("/dev/full", "w");
    const child = spawn(process.execPath, [BIN, "lab", "--env", "local"], {
      stdio: ["ignore", fate === "full" ? full : "pipe", "pipe"],
    });
    closeSync(full);
    child.stdout?.destroy();
    try {
      let said = "";
      child.stderr!.on("data", (piece) => (said += String(piece)));
      while (!said.includes("runs until Ctrl-C")) await sleep(50);
      await sleep(500);
      expect(child.exitCode).toBeNull();
      const ended = once(child, "close");
      child.kill("SIGINT");
      expect(await ended).toEqual([fate === "full" ? 1 : 0, null]);
    } finally {
      child.kill("SIGKILL");
    }
  });
});
