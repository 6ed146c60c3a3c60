import { appendFileSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CreateBucketCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import fc from "fast-check";
import type { StackVerb } from "../../operations/deploy/stack-order";
import { Deployment, fourAccountsFile } from "../support/deployment";
import { requires } from "../support/requirements";
import { inventory } from "./inventory";
import { MarkedRun } from "./marked-run";

const DESTINATION = "111111111111";
const STATE_BUCKET = "central-trail-test-state";

/** How a run is ended, and how it may end then. */
interface Fault {
  end(run: MarkedRun): void | Promise<void>;
  /** Exit codes and signals; a run that was through at that moment is done. */
  readonly codes: readonly unknown[];
  /** Whether the page says to run `recover` first: what was in the making may be in no state. */
  readonly recover: boolean;
}

const gently = (end: Fault["end"], ...codes: readonly unknown[]): Fault => ({
  end,
  codes,
  recover: false,
});
const killing = (command: RegExp, ...codes: readonly unknown[]): Fault => ({
  end: (run) => run.killWithin(command),
  codes,
  recover: true,
});

const FAULTS: Readonly<Record<string, Fault>> = {
  SIGKILL: gently((run) => run.kill("SIGKILL"), "SIGKILL"),
  "closed terminal": gently((run) => run.killGroup("SIGHUP"), 129, 0),
  "Ctrl-C": gently((run) => run.killGroup("SIGINT"), 130, 0),
  SIGTERM: gently((run) => run.kill("SIGTERM"), 143, 0),
  "closed pipe": gently((run) => run.closePipes(), 0),
  "Terraform killed": killing(/^\S*terraform (apply|destroy)/, 1, 0),
  "provider killed": killing(/terraform-provider-aws/, 1, 0),
  "everything killed": killing(/./, "SIGKILL"),
};

/** How many runs to end, and by which seed. */
export interface Ends {
  readonly state: "local" | "s3";
  readonly count: number;
  readonly seed: number;
}

/** `FAULTS_SEED` repeats what a run has printed; by default each run has another. */
export function seedOfRun(seed = Date.now() % 1_000_000): number {
  return Number(process.env.FAULTS_SEED ?? seed);
}

/** `FAULTS_ENDS` is the number of ends for each kind of state. */
export function endsOfRun(count: number): number {
  return Number(process.env.FAULTS_ENDS ?? count);
}

interface End {
  readonly fault: string;
  /** The part of the verb's calls to AWS after which it is ended. */
  readonly after: number;
  /** Milliseconds after that call. */
  readonly delay: number;
}

function plannedEnds({ state, count, seed }: Ends): readonly End[] {
  const names = Object.keys(FAULTS);
  const moment = fc.noBias(fc.tuple(fc.integer({ min: 0, max: 1000 }), fc.nat(2000)));
  const round = fc.tuple(
    fc.shuffledSubarray(names, { minLength: names.length }),
    fc.array(moment, { minLength: names.length, maxLength: names.length }),
  );
  // Other ends for each kind of state, by the one seed.
  const own = state === "local" ? seed : ~seed;
  const rounds = fc.sample(round, { seed: own, numRuns: Math.ceil(count / names.length) });
  return rounds
    .flatMap(([faults, moments]) =>
      faults.map((fault, index) => ({
        fault,
        after: moments[index]![0] / 1000,
        delay: moments[index]![1],
      })),
    )
    .slice(0, count);
}

/**
 * Ends deploys and destroys in turn, each at a random moment. The same verb again, after `recover`
 * where Terraform or its provider was killed, must bring what an undisturbed run brings, and leave
 * nothing behind.
 */
export function describeEnds(ends: Ends): void {
  const { state, count, seed } = ends;
  requires("terraform", "moto")(`${count} ends with ${state} state, FAULTS_SEED=${seed}`, () => {
    jest.setTimeout(900_000);
    let deployment: Deployment;
    let calls: Record<StackVerb, number>;
    let wanted: Record<StackVerb, unknown>;
    let isSound = false;

    const verbOf = (index: number): StackVerb => (index % 2 === 0 ? "deploy" : "destroy");
    const planned = plannedEnds(ends).map((end, index) => ({
      ...end,
      number: index + 1,
      percent: Math.round(end.after * 100),
      verb: verbOf(index),
    }));

    const folder = (name: string): string => join(deployment.folder.path, name);
    const start = (verb: string, ...args: string[]): MarkedRun =>
      new MarkedRun([verb, "--env", "test", "--auto-approve", ...args], folder("work"), {
        ...deployment.env,
        TMPDIR: folder("tmp"),
        XDG_STATE_HOME: folder("xdg"),
        FAULTS_MARK: deployment.folder.path,
      });
    const list = (): Promise<unknown> => inventory(deployment, [STATE_BUCKET]);

    /** Runs a verb to its end; 0 or an error that says what it printed. */
    async function run(verb: string): Promise<MarkedRun> {
      const run = start(verb);
      expect({ code: await run.end(), printed: run.printed }).toMatchObject({ code: 0 });
      return run;
    }

    async function restart(): Promise<void> {
      await deployment?.stop();
      const file = fourAccountsFile();
      file.members = file.members.slice(0, 1);
      file.tags = { project: "ends" };
      if (state === "s3") {
        const roleArn = `arn:aws:iam::${DESTINATION}:role/central-trail-state`;
        file.state = { backend: "s3", bucket: STATE_BUCKET, region: "us-east-1", roleArn };
      }
      deployment = await Deployment.start(file);
      for (const name of ["work", "tmp", "xdg"]) mkdirSync(folder(name));
      if (state === "s3") {
        file.endpoint = deployment.env.AWS_ENDPOINT_URL;
        deployment.write(file);
        await deployment.s3(DESTINATION).send(new CreateBucketCommand({ Bucket: STATE_BUCKET }));
      }
      isSound = true;
    }

    /** Locks and files that are left. */
    async function leftovers(): Promise<readonly string[]> {
      const { Contents = [] } =
        state === "s3"
          ? await deployment
              .s3(DESTINATION)
              .send(new ListObjectsV2Command({ Bucket: STATE_BUCKET }))
          : {};
      return [
        ...readdirSync(deployment.folder.state).filter((name) => name.endsWith(".lock.info")),
        ...Contents.map(({ Key = "" }) => Key).filter((key) => key.endsWith(".tflock")),
        ...readdirSync(folder("tmp")).filter((name) => !/^(tsx-|node-)/.test(name)),
        ...readdirSync(folder("work")),
        ...readdirSync(folder("xdg"), { recursive: true })
          .map(String)
          .filter((name) => name.endsWith(".json")),
      ];
    }

    beforeAll(async () => {
      await restart();
      calls = { deploy: 0, destroy: 0 };
      wanted = { deploy: undefined, destroy: undefined };
      for (const verb of ["deploy", "destroy"] as const) {
        const before = deployment.calls.length;
        await run(verb);
        calls[verb] = deployment.calls.length - before;
        wanted[verb] = await list();
      }
    });
    afterAll(() => deployment?.stop());

    test.each(planned)(
      "$number: $fault at $percent % of a $verb",
      async ({ number, fault, after, delay, verb }) => {
        if (!isSound) {
          await restart();
          if (verb === "destroy") await run("deploy");
        }
        isSound = false;
        const before = deployment.calls.length;
        const ended = start(verb);
        const moment = before + Math.round(after * calls[verb]);
        while (deployment.calls.length < moment && !ended.isOver) await sleep(20);
        await sleep(delay);
        const wasOver = ended.isOver;
        await FAULTS[fault]!.end(ended);
        const code = await ended.end();
        const allowed = wasOver ? [0] : FAULTS[fault]!.codes;
        if (!allowed.includes(code)) throw new Error(`Exit code ${code}: ${ended.printed}`);

        const { recover } = FAULTS[fault]!;
        if (recover) await run("recover");
        await run(verb);
        expect(await list()).toEqual(wanted[verb]);
        expect(await leftovers()).toEqual([]);
        isSound = true;
        report({ seed, state, number, fault, verb, after, delay, code, wasOver, recover });
      },
    );
  });
}

/** A line for each end that was gone through, where `FAULTS_LOG` names a file. */
function report(line: object): void {
  const { FAULTS_LOG } = process.env;
  if (FAULTS_LOG) appendFileSync(FAULTS_LOG, `${JSON.stringify(line)}\n`);
}
