import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { childEnvironment } from "../../../operations/terraform/child-environment";
import { failureAdvice } from "../../../operations/deploy/failure-advice";
import {
  createRunFolder,
  removeRunFolder,
  type RunFolder,
} from "../../../operations/runs/run-folder";
import {
  runStacks,
  type StackOutcome,
  type StackRunOptions,
} from "../../../operations/deploy/run-stacks";
import { synthesize } from "../../../operations/terraform/synthesis";
import { requires } from "../../support/requirements";

/**
 * A destination and three members of `terraform_data` alone, which needs no provider. FAILING names
 * a stack that a precondition refuses, SLOW one that takes three seconds and then leaves a file.
 * WRAPPED puts all into a wrapper, LOST lets the destination wait for a stack that is not there.
 */
const APP = `
const { App, DataResource, LocalBackend, TerraformStack } = require(${JSON.stringify(require.resolve("cdktf"))});
const { join } = require("node:path");
const { Construct } = require(${JSON.stringify(require.resolve("constructs"))});
const { CENTRAL_TRAIL_STATE_DIR: folder, FAILING, SLOW, BROKEN, WRAPPED, LOST } = process.env;
if (BROKEN) {
  console.error("envs/x.yaml:3:5  this is what is wrong");
  process.exit(1);
}
const app = new App();
const scope = WRAPPED ? new Construct(app, "Wrapper") : app;
function add(name, input) {
  const stack = new TerraformStack(scope, name);
  new LocalBackend(stack, { path: join(folder, name + ".tfstate") });
  const command = "sleep 3; touch " + join(folder, name + ".finished");
  const data = new DataResource(stack, "data", {
    input,
    provisioners: SLOW === name ? [{ type: "local-exec", command }] : undefined,
    lifecycle: {
      precondition: FAILING === name
        ? [{ condition: '\${terraform.workspace == ""}', errorMessage: "This one is to fail." }]
        : undefined,
    },
  });
  return { stack, data };
}
const destination = add("x-destination", "bucket");
for (const name of ["x-m2", "x-m3", "x-m4"]) {
  add(name, destination.data.output).stack.addDependency(destination.stack);
}
if (LOST) destination.stack.addDependency(new TerraformStack(new App({ outdir: folder }), "elsewhere"));
app.synth();
`;

jest.setTimeout(120_000);

