import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { REPOSITORY } from "../support/repository";

test("the API report is what the package exports, with every type that a signature speaks of", () => {
  const { status, output } = node(join("packaging", "api-report.mjs"), "--check");
  expect(output).toBe("");
  expect(status).toBe(0);
}, 120_000);

test("API docs are made without a warning: no type and no comment is missing, no link is broken", () => {
  const folder = mkdtempSync(join(tmpdir(), "central-trail-api-docs-"));
  try {
    const typedoc = join("node_modules", "typedoc", "bin", "typedoc");
    const options = join("packaging", "api-docs.json");
    const { status, output } = node(typedoc, "--options", options, "--out", folder);
    expect(output).not.toMatch(/warning|error/i);
    expect(status).toBe(0);
    expect(readdirSync(join(folder, "classes"))).toContain("modules_trail.Trail.html");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);

function node(...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: REPOSITORY,
    encoding: "utf8",
  });
  return { status, output: `${stdout}${stderr}` };
}
