import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { spawnLeashed } from "../../processes/leashed-process";
import { temporaryFolder } from "../support/temporary-folder";

const env = process.env;
const folder = temporaryFolder();

jest.setTimeout(60_000);

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

/**
 * As Terraform and a provider are: upon SIGINT the command takes its time to save something, a
 * second one ends it at once; its child dies of what it gets. Each writes what happened into a file
 * of its own. Prints a line when both are ready, then one each 20 ms, of which it dies where a pipe
 * is broken.
 */
const SAVER = `
sh -c 'trap "echo INT >> $1/child" INT; trap "echo TERM >> $1/child; exit" TERM
  echo ready >> $1/child; while :; do sleep 0.05; done' sh "$1" &
saving() { trap "echo twice >> $1/command; exit 4" INT; sleep 0.7; echo saved >> $1/command; exit 3; }
trap "saving $1" INT
while [ ! -e "$1/child" ]; do sleep 0.02; done
echo ready
while :; do sleep 0.02; echo more; done`;

function lines(name: string): string[] {
  const file = join(folder(), name);
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
}

async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 20_000; !holds(); await sleep(20))
    if (Date.now() > end) throw new Error("It did not come to that within 20 s.");
}

/** Starts a process that runs the command on a leash and passes on what it prints. */
function holder(command: string, args: readonly string[], graceMs?: number): ChildProcess {
  const module = JSON.stringify(join(__dirname, "../../processes/leashed-process.ts"));
  const call = `${JSON.stringify(command)}, ${JSON.stringify(args)}, { env: process.env, graceMs: ${graceMs} }`;
  return spawn(
    process.execPath,
    [
      "--import",
      "tsx",
      "-e",
      `require(${module}).spawnLeashed(${call}).stdout.pipe(process.stdout);`,
    ],
    // A group of its own, as a shell gives it.
    { stdio: ["ignore", "pipe", "inherit"], detached: true },
  );
}

describe("a command that ends in its own time", () => {
  const saver = (): ChildProcess => spawnLeashed("sh", ["-c", SAVER, "sh", folder()], { env });

  test("is told alone, once, and what it leaves is ended after it", async () => {
    const child = saver();
    await firstLine(child);
    child.kill("SIGTERM");
    expect(await exitCode(child)).toBe(3);
    expect(lines("command")).toEqual(["saved"]);
    expect(lines("child")).toEqual(["ready", "TERM"]);
  });

  test("is told twice where it is asked twice, not by two signals at once", async () => {
    const child = saver();
    await firstLine(child);
    child.kill("SIGTERM");
    await sleep(100);
    child.kill("SIGTERM");
    await sleep(500);
    expect(lines("command")).toEqual([]);
    child.kill("SIGTERM");
    expect(await exitCode(child)).toBe(4);
    expect(lines("command")).toEqual(["twice"]);
  });

  test("is killed where it is asked a third time", async () => {
    const child = spawnLeashed("sh", ["-c", 'trap "" INT; echo $$; while :; do sleep 0.1; done'], {
      env,
    });
    const pid = Number(await firstLine(child));
    for (const wait of [600, 600, 0]) {
      expect(alive(pid)).toBe(true);
      child.kill("SIGTERM");
      await sleep(wait);
    }
    expect(await exitCode(child)).toBe(137);
    expect(await ended([pid])).toBe(true);
  });

  test.each([
    ["is killed with SIGKILL", "SIGKILL", false],
    ["and all of its group lose their terminal", "SIGHUP", true],
    ["and all of its group get Ctrl-C", "SIGINT", true],
  ] as const)("saves where its holder %s", async (_, signal, group) => {
    const process_ = holder("sh", ["-c", SAVER, "sh", folder()]);
    await firstLine(process_);
    process.kill(group ? -process_.pid! : process_.pid!, signal);
    await until(() => lines("child").includes("TERM"));
    expect(lines("command")).toEqual(["saved"]);
    expect(lines("child")).toEqual(["ready", "TERM"]);
  });

  const PRINTER = 'i=0; while [ $i -lt 40 ]; do echo $i; sleep 0.02; i=$((i+1)); done; touch "$1"';

  test("goes on where nobody reads its output any more", async () => {
    const file = join(folder(), "finished");
    const child = spawnLeashed("sh", ["-c", PRINTER, "sh", file], { env });
    await firstLine(child);
    child.stdout!.destroy();
    child.stderr!.destroy();
    expect(await exitCode(child)).toBe(0);
    expect(existsSync(file)).toBe(true);
  });

  test("goes on where its reader does not read for the time being", async () => {
    const file = join(folder(), "finished");
    const script = `head -c 3000000 /dev/zero | tr '\\0' x; touch "${file}"`;
    const child = spawnLeashed("sh", ["-c", script], { env });
    await until(() => existsSync(file));
    let length = 0;
    for await (const piece of child.stdout!) length += (piece as Buffer).length;
    expect(length).toBe(3_000_000);
    expect(await exitCode(child)).toBe(0);
  });
});

