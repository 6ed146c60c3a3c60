import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { childEnvironment } from "../../operations/child-environment";
import { failureAdvice } from "../../operations/failure-advice";
import { createRunFolder, removeRunFolder, type RunFolder } from "../../operations/run-folder";
import { runStacks, type StackRunOptions } from "../../operations/run-stacks";
import { synthesize } from "../../operations/synthesis";
import { requires } from "../support/requirements";

/**
 * A destination and three members of `terraform_data` alone, which needs no provider. FAILING names a
 * stack that a precondition refuses, SLOW one that takes three seconds and then leaves a file. WRAPPED
 * puts all into a wrapper, LOST lets the destination wait for a stack that is not there.
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

  beforeEach(() => {
    folder = createRunFolder();
    lines = [];
    writeFileSync(join(folder.path, "main.js"), APP);
    const config = { language: "typescript", app: "node main.js", sendCrashReports: "false" };
    writeFileSync(join(folder.path, "cdktf.json"), JSON.stringify(config));
  });
  afterEach(() => removeRunFolder(folder));

  const options = (variables: NodeJS.ProcessEnv = {}): StackRunOptions => ({
    project: folder.path,
    output: folder.output,
    autoApprove: true,
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
      "To go on, when it is mended: again x-m2",
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
      ...{ stack, state: "done" },
    }));
    const wrapped = options({ WRAPPED: "1", SLOW: "x-destination" });
    expect(await runStacks("deploy", { ...wrapped, parallelism: 4 })).toEqual(done);
    expect(await runStacks("destroy", { ...wrapped, parallelism: 1 })).toEqual(done);
    const ends = lines.filter(({ text }) => text.startsWith("Destroy complete!"));
    expect(ends.map(({ stack }) => stack).at(-1)).toBe("x-destination");
  });

  test("a dependency that is no stack of the app is an error before Terraform starts", async () => {
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

  test("an interruption ends Terraform", async () => {
    const controller = new AbortController();
    const run = runStacks("deploy", {
      ...options({ SLOW: "x-destination" }),
      signal: controller.signal,
      onLine: (_, text) => {
        if (text.includes("Provisioning with")) controller.abort();
      },
    });
    await expect(run).rejects.toThrow("Interrupted.");
    await new Promise((resolve) => setTimeout(resolve, 4000));
    expect(existsSync(join(folder.state, "x-destination.finished"))).toBe(false);
    expect(readdirSync(folder.state).filter((file) => file.endsWith(".lock.info"))).toEqual([]);
  });
});
