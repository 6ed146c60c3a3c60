import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

jest.setTimeout(120_000);
const root = resolve(__dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "central-trail-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs `npx cdktf synth` on the app of three stacks; gives what it printed where it failed. */
async function cdktfSynth(
  outdir: string,
  variables: Record<string, string>,
  app = "node --import tsx test/fixtures/three-stacks.ts",
): Promise<string> {
  try {
    await promisify(execFile)("npx", ["cdktf", "synth", "--app", app, "--output", outdir], {
      cwd: root,
      env: { ...process.env, CI: "1", CHECKPOINT_DISABLE: "1", ...variables },
    });
    return "";
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return stdout + stderr;
  }
}

/** Every file below a folder with its content. */
function files(directory: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path, readFileSync(path, "utf8")]),
  );
}

test.each([
  ["validation", "three is not right"],
  ["rendering", "three cannot be rendered"],
])(
  "an error of %s in the last of three stacks leaves every file as it was",
  async (fault, text) => {
    const outdir = join(folder, fault);
    expect(await cdktfSynth(outdir, { THREE_STACKS_VALUE: "before" })).toBe("");
    const before = files(outdir);
    expect(Object.values(before).filter((content) => content.includes("before"))).toHaveLength(3);

    const printed = await cdktfSynth(outdir, {
      THREE_STACKS_VALUE: "after",
      THREE_STACKS_FAULT: fault,
    });
    expect(printed).toContain(text);
    expect(files(outdir)).toEqual(before);
  },
);

test("cdktf's own synth would have rewritten the first two stacks", async () => {
  const outdir = join(folder, "plain");
  const plain = { THREE_STACKS_PLAIN: "1" };
  expect(await cdktfSynth(outdir, { ...plain, THREE_STACKS_VALUE: "before" })).toBe("");
  await cdktfSynth(outdir, {
    ...plain,
    THREE_STACKS_VALUE: "after",
    THREE_STACKS_FAULT: "validation",
  });
  const after = Object.values(files(outdir)).filter((content) => content.includes("after"));
  expect(after).toHaveLength(2);
});

test("an environment that does not exist: one that does is proposed, without a stack trace or a file", async () => {
  const outdir = join(folder, "unknown");
  const printed = await cdktfSynth(
    outdir,
    { CENTRAL_TRAIL_ENV: "locall" },
    "node --import tsx main.ts",
  );
  expect(printed).toContain("did you mean local?");
  expect(printed).not.toMatch(/^\s+at .*\.ts:\d+/m);
  expect(existsSync(outdir)).toBe(false);
});
