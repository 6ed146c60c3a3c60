import { spawn } from "node:child_process";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { runStacks } from "../operations/deploy/run-stacks";
import { REPOSITORY } from "../test/support/repository";
import { table } from "../text/table";
import { Deployment, fourAccountsFile } from "../test/support/deployment";

const DESTINATION = "test-destination";
const MEMBERS = ["222222222222", "333333333333", "444444444444"].map((id) => `test-member-${id}`);

/** When, in seconds since the start of the deploy, a stack reached a phase. */
type Phases = Record<"init" | "plan" | "apply" | "end", number>;

interface Run {
  readonly title: string;
  readonly seconds: number;
  /** Seconds until the first member's CreateTrail was answered. */
  readonly firstMember: number;
  readonly stacks: ReadonlyMap<string, Phases>;
}

/** Notes the time of the lines by which Terraform shows what it is at. */
class Stopwatch {
  readonly stacks = new Map<string, Phases>();
  readonly #start = performance.now();

  get seconds(): number {
    return (performance.now() - this.#start) / 1000;
  }

  line(stack: string | undefined, text: string): void {
    if (stack === undefined) return;
    const phases = this.stacks.get(stack) ?? { init: NaN, plan: NaN, apply: NaN, end: NaN };
    this.stacks.set(stack, phases);
    const phase = text.startsWith("Initializing the backend")
      ? "init"
      : text.includes("has been successfully initialized")
        ? "plan"
        : /: Creating\.\.\.$/.test(text) && Number.isNaN(phases.apply)
          ? "apply"
          : text.startsWith("Apply complete!")
            ? "end"
            : undefined;
    if (phase) phases[phase] = this.seconds;
  }
}

/**
 * One environment deployed three times, each on a fresh local AWS whose start is not counted: with
 * bare Terraform, with our own deploy, and with cdktf-cli alone. Same JSON, order, parallelism and
 * provider source. Lifecycle rules are left out: their 55 s of waiting would make every ratio look
 * good.
 */
export async function benchDeployment(): Promise<string[]> {
  const runs = [
    await timed("terraform init && terraform apply", bareTerraform),
    await timed("central-trail deploy", ours),
    await timed("cdktf deploy", plainCdktf),
  ];
  const bare = runs[0]!.seconds;
  return [
    ...table([
      ["deploy of 4 accounts, 2 stacks at once", "seconds", "ratio", "first member's trail"],
      ...runs.map(({ title, seconds, firstMember }) => [
        title,
        seconds.toFixed(1),
        (seconds / bare).toFixed(2),
        firstMember.toFixed(1),
      ]),
    ]),
    "",
    ...table([
      ["seconds by stack and phase", "stack", "starts at", "init", "plan", "apply"],
      ...runs.flatMap(({ title, stacks }) =>
        [...stacks].map(([stack, { init, plan, apply, end }]) => [
          title,
          stack,
          ...[init, plan - init, apply - plan, end - apply].map((seconds) => seconds.toFixed(1)),
        ]),
      ),
    ]),
  ];
}

async function timed(
  title: string,
  deploy: (deployment: Deployment, watch: Stopwatch) => Promise<void>,
): Promise<Run> {
  const deployment = await Deployment.start(fourAccountsFile());
  try {
    if (deploy === bareTerraform) await deployment.synthesize();
    const start = Date.now();
    const watch = new Stopwatch();
    await deploy(deployment, watch);
    const { seconds } = watch;
    const first = deployment.calls.find(
      ({ action, accountId }) => action === "CreateTrail" && accountId !== "111111111111",
    );
    if (!first) throw new Error(`${title} made no member's trail`);
    return {
      title,
      seconds,
      firstMember: (Date.parse(first.endTime) - start) / 1000,
      stacks: watch.stacks,
    };
  } finally {
    await deployment.stop();
  }
}

async function bareTerraform(deployment: Deployment, watch: Stopwatch): Promise<void> {
  const apply = async (stack: string): Promise<void> => {
    for (const args of [["init"], ["apply", "-auto-approve"]]) {
      await run(
        ["terraform", ...args, "-input=false", "-no-color"],
        join(deployment.folder.output, "stacks", stack),
        deployment.env,
        (text) => watch.line(stack, text),
      );
    }
  };
  await apply(DESTINATION);
  const left = [...MEMBERS];
  const worker = async (): Promise<void> => {
    for (let stack = left.shift(); stack; stack = left.shift()) await apply(stack);
  };
  await Promise.all([worker(), worker()]);
}

async function ours({ folder, env }: Deployment, watch: Stopwatch): Promise<void> {
  const outcomes = await runStacks("deploy", {
    project: REPOSITORY,
    output: folder.output,
    env,
    onLine: (stack, line) => watch.line(stack, line),
  });
  if (outcomes.some(({ state }) => state !== "done")) throw new Error(JSON.stringify(outcomes));
}

async function plainCdktf({ folder, env }: Deployment, watch: Stopwatch): Promise<void> {
  let stack: string | undefined;
  await run(
    [
      "npx",
      "cdktf",
      "deploy",
      "*",
      "--auto-approve",
      "--parallelism",
      "2",
      "--skip-provider-lock",
      "--output",
      folder.output,
    ],
    REPOSITORY,
    { ...env, CI: "1", NO_COLOR: "1" },
    (raw) => {
      // Two columns: a stack's name stands before the first line of each piece of its output.
      const text = stripVTControlCharacters(raw);
      stack = /^(test-\S+)\s/.exec(text)?.[1] ?? stack;
      watch.line(stack, text.replace(/^(test-\S+)?\s+/, ""));
    },
  );
}

/** Runs a program to its end and gives each line of its output as it comes. */
function run(
  [program = "", ...args]: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
  onLine: (text: string) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "inherit"] });
    let rest = "";
    child.stdout.setEncoding("utf8").on("data", (piece: string) => {
      const lines = (rest + piece).split("\n");
      rest = lines.pop() ?? "";
      lines.forEach(onLine);
    });
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`${program} ${args.join(" ")} ended with ${code}`)),
    );
  });
}
