/**
 * One process for one test file: `node --import tsx worker.ts JOB`, where JOB is a file with a
 * {@link Job}. What it finds it writes to file descriptor 3, a {@link Report} a line: standard
 * output is the tests'.
 */
import { readFileSync, writeSync } from "node:fs";
import path from "node:path";
import { expect } from "expect";
import fc from "fast-check";
import { ModuleMocker } from "jest-mock";
import { REPOSITORY } from "../support/repository";
import { loadWithMutants, unload } from "./sources";
import { groupsOf, runTests, Suite, type Group, type Test } from "./suite";

/** What a worker is given to do. */
export interface Job {
  readonly testFile: string;
  /** The number of each source file's first mutant. */
  readonly firstIds: Readonly<Record<string, number>>;
  /** How many mutants there are. */
  readonly total: number;
  /** The mutants to try. */
  readonly mutants: readonly number[];
  /** Milliseconds: only tests that take so long, or not so long. */
  readonly from: number;
  readonly below: number;
}

/** What a worker says. */
export type Report =
  | {
      readonly type: "unchanged";
      readonly failed: readonly string[];
      readonly slow: readonly string[];
      readonly milliseconds: number;
      readonly covered: readonly number[];
    }
  | { readonly type: "trying"; readonly id: number }
  | { readonly type: "survived"; readonly id: number }
  | { readonly type: "killed"; readonly id: number; readonly by: string };

/** What a test of unchanged sources did. */
interface Run {
  readonly passed: boolean;
  readonly milliseconds: number;
  /** How often it came past each mutant. */
  readonly passes: ReadonlyMap<number, number>;
}

const job = JSON.parse(readFileSync(process.argv[2]!, "utf8")) as Job;
const counts = new Uint32Array(job.total);
let active = -1;
let limit = Infinity;

function report(one: Report): void {
  writeSync(3, `${JSON.stringify(one)}\n`);
}

function mutant(id: number): boolean {
  const count = ++counts[id]!;
  if (id !== active) return false;
  if (count > limit) throw new Error("a loop that does not end");
  return true;
}

/** The mutants that were come past since the last call, and how often. */
function takePasses(): Map<number, number> {
  const passes = new Map<number, number>();
  counts.forEach((count, id) => count > 0 && passes.set(id, count));
  counts.fill(0);
  return passes;
}

function load(): Suite {
  unload();
  const suite = new Suite();
  const mocker = new ModuleMocker(globalThis);
  Object.assign(globalThis, suite.globals(), {
    __mutant: mutant,
    expect,
    jest: {
      fn: mocker.fn.bind(mocker),
      mocked: (one: unknown) => one,
      replaceProperty: mocker.replaceProperty.bind(mocker),
      restoreAllMocks: () => mocker.restoreAllMocks(),
      setTimeout: () => undefined,
      spyOn: mocker.spyOn.bind(mocker),
    },
  });
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  require(path.join(REPOSITORY, job.testFile));
  return suite;
}

/**
 * Runs the tests of unchanged sources: which pass, how long they take and which mutants they come
 * past.
 */
async function runUnchanged(suite: Suite): Promise<Map<string, Run>> {
  const runs = new Map<string, Run>();
  const entering = new Map<Group, Map<number, number>>();
  await runTests(suite.tests, 60_000, {
    entered: (group) => entering.set(group, takePasses()),
    ran: (test, fault, milliseconds) => {
      const passes = takePasses();
      for (const group of groupsOf(test))
        for (const [id, count] of entering.get(group) ?? [])
          passes.set(id, (passes.get(id) ?? 0) + count);
      runs.set(test.name, { passed: fault === undefined, milliseconds, passes });
      return true;
    },
  });
  return runs;
}

/** The first of the tests that fails while the mutant is on. */
async function firstFailure(tests: readonly Test[], id: number): Promise<Test | undefined> {
  active = id;
  counts.fill(0);
  let failed: Test | undefined;
  await runTests(tests, 20_000, {
    ran: (test, fault) => {
      if (fault !== undefined) failed = test;
      return failed === undefined;
    },
  });
  active = -1;
  return failed;
}

async function main(): Promise<void> {
  process.on("unhandledRejection", () => undefined);
  // A property that fails need not be made small, and one that passes passes tomorrow as well.
  fc.configureGlobal({ seed: 1, endOnFailure: true });
  loadWithMutants(job.firstIds);
  let suite = load();
  const loading = takePasses();
  const start = performance.now();
  const runs = await runUnchanged(suite);
  const milliseconds = performance.now() - start;
  const isTried = ({ name }: Test): boolean => {
    const run = runs.get(name);
    return (
      run === undefined ||
      (run.passed && run.milliseconds >= job.from && run.milliseconds < job.below)
    );
  };
  const comesPast =
    (id: number) =>
    ({ name }: Test): boolean =>
      runs.get(name)?.passes.has(id) === true;
  // A test that fails when all is loaded a second time, unchanged, would kill any mutant.
  suite = load();
  for (const [name, { passed }] of await runUnchanged(suite))
    if (!passed) runs.set(name, { ...runs.get(name)!, passed });
  const tried = suite.tests.filter(isTried);
  const covered = job.mutants.filter((id) => loading.has(id) || tried.some(comesPast(id)));
  report({
    type: "unchanged",
    failed: [...runs].filter(([, { passed }]) => !passed).map(([name]) => name),
    slow: [...runs]
      .filter(([, run]) => run.passed && run.milliseconds >= job.below)
      .map(([name]) => name),
    milliseconds,
    covered,
  });
  if (tried.length === 0) return;

  /** Loads all anew with the mutant on: what is made while files are loaded is made by it. */
  const tryLoading = async (id: number): Promise<string | undefined> => {
    active = id;
    limit = 10_000_000;
    try {
      suite = load();
    } catch {
      return "loading";
    } finally {
      active = -1;
    }
    const tests = suite.tests.filter(isTried);
    return (await firstFailure(loading.has(id) ? tests : tests.filter(comesPast(id)), id))?.name;
  };
  const tryRunning = async (id: number): Promise<string | undefined> => {
    const passes = [...runs.values()].map((run) => run.passes.get(id) ?? 0);
    limit = 10_000 + 20 * passes.reduce((sum, count) => sum + count, 0);
    const failed = await firstFailure(suite.tests.filter(isTried).filter(comesPast(id)), id);
    const wasMet = counts[id]! > 0;
    if (failed === undefined && wasMet) return undefined;
    // The mutant's fault, or that of what an earlier one left behind?
    if (failed !== undefined && (await firstFailure([failed], -1)) === undefined)
      return failed.name;
    const by = await tryLoading(id);
    suite = load();
    return by;
  };

  const ofLoading = covered.filter((id) => loading.has(id));
  for (const id of [...covered.filter((one) => !loading.has(one)), ...ofLoading]) {
    report({ type: "trying", id });
    const by = await (loading.has(id) ? tryLoading(id) : tryRunning(id));
    report(by === undefined ? { type: "survived", id } : { type: "killed", id, by });
  }
}

void main().then(() => process.exit(0));
