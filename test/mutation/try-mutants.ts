import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { Mutant } from "./mutants";
import { REPOSITORY } from "../support/repository";
import type { Job, Report } from "./worker";

/** What became of a mutant that some test comes past. */
export type Outcome =
  { readonly kind: "killed"; readonly by: string } | { readonly kind: "survived" | "not covered" };

/** How mutants are tried. */
export interface Trying {
  /** The number of each source file's first mutant. */
  readonly firstIds: Readonly<Record<string, number>>;
  /** How many mutants there are, tried or not. */
  readonly total: number;
  /** Test files at once. */
  readonly workers: number;
  /** Is given a line about each test file. */
  readonly say: (line: string) => void;
}

/** Milliseconds: tests that take longer are run after all others, for what is left. */
const SLOW = 500;
/** Milliseconds: tests that take longer are not run. */
const TOO_SLOW = 5_000;

/** Runs the test files, for each mutant those that come past it, until one fails. */
export async function tryMutants(
  files: readonly string[],
  mutants: readonly Mutant[],
  trying: Trying,
): Promise<ReadonlyMap<number, Outcome>> {
  const outcomes = new Map<number, Outcome>();
  const folder = mkdtempSync(path.join(tmpdir(), "mutation-"));
  const slow = new Set<string>();
  const pass = async (chosen: readonly string[], from: number, below: number): Promise<void> => {
    const queue = [...chosen];
    const work = async (): Promise<void> => {
      for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
        const left = mutants.filter(({ id }) => outcomes.get(id)?.kind !== "killed");
        if (left.length === 0) return;
        const job = { testFile: file, firstIds: trying.firstIds, total: trying.total, from, below };
        await tryFile(
          { ...job, mutants: left.map(({ id }) => id) },
          folder,
          outcomes,
          slow,
          trying,
        );
      }
    };
    await Promise.all(Array.from({ length: trying.workers }, work));
  };
  try {
    await pass(files, 0, SLOW);
    await pass([...slow], SLOW, TOO_SLOW);
  } finally {
    rmSync(folder, { recursive: true });
  }
  return outcomes;
}

/**
 * Tries the job's mutants; one that a process does not come back from is killed, and a new process
 * goes on.
 */
async function tryFile(
  job: Job,
  folder: string,
  outcomes: Map<number, Outcome>,
  slow: Set<string>,
  { say }: Trying,
): Promise<void> {
  const start = performance.now();
  let mutants = job.mutants;
  let killed = 0;
  let isFirst = true;
  for (;;) {
    let trying: number | undefined;
    const tried = new Set<number>();
    const take = (report: Report): void => {
      if (report.type === "trying") trying = report.id;
      else if (report.type === "unchanged") {
        if (report.slow.length > 0 && job.from === 0) slow.add(job.testFile);
        if (isFirst && job.from === 0)
          for (const name of report.failed) say(`${job.testFile}: fails here, left out: ${name}`);
        if (job.from > 0)
          for (const name of report.slow) say(`${job.testFile}: too slow, left out: ${name}`);
        for (const id of report.covered)
          if (!outcomes.has(id)) outcomes.set(id, { kind: "survived" });
      } else {
        tried.add(report.id);
        trying = undefined;
        if (report.type === "survived") return;
        killed++;
        outcomes.set(report.id, { kind: "killed", by: `${job.testFile}: ${report.by}` });
      }
    };
    const end = await runWorker({ ...job, mutants }, folder, take);
    isFirst = false;
    if (end !== "done" && trying === undefined) {
      say(`${job.testFile}: ${end}, left out`);
      break;
    }
    if (end === "done" || trying === undefined) break;
    outcomes.set(trying, { kind: "killed", by: `${job.testFile}: ${end}` });
    killed++;
    tried.add(trying);
    mutants = mutants.filter((id) => !tried.has(id));
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  say(`${job.testFile}: ${killed} killed in ${seconds} s`);
}

/** Milliseconds for unchanged sources, however slow the machine is. */
const UNCHANGED = 240_000;

async function runWorker(
  job: Job,
  folder: string,
  take: (report: Report) => void,
): Promise<"done" | "no answer" | "the process ended"> {
  const file = path.join(folder, `${job.testFile.replaceAll("/", "_")}.${job.from}.json`);
  writeFileSync(file, JSON.stringify(job));
  const child = spawn(
    process.execPath,
    ["--import", "tsx", path.join(__dirname, "worker.ts"), file],
    {
      cwd: REPOSITORY,
      stdio: ["ignore", "ignore", process.env.MUTATION_DEBUG ? "inherit" : "ignore", "pipe"],
    },
  );
  let isLate = false;
  let patience = UNCHANGED;
  const tooLate = (): void => {
    isLate = true;
    child.kill("SIGKILL");
  };
  let timer = setTimeout(tooLate, patience);
  const lines = createInterface({ input: child.stdio[3] as Readable });
  lines.on("line", (line) => {
    const report = JSON.parse(line) as Report;
    // Unchanged, all of the tests take a tenth of it.
    if (report.type === "unchanged") patience = 20_000 + 10 * report.milliseconds;
    clearTimeout(timer);
    timer = setTimeout(tooLate, patience);
    take(report);
  });
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  clearTimeout(timer);
  return isLate ? "no answer" : code === 0 ? "done" : "the process ended";
}
