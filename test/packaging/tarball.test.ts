import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { Example } from "../support/examples";
import { link, pack, SUB_PATHS } from "../support/package";
import { REPOSITORY } from "../support/repository";

const folder = mkdtempSync(join(tmpdir(), "central-trail-package-"));
const consumer = join(folder, "consumer");
let tarball: string;
let files: string[];

beforeAll(() => {
  tarball = pack(folder);
  link(tarball, consumer);
  files = execFileSync("tar", ["-tzf", tarball], { encoding: "utf8" }).trim().split("\n");
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface PackageJson {
  readonly exports: Record<string, string | { types: string; default: string }>;
  readonly dependencies: Record<string, string>;
}

const manifest = JSON.parse(readFileSync(join(REPOSITORY, "package.json"), "utf8")) as PackageJson;

test("it holds compiled code, types, source maps, README and licence, and under 1.25 MB", () => {
  for (const file of [
    "dist/modules/trail/index.js",
    "dist/modules/trail/trail.d.ts",
    "dist/modules/trail/trail.js.map",
    "dist/processes/leash.js",
    "dist/.github/workflows/plan.yml",
    "README.md",
    "LICENSE",
  ])
    expect(files).toContain(`package/${file}`);
  expect(statSync(tarball).size).toBeLessThan(1_250_000);
});

test("it holds no sources, no tests, no local AWS and no environments", () => {
  const odd = files.filter(
    (file) =>
      /^package\/(dist\/)?(lab|test|bench|examples)\//.test(file) ||
      /\.yaml$/.test(file) ||
      (file.endsWith(".ts") && !file.endsWith(".d.ts")),
  );
  expect(odd).toEqual([]);
});

test("a source map leads to the source that it holds", () => {
  const map = JSON.parse(
    readFileSync(
      join(consumer, "node_modules/central-trail/dist/modules/trail/trail.js.map"),
      "utf8",
    ),
  ) as { sourcesContent: string[] };
  expect(map.sourcesContent).toEqual([
    readFileSync(join(REPOSITORY, "modules/trail/trail.ts"), "utf8"),
  ]);
});

test("publint has nothing to say", () => {
  const { status, stdout } = tool("publint", "run", tarball, "--pack", "false", "--strict");
  expect(stdout).toContain("All good!");
  expect(status).toBe(0);
});

test("types resolve in every way of module resolution", () => {
  const { status, stdout } = tool("attw", tarball, "--format", "json");
  const { analysis, problems } = JSON.parse(stdout) as {
    analysis: { entrypoints: Record<string, unknown> };
    problems?: Record<string, unknown>;
  };
  expect(problems ?? {}).toEqual({});
  expect(Object.keys(analysis.entrypoints)).toEqual(Object.keys(manifest.exports));
  expect(status).toBe(0);
});

test("the main export says where each module is, and loads none of them", () => {
  const script =
    'const { MODULES } = require("central-trail"); console.log(JSON.stringify([MODULES, Object.keys(require.cache).length]))';
  const [modules, loaded] = JSON.parse(
    execFileSync(process.execPath, ["-e", script], { cwd: consumer, encoding: "utf8" }),
  ) as [Record<string, string>, number];
  const paths = SUB_PATHS.filter((path) => path.startsWith("modules/"));
  expect(Object.values(modules).sort()).toEqual(
    paths.map((path) => `central-trail/${path}`).sort(),
  );
  expect(loaded).toBe(1);
  const load = `console.log(JSON.stringify(Object.entries(${JSON.stringify(modules)}).map(([name, path]) => typeof require(path)[name])))`;
  const classes: unknown = JSON.parse(
    execFileSync(process.execPath, ["-e", load], { cwd: consumer, encoding: "utf8" }),
  );
  expect(classes).toEqual(paths.map(() => "function"));
});

test.each(SUB_PATHS)("importing %s takes less than 100 MB", (path) => {
  const script = `require("${posix.join("central-trail", path)}"); console.log(process.memoryUsage.rss())`;
  const bytes = execFileSync(process.execPath, ["-e", script], {
    cwd: consumer,
    encoding: "utf8",
  });
  expect(Number(bytes) / 1e6).toBeGreaterThan(10);
  expect(Number(bytes) / 1e6).toBeLessThan(100);
});

test("what no module loads is not a module's price: policies load neither cdktf nor the AWS SDK", () => {
  const script =
    'require("central-trail/policies"); require("central-trail/cloudtrail"); console.log(JSON.stringify(Object.keys(require.cache)))';
  const loaded = JSON.parse(
    execFileSync(process.execPath, ["-e", script], { cwd: consumer, encoding: "utf8" }),
  ) as string[];
  expect(loaded.length).toBeGreaterThan(10);
  expect(
    loaded.filter((file) => /node_modules\/(cdktf|constructs|@cdktf|@aws-sdk)\//.test(file)),
  ).toEqual([]);
});

test("another repository's app type-checks and synthesizes with it", async () => {
  const example = Example.copy("trail-only", folder);
  link(tarball, example.folder);
  expect(await example.typeCheck()).toMatchObject({ code: 0 });
  expect(await example.synthesize()).toMatchObject({ code: 0 });
  const written = readFileSync(join(example.folder, "cdktf.out/stacks/trail/cdk.tf.json"), "utf8");
  const { resource } = JSON.parse(written) as { resource: Record<string, object> };
  expect(Object.keys(resource)).toEqual(["aws_cloudtrail"]);
  expect(Object.values(resource["aws_cloudtrail"]!)).toEqual([
    expect.objectContaining({ name: "central-trail", s3_bucket_name: "example-audit-logs" }),
  ]);
}, 60_000);

function tool(name: string, ...args: string[]): { status: number | null; stdout: string } {
  return spawnSync(join(REPOSITORY, "node_modules/.bin", name), args, {
    cwd: folder,
    encoding: "utf8",
  });
}
