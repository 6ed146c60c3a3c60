import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type AppFiles, appFiles } from "../../../operations/init/app";
import { withScript } from "../../../operations/init/package-json";
import { PIPELINE_FILES } from "../../../operations/init/pipeline";
import { providerLockFiles } from "../../../operations/init/provider-lock";
import { writeFiles } from "../../../operations/init/write-files";
import { REPOSITORY } from "../../support/repository";
import { temporaryFolder, writeTree } from "../../support/temporary-folder";

const ENVIRONMENT = { name: "production", text: "# a text\n" };
const PACKAGE = '{\n    "dependencies": { "central-trail": "0.1.0" }\n}\n';

const folder = temporaryFolder();
const inRepository = (path: string): string => readFileSync(join(REPOSITORY, path), "utf8");
const read = (path: string): string => readFileSync(join(folder(), path), "utf8");

function write(): AppFiles {
  const files = appFiles(folder(), ENVIRONMENT);
  expect(files.problems).toEqual([]);
  writeFiles(folder(), files.created, files.changed);
  return files;
}

describe("in a folder that holds package.json alone", () => {
  beforeEach(() => writeTree(folder(), "package.json", PACKAGE));

  test("all is written, and the script is added", () => {
    write();
    expect(readdirSync(folder()).sort()).toEqual(
      [
        ".github",
        ".gitignore",
        ".terraform.lock.hcl",
        "cdktf.json",
        "envs",
        "main.js",
        "package.json",
      ].sort(),
    );
    expect(read(".terraform.lock.hcl")).toBe(inRepository(".terraform.lock.hcl"));
    expect(read("envs/production.yaml")).toBe(ENVIRONMENT.text);
    expect(read("envs/environment.schema.json")).toBe(inRepository("envs/environment.schema.json"));
    expect(JSON.parse(read("cdktf.json"))).toMatchObject({ app: "node main.js" });
    expect(read("main.js")).toContain('\nrequire("central-trail/app");\n');
    expect(JSON.parse(read("package.json"))).toEqual({
      dependencies: { "central-trail": "0.1.0" },
      scripts: { "central-trail": "central-trail" },
    });
    expect(read("package.json")).toMatch(/^\{\n {4}"dependencies"[^]*\}\n$/);
  });

  test("the pipeline is this repository's, byte for byte, and has all that it names", () => {
    write();
    const workflows = PIPELINE_FILES.filter((path) => path.endsWith(".yml"));
    expect(workflows.length).toBe(3);
    for (const path of PIPELINE_FILES) expect(read(path)).toBe(inRepository(path));
    const named = PIPELINE_FILES.flatMap((path) => [
      ...read(path).matchAll(/\.github\/scripts\/[\w-]+\.\w+/g),
    ]).map(([path]) => path);
    expect([...new Set(named)].sort()).toEqual(
      PIPELINE_FILES.filter((path) => path.startsWith(".github/scripts/")).sort(),
    );
    const scripts = new Set(
      PIPELINE_FILES.flatMap((path) => [
        ...read(path).matchAll(/npm run (?:--silent )?(\S+)/g),
      ]).map(([, script]) => script),
    );
    expect([...scripts]).toEqual(["central-trail"]);
  });

  test("a lock file of providers stays as it is: it may hold more platforms' hashes", () => {
    writeTree(folder(), ".terraform.lock.hcl", "of another day\n");
    write();
    expect(read(".terraform.lock.hcl")).toBe("of another day\n");
  });

  test("there is no lock file for a provider whose hashes nobody here knows", () => {
    expect(providerLockFiles(folder(), "5.100.0")).toHaveLength(1);
    expect(providerLockFiles(folder(), "6.25.0")).toEqual([]);
    expect(providerLockFiles(folder(), "5.100")).toEqual([]);
  });

  test("written once, a second environment is all that is new", () => {
    write();
    const second = appFiles(folder(), { name: "staging", text: "# another\n" });
    expect({ ...second, left: undefined }).toEqual({
      created: [{ path: "envs/staging.yaml", text: "# another\n" }],
      changed: [],
      left: undefined,
      problems: [],
    });
    expect(second.left).toContain("main.js");
  });

  test("a pipe is in the way, and nobody waits for what it holds", () => {
    execFileSync("mkfifo", [join(folder(), "cdktf.json")]);
    expect(appFiles(folder(), ENVIRONMENT).problems).toEqual([
      expect.stringContaining("cdktf.json (a pipe)"),
    ]);
  });

  test("everything in the way is named at once, in one line", () => {
    writeTree(folder(), "cdktf.json", "{}");
    writeTree(folder(), "envs", "a file");
    writeTree(folder(), ".github/scripts/plan.sh/folder");
    expect(appFiles(folder(), ENVIRONMENT).problems).toEqual([
      expect.stringMatching(
        /: cdktf\.json, envs\/production\.yaml \(ENOTDIR\), envs\/environment\.schema\.json \(ENOTDIR\), \.github\/scripts\/plan\.sh \(EISDIR\)\. Nothing is overwritten/,
      ),
    ]);
  });

  test("what .gitignore has stays, and what it lacks is added", () => {
    writeTree(folder(), ".gitignore", "/node_modules\n*.log\ncdktf.out/");
    write();
    expect(read(".gitignore")).toBe(
      "/node_modules\n*.log\ncdktf.out/\n.terraform/\n*.tfstate\n*.tfstate.*\nplans/\nreview/\n",
    );
    expect(appFiles(folder(), ENVIRONMENT).changed).toEqual([]);
  });
});

test("where .js files are ES modules, main.js is one", () => {
  writeTree(folder(), "package.json", PACKAGE.replace("{", '{ "type": "module",'));
  write();
  expect(read("main.js")).toContain('\nimport "central-trail/app";\n');
});

test("without package.json there is no package that a pipeline could install", () => {
  expect(appFiles(folder(), ENVIRONMENT).problems).toEqual([
    expect.stringMatching(/^There is no package\.json here; run: npm init -y && npm install /),
  ]);
});

test.each([
  ["null for scripts", '{"dependencies":{"central-trail":"1"},"scripts":null}'],
  ["a byte order mark", '\uFEFF{"dependencies":{"central-trail":"1"}}'],
])("a package.json with %s is one all the same", (_, text) => {
  writeTree(folder(), "package.json", text);
  write();
  expect(JSON.parse(read("package.json"))).toMatchObject({
    scripts: { "central-trail": "central-trail" },
  });
});

test.each([
  ["no JSON", "{", /not a JSON object/],
  ["a list", "[]", /not a JSON object/],
  [
    "scripts that are none",
    '{ "dependencies": { "central-trail": "1" }, "scripts": 3 }',
    /scripts must be a JSON object/,
  ],
  ["without the package", "{}", /does not name the package central-trail/],
  [
    "with another script of the name",
    '{ "devDependencies": { "central-trail": "1" }, "scripts": { "central-trail": "echo" } }',
    /another script "central-trail": "echo"/,
  ],
])("package.json %s stays as it is, and it is said", (_, text, problem) => {
  const result = withScript(text);
  expect(result.text).toBe(text);
  expect(result.problems).toEqual([expect.stringMatching(problem)]);
});