test("more than the leash keeps for a reader waits, and is whole in the end", async () => {
  const script = "head -c 40000000 /dev/zero | tr '\\0' x; echo end >&2";
  const child = spawnLeashed("sh", ["-c", script], { env });
  let errors = "";
  child.stderr!.on("data", (piece) => (errors += String(piece)));
  await sleep(1_000);
  expect(errors).toBe("");
  let length = 0;
  for await (const piece of child.stdout!) length += (piece as Buffer).length;
  expect(length).toBe(40_000_000);
  await exitCode(child);
  expect(errors).toBe("end\n");
});

describe("a command with nothing to lose", () => {
  test("gets SIGTERM, with all of its group", async () => {
    const child = spawnLeashed("sh", FAMILY, { env, graceMs: 10_000 });
    const pids = (await firstLine(child)).split(" ").map(Number);
    expect(pids.every(alive)).toBe(true);
    child.kill("SIGTERM");
    expect(await exitCode(child)).toBe(143);
    expect(await ended(pids)).toBe(true);
  });

  test.each([
    ["after the grace time", 300, 1],
    ["where it is asked again", 60_000, 2],
  ])("is killed %s", async (_, graceMs, times) => {
    const script = 'trap "" TERM; echo $$; while :; do sleep 0.1; done';
    const child = spawnLeashed("sh", ["-c", script], { env, graceMs });
    const pid = Number(await firstLine(child));
    const start = Date.now();
    child.kill("SIGTERM");
    if (times > 1) {
      await sleep(600);
      child.kill("SIGTERM");
    }
    expect(await exitCode(child)).toBe(137);
    expect(Date.now() - start).toBeGreaterThanOrEqual(290);
    expect(await ended([pid])).toBe(true);
  });

  test("ends when the process that holds the leash is killed with SIGKILL", async () => {
    const process_ = holder("sh", FAMILY, 10_000);
    const pids = (await firstLine(process_)).split(" ").map(Number);
    expect(pids).toHaveLength(2);
    expect(pids.every(alive)).toBe(true);
    process_.kill("SIGKILL");
    expect(await ended(pids)).toBe(true);
  });
});

test("what a command leaves behind in its group ends with it", async () => {
  const child = spawnLeashed("sh", ["-c", "sleep 300 >/dev/null 2>&1 & echo $!"], { env });
  const pid = Number(await firstLine(child));
  expect(await exitCode(child)).toBe(0);
  expect(await ended([pid])).toBe(true);
});

test("who left the group with its output open does not keep the leash from ending", async () => {
  const child = spawnLeashed("sh", ["-c", "setsid sleep 30 & echo $!; sleep 0.2"], { env });
  const pid = Number(await firstLine(child));
  const start = Date.now();
  expect(await exitCode(child)).toBe(0);
  expect(Date.now() - start).toBeLessThan(25_000);
  process.kill(pid);
});
