import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { REPOSITORY } from "../support/repository";
import { temporaryFolder, writeTree } from "../support/temporary-folder";

/** What an expression gives in an ES module, which jest's own loader can't read, of packaging/. */
function inModule(file: string, expression: string): unknown {
  const script = `import * as m from ${JSON.stringify(join(REPOSITORY, "packaging", file))}; console.log(JSON.stringify(${expression}))`;
  return JSON.parse(
    execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" }),
  );
}

describe("the changelog", () => {
  const problems = (text: string, version: string, tag?: string): unknown =>
    inModule(
      "changelog.mjs",
      `m.changelogProblems(${JSON.stringify(text)}, ${JSON.stringify(version)}, ${JSON.stringify(tag)})`,
    );
  const GOOD = "# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-01-31\n\n### Added\n\n- A.\n";

  test("is right for a version that it has, released or not", () => {
    expect(problems(GOOD, "1.2.3")).toEqual([]);
    expect(problems(GOOD, "1.2.3", "v1.2.3")).toEqual([]);
    expect(problems(GOOD.replace("\n\n## [1", "\n\n- B.\n\n## [1"), "1.2.3")).toEqual([]);
  });

  test.each([
    ["another version", GOOD, "1.2.4", undefined, 'no section "## [1.2.4] - <date>"'],
    ["no date", GOOD.replace(" - 2026-01-31", ""), "1.2.3", undefined, "has no date"],
    ["no entry", GOOD.replace("- A.", ""), "1.2.3", undefined, "has no entry"],
    ["no place for the next", GOOD.replace("Unreleased", "Next"), "1.2.3", undefined, "Unreleased"],
    ["another tag", GOOD, "1.2.3", "v1.2.4", "the tag has to be v1.2.3"],
    [
      "entries left over",
      GOOD.replace("\n\n## [1", "\n\n- B.\n\n## [1"),
      "1.2.3",
      "v1.2.3",
      "move them to [1.2.3]",
    ],
  ])("is wrong with %s", (_, text, version, tag, words) => {
    expect(problems(text, version, tag)).toEqual([expect.stringContaining(words)]);
  });
});

describe("licences", () => {
  const component = (licences: unknown): unknown[] => [
    { name: "some", version: "1.0.0", licenses: licences },
  ];
  const problems = (components: unknown[]): unknown =>
    inModule("licences.mjs", `m.licenceProblems(${JSON.stringify(components)})`);

  test.each([
    [[{ license: { id: "MIT" } }]],
    [[{ expression: "(MIT OR GPL-3.0-or-later)" }]],
    [[{ expression: "Apache-2.0 AND MIT" }]],
  ])("are allowed: %j", (licences) => {
    expect(problems(component(licences))).toEqual([]);
  });

  test.each([
    [[{ license: { id: "GPL-3.0-only" } }], "GPL-3.0-only"],
    [[{ license: { id: "AGPL-3.0-or-later" } }], "AGPL-3.0-or-later"],
    [[{ expression: "MIT AND GPL-2.0-only" }], "MIT AND GPL-2.0-only"],
    [[{ license: { name: "SEE LICENSE IN LICENSE" } }], "SEE LICENSE IN LICENSE"],
    [[], "none"],
    [undefined, "none"],
  ])("are refused: %j", (licences, named) => {
    expect(problems(component(licences))).toEqual([
      expect.stringContaining(`some@1.0.0 has the licence ${named}. Allowed are 0BSD, `),
    ]);
  });
});

describe("package.json", () => {
  const problems = (manifest: unknown, tag?: string): unknown =>
    inModule(
      "manifest.mjs",
      `m.manifestProblems(${JSON.stringify(manifest)}, ${JSON.stringify(tag)})`,
    );
  const publishConfig = { provenance: true };

  test("is right without install scripts and with provenance", () => {
    const manifest = { publishConfig, scripts: { prepack: "build" }, repository: "x" };
    expect(problems(manifest, "v1.0.0")).toEqual([]);
  });

  test.each(["preinstall", "install", "postinstall", "prepare"])("has no script %s", (name) => {
    expect(problems({ publishConfig, scripts: { [name]: "x" } })).toEqual([
      expect.stringContaining(`the script ${name}, `),
    ]);
  });

  test("must ask for provenance, and name its repository where there is a tag", () => {
    expect(problems({ publishConfig: { provenance: false } }, "v1.0.0")).toEqual([
      expect.stringContaining("publishConfig.provenance"),
      expect.stringContaining("names no repository"),
    ]);
  });
});

describe("differences of what two versions synthesize", () => {
  const folder = temporaryFolder();
  const found = (before: Record<string, unknown>, after: Record<string, unknown>): unknown => {
    for (const [side, files] of Object.entries({ before, after })) {
      writeTree(folder(), `${side}/manifest.json`, "{}");
      for (const [path, content] of Object.entries(files))
        writeTree(folder(), `${side}/${path}`, JSON.stringify(content, null, side.length));
    }
    return inModule(
      "differences.mjs",
      `[...m.differences(${JSON.stringify(join(folder(), "before"))}, ${JSON.stringify(join(folder(), "after"))})]`,
    );
  };

  test("are values, once for all stacks, with the number of files", () => {
    const stack = (version: string, tags: unknown) => ({ aws: [{ version, tags }] });
    expect(
      found(
        { "a/cdk.tf.json": stack("5", {}), "b/cdk.tf.json": stack("5", {}) },
        { "a/cdk.tf.json": stack("6", {}), "b/cdk.tf.json": stack("6", []) },
      ),
    ).toEqual([
      ['cdk.tf.json aws.0.version: "5" -> "6"', 2],
      ["cdk.tf.json aws.0.tags: {} -> []", 1],
    ]);
  });

  test("are what is on one side alone: values and files", () => {
    expect(found({ "a.json": { x: 1 }, "b.json": {} }, { "a.json": { y: null } })).toEqual([
      ["a.json x: 1 -> nothing", 1],
      ["a.json y: nothing -> null", 1],
      ["b.json: there -> missing", 1],
    ]);
  });

  test("are neither spaces nor where cdktf lies on this machine", () => {
    const warning = (stacktrace: string) => ({ annotations: [{ message: "m", stacktrace }] });
    expect(found({ "a.json": warning("/here") }, { "a.json": warning("/there") })).toEqual([]);
  });
});

test("the page for moving and the table of versions name the versions that are tried", () => {
  const catalogue = JSON.parse(
    readFileSync(join(REPOSITORY, "packaging", "other-versions.json"), "utf8"),
  ) as Record<string, { packages: Record<string, string> }>;
  const scripts = (
    JSON.parse(readFileSync(join(REPOSITORY, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    }
  ).scripts;
  for (const page of ["migrating-to-cdk-terrain.md", "versions.md"]) {
    const text = readFileSync(join(REPOSITORY, "docs", page), "utf8");
    for (const [name, { packages }] of Object.entries(catalogue)) {
      expect(scripts).toHaveProperty([`compat:${name}`]);
      expect(text).toContain(`npm run compat:${name}`);
      for (const spec of Object.values(packages))
        expect([page, text]).toEqual([
          page,
          expect.stringContaining(spec.slice(spec.lastIndexOf("@") + 1)),
        ]);
    }
  }
});