requires("terraform")("stacks and Terraform", () => {
  let folder: RunFolder;
  let lines: { stack: string; text: string }[];
  let told: string[][];

  beforeEach(() => {
    folder = createRunFolder();
    [lines, told] = [[], []];
    writeFileSync(join(folder.path, "main.js"), APP);
    const config = { language: "typescript", app: "node main.js", sendCrashReports: "false" };
    writeFileSync(join(folder.path, "cdktf.json"), JSON.stringify(config));
  });
  afterEach(() => removeRunFolder(folder));

  const options = (variables: NodeJS.ProcessEnv = {}): StackRunOptions => ({
    project: folder.path,
    output: folder.output,
    onLine: (stack, text) => lines.push({ stack, text }),
    env: {
      ...childEnvironment(process.env, {
        environment: "x",
        folder,
        provider: { kind: "registry", line: "", notes: [] },
        stateFolder: folder.state,
      }),
      ...variables,
    },
  });
  const command = (stacks: readonly string[]): string => `again ${stacks.join(" ")}`;

  test("a failed member leaves the others applied; the next deploy does what is left", async () => {
    const seen: string[] = [];
    const outcomes = await runStacks("deploy", {
      ...options({ FAILING: "x-m2", SLOW: "x-m3" }),
      parallelism: 2,
      onOutcome: ({ stack }) => seen.push(stack),
    });
    expect(Object.fromEntries(outcomes.map(({ stack, state }) => [stack, state]))).toEqual({
      "x-destination": "done",
      "x-m2": "failed",
      "x-m3": "done",
      "x-m4": "done",
    });
    expect(seen.sort()).toEqual(["x-destination", "x-m2", "x-m3", "x-m4"]);
    // The slow one was under way when the other failed, and was let go on to its end.
    expect(existsSync(join(folder.state, "x-m3.finished"))).toBe(true);
    expect(failureAdvice(outcomes, { environment: "x", command })).toEqual([
      expect.stringMatching(/^x-m2 failed: Resource precondition failed .*This one is to fail\.$/),
      "Done: x-destination, x-m3, x-m4",
      "To go on, when it is fixed: again x-m2",
    ]);

    lines = [];
    const again = await runStacks("deploy", { ...options(), stacks: ["x-m2"] });
    expect(again).toEqual([{ stack: "x-m2", state: "done" }]);
    expect(lines.map(({ text }) => text)).toContain(
      "Apply complete! Resources: 1 added, 0 changed, 0 destroyed.",
    );

    const destroyed = await runStacks("destroy", { ...options(), parallelism: 2 });
    expect(destroyed.map(({ state }) => state)).toEqual(["done", "done", "done", "done"]);
    const ends = lines.filter(({ text }) => text.startsWith("Destroy complete!"));
    expect(ends.map(({ stack }) => stack).at(-1)).toBe("x-destination");
    expect(ends.map(({ text }) => text)).toEqual(
      Array(4).fill("Destroy complete! Resources: 1 destroyed."),
    );
  });

  test("stacks in a wrapper keep their order, there and back", async () => {
    const done = ["x-destination", "x-m2", "x-m3", "x-m4"].map((stack) => ({
      stack,
      state: "done",
    }));
    const wrapped = options({ WRAPPED: "1", SLOW: "x-destination" });
    expect(await runStacks("deploy", { ...wrapped, parallelism: 4 })).toEqual(done);
    expect(await runStacks("destroy", { ...wrapped, parallelism: 1 })).toEqual(done);
    const ends = lines.filter(({ text }) => text.startsWith("Destroy complete!"));
    expect(ends.map(({ stack }) => stack).at(-1)).toBe("x-destination");
  });

  test("a dependency that is not a stack of the app is an error before Terraform starts", async () => {
    for (const verb of ["deploy", "destroy"] as const)
      await expect(runStacks(verb, options({ LOST: "1" }))).rejects.toThrow(
        "x-destination waits for the stack elsewhere, and the app has no stack of that name.",
      );
    expect(lines).toEqual([]);
  });

  test("a destination that fails keeps its members from being tried", async () => {
    const outcomes = await runStacks("deploy", options({ FAILING: "x-destination" }));
    expect(outcomes.map(({ state }) => state)).toEqual([
      "failed",
      "not tried",
      "not tried",
      "not tried",
    ]);
    expect(readdirSync(folder.state).filter((file) => file.startsWith("x-m"))).toEqual([]);
  });

  test("a member before its destination gets our sentence", async () => {
    const outcomes = await runStacks("deploy", { ...options(), stacks: ["x-m2"] });
    expect(failureAdvice(outcomes, { environment: "x", command })).toContain(
      "  That is: the destination of environment x was never deployed. Run: again x-destination",
    );
  });

  test("what the app says against its input is passed on", async () => {
    await expect(synthesize(options({ BROKEN: "1" }))).rejects.toMatchObject({
      lines: ["envs/x.yaml:3:5  this is what is wrong", "Synthesis failed: node main.js"],
    });
  });

  test("a choice of stacks that cannot be is refused before Terraform starts", async () => {
    await expect(runStacks("deploy", { ...options(), stacks: ["x-m9"] })).rejects.toThrow(
      "No stack is called x-m9; the app has: x-destination, x-m2, x-m3, x-m4.",
    );
    await expect(runStacks("destroy", { ...options(), stacks: ["x-destination"] })).rejects.toThrow(
      "x-destination cannot be destroyed alone: x-m2, x-m3, x-m4 would still need it.",
    );
    expect(lines.filter(({ text }) => text.startsWith("Initializing"))).toEqual([]);
  });

  /** Aborts as soon as the slow stack is under way. */
  const interrupted = (slow: string): Promise<readonly StackOutcome[]> => {
    const controller = new AbortController();
    return runStacks("deploy", {
      ...options({ SLOW: slow }),
      signal: controller.signal,
      onInterrupted: (stacks) => told.push([...stacks]),
      onLine: (_, text) => {
        if (text.includes("Provisioning with")) controller.abort("SIGTERM");
      },
    });
  };

  test("an interruption waits for Terraform, starts no further stack, and says what is left", async () => {
    const outcomes = await interrupted("x-destination");
    expect(outcomes.map(({ state }) => state)).toEqual([
      "interrupted",
      ...Array<string>(3).fill("not tried"),
    ]);
    expect(told).toEqual([["x-destination"]]);
    const advice = failureAdvice(outcomes, { environment: "x", command });
    expect(advice[0]).toMatch(/^x-destination was interrupted: /);
    expect(advice.slice(1)).toEqual([
      "Not tried: x-m2, x-m3, x-m4",
      "To go on: again x-destination x-m2 x-m3 x-m4",
    ]);
    // Its state is saved, with what was in the making, and unlocked.
    const state = readFileSync(join(folder.state, "x-destination.tfstate"), "utf8");
    expect(state).toContain('"tainted"');
    expect(readdirSync(folder.state).filter((file) => file.endsWith(".lock.info"))).toEqual([]);
    const again = await runStacks("deploy", options());
    expect(again.map(({ state: end }) => end)).toEqual(Array(4).fill("done"));
  });

  test("an interruption leaves what is done as done", async () => {
    const outcomes = await interrupted("x-m2");
    const { "x-destination": first, "x-m2": slow } = Object.fromEntries(
      outcomes.map(({ stack, state }) => [stack, state]),
    );
    expect({ first, slow }).toEqual({ first: "done", slow: "interrupted" });
    expect(failureAdvice(outcomes, { environment: "x", command }).join("\n")).toMatch(
      /^Done: x-destination/m,
    );
  });

  test("a plan is shown and asked about, and that plan is applied or nothing", async () => {
    const asked: string[] = [];
    const saying = (answer: boolean) => (stack: string) => {
      asked.push(stack);
      expect(lines.at(-1)?.stack).toBe(stack);
      expect(lines.map(({ text }) => text).join("\n")).toMatch(/# terraform_data\..* will be/);
      return Promise.resolve(answer);
    };
    const chosen = { ...options(), stacks: ["x-destination", "x-m2"] };
    const declined = await runStacks("deploy", { ...chosen, approve: saying(false) });
    expect(declined.map(({ state }) => state)).toEqual(["declined", "not tried"]);
    expect(failureAdvice(declined, { environment: "x", command })).toEqual([
      "Declined: x-destination",
      "Not tried: x-m2",
      "To go on: again x-destination x-m2",
    ]);
    expect(existsSync(join(folder.state, "x-destination.tfstate"))).toBe(false);

    const done = await runStacks("deploy", { ...chosen, approve: saying(true) });
    expect(done.map(({ state }) => state)).toEqual(["done", "done"]);
    expect(asked).toEqual(["x-destination", "x-destination", "x-m2"]);

    // Nothing changes: nobody is asked.
    await runStacks("deploy", { ...chosen, approve: saying(true) });
    expect(asked).toHaveLength(3);

    lines = [];
    const gone = await runStacks("destroy", { ...options(), approve: saying(true) });
    expect(gone.map(({ state }) => state)).toEqual(Array(4).fill("done"));
    expect(asked.slice(3)).toEqual(["x-m2", "x-destination"]);
    expect(readFileSync(join(folder.state, "x-m2.tfstate"), "utf8")).toContain('"resources": []');
  });
});
