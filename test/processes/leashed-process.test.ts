import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { spawnLeashed } from "../../processes/leashed-process";

const env = process.env;

/** A command with a child of its own in the same group: prints both process IDs, then waits. */
const FAMILY = ["-c", "sleep 300 & echo $$ $!; wait"];

async function firstLine(child: ChildProcess): Promise<string> {
  let text = "";
  for await (const chunk of child.stdout!) {
    text += String(chunk);
    if (text.includes("\n")) break;
  }
  return text.split("\n")[0]!;
}

async function exitCode(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode;
  const [code] = (await once(child, "exit")) as [number | null];
  return code;
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function ended(pids: readonly number[], withinMs = 5_000): Promise<boolean> {
  for (const end = Date.now() + withinMs; Date.now() < end; await sleep(20))
    if (!pids.some(alive)) return true;
  return false;
}

test("relays output, arguments, working directory, environment and exit code", async () => {
  const child = spawnLeashed("sh", ["-c", 'echo "$1|$PWD|$WORD"; exit 7', "sh", "two words"], {
    cwd: "/",
    env: { ...env, WORD: "set" },
  });
  expect(await firstLine(child)).toBe("two words|/|set");
  expect(await exitCode(child)).toBe(7);
});

test("a signal that ends the command becomes 128 plus its number", async () => {
  expect(await exitCode(spawnLeashed("sh", ["-c", "kill -9 $$"], { env }))).toBe(137);
});

test("a command that is not there: exit code 127 and a line that names it", async () => {
  const child = spawnLeashed("/nowhere/command", [], { env });
  let errors = "";
  child.stderr!.on("data", (chunk) => (errors += String(chunk)));
  await once(child, "close");
  expect(child.exitCode).toBe(127);
  expect(errors).toContain("/nowhere/command");
});

test("SIGTERM ends the whole group", async () => {
  const child = spawnLeashed("sh", FAMILY, { env });
  const pids = (await firstLine(child)).split(" ").map(Number);
  expect(pids.every(alive)).toBe(true);
  child.kill("SIGTERM");
  expect(await exitCode(child)).toBe(143);
  expect(await ended(pids)).toBe(true);
});

test("a group that ignores SIGTERM is killed after the grace time", async () => {
  const child = spawnLeashed("sh", ["-c", 'trap "" TERM; echo $$; while :; do sleep 0.1; done'], {
    env,
    graceMs: 300,
  });
  const pid = Number(await firstLine(child));
  const start = Date.now();
  child.kill("SIGTERM");
  expect(await exitCode(child)).toBe(137);
  expect(Date.now() - start).toBeGreaterThanOrEqual(290);
  expect(await ended([pid])).toBe(true);
});

test("what a command leaves behind in its group ends with it", async () => {
  const child = spawnLeashed("sh", ["-c", "sleep 300 >/dev/null 2>&1 & echo $!"], { env });
  const pid = Number(await firstLine(child));
  expect(await exitCode(child)).toBe(0);
  expect(await ended([pid])).toBe(true);
});

test("the group ends when the process that holds the leash is killed with SIGKILL", async () => {
  const holder = spawn(
    process.execPath,
    [
      "--import",
      "tsx",
      "-e",
      `const { spawnLeashed } = require(${JSON.stringify(join(__dirname, "../../processes/leashed-process.ts"))});
       const child = spawnLeashed("sh", ${JSON.stringify(FAMILY)}, { env: process.env });
       child.stdout.pipe(process.stdout);`,
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const pids = (await firstLine(holder)).split(" ").map(Number);
  expect(pids).toHaveLength(2);
  expect(pids.every(alive)).toBe(true);
  holder.kill("SIGKILL");
  expect(await ended(pids)).toBe(true);
});
