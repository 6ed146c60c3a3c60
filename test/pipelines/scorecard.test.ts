import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { REPOSITORY } from "../support/repository";

// The checks of OpenSSF Scorecard that can be read off files, beside those of rules.ts
// (Dangerous-Workflow, Token-Permissions, Pinned-Dependencies).
// https://github.com/ossf/scorecard/blob/main/docs/checks.md

const tracked = execFileSync("git", ["ls-files", "-z"], { cwd: REPOSITORY, encoding: "utf8" })
  .split("\0")
  .filter(Boolean);
const bytes = (path: string): Buffer => readFileSync(join(REPOSITORY, path));

/**
 * Whether a file's first bytes are a program's or an archive's: ELF, PE, Mach-O, WebAssembly, zip,
 * gzip.
 */
function isBinary(head: Buffer): boolean {
  return ["7f454c46", "4d5a", "cffaedfe", "cafebabe", "0061736d", "504b0304", "1f8b"].some(
    (magic) => head.toString("hex").startsWith(magic),
  );
}

test("Binary-Artifacts: no tracked file is a program or an archive", () => {
  expect(tracked.length).toBeGreaterThan(500);
  expect(tracked.filter((path) => isBinary(bytes(path).subarray(0, 4)))).toEqual([]);
  expect(isBinary(Buffer.from("\x7fELF"))).toBe(true);
});

test("License: there is one at the top, the one that package.json names", () => {
  const { license } = JSON.parse(bytes("package.json").toString()) as { license: string };
  expect(license).toBe("Apache-2.0");
  expect(bytes("LICENSE").toString()).toMatch(/Apache License\s+Version 2\.0/);
});

test("Security-Policy: it says how to report, and by when there is an answer", () => {
  expect(bytes("SECURITY.md").toString()).toMatch(/Report a vulnerability in private[^]*within/);
});

test("Dependency-Update-Tool: actions and packages", () => {
  const { updates } = parse(bytes(".github/dependabot.yml").toString()) as {
    updates: { "package-ecosystem": string }[];
  };
  expect(updates.map((update) => update["package-ecosystem"])).toEqual(["github-actions", "npm"]);
});

test("Pinned-Dependencies: each package of the lock file has its hash, each of package.json one version", () => {
  const { packages } = JSON.parse(bytes("package-lock.json").toString()) as {
    packages: Record<string, { integrity?: string; link?: boolean; inBundle?: boolean }>;
  };
  const unhashed = Object.entries(packages)
    .filter(([path, { link, inBundle }]) => path !== "" && !link && !inBundle)
    .filter(([, { integrity }]) => !integrity?.startsWith("sha512-"));
  expect(unhashed).toEqual([]);
  const { dependencies, devDependencies } = JSON.parse(bytes("package.json").toString()) as Record<
    string,
    Record<string, string>
  >;
  for (const version of Object.values({ ...dependencies, ...devDependencies }))
    expect(version).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
});

test("Pinned-Dependencies: Python packages have one version each", () => {
  const lines = bytes(".ci/requirements.txt").toString().trim().split("\n");
  const packages = lines.filter((line) => !line.startsWith("#"));
  expect(packages.length).toBeGreaterThan(0);
  for (const line of packages) expect(line).toMatch(/^[\w-]+(\[\w+\])?==\d+\.\d+\.\d+$/);
});

test("a script of the pipeline can be run by everybody who checks it out", () => {
  const scripts = tracked.filter((path) => /^(\.github\/scripts\/.*\.sh|\.ci\/run)$/.test(path));
  expect(scripts.length).toBeGreaterThan(2);
  for (const path of scripts) expect(statSync(join(REPOSITORY, path)).mode & 0o111).not.toBe(0);
});
