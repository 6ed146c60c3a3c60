// npm run compat:<name>: whether this repository's sources hold with other versions of what they
// build on. other-versions.json has the versions, and all that may differ in what is synthesized.
import { execFileSync } from "node:child_process";
import console from "node:console";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { listEnvironments } from "../envs/load.ts";
import { createRunFolder, removeRunFolder } from "../operations/runs/run-folder.ts";
import { install, link, pack } from "../test/support/package.ts";
import { differences } from "./differences.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const modules = join(root, "node_modules");
const environments = join(root, "test", "stability", "environments");
const catalogue = JSON.parse(readFileSync(join(root, "packaging", "other-versions.json"), "utf8"));

const name = process.argv[2];
if (!(name in catalogue)) {
  console.error(`There are no versions ${name}, only ${Object.keys(catalogue).join(" and ")}.`);
  process.exit(2);
}
const { packages, differences: allowed, recipes = [] } = catalogue[name];
const run = createRunFolder();
const folder = run.path;
const failed = [];
const tsx = ["--import", import.meta.resolve("tsx")];
const nodeTypes = { types: ["node"], typeRoots: [join(modules, "@types")] };
try {
  checkSources();
  if (recipes.length > 0) checkRecipes();
} finally {
  await removeRunFolder(run);
}
console.log(failed.length === 0 ? `\n${name}: all holds` : `\n${name}: ${failed.join("; ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;

/** The repository's own sources, with the other packages in the place of the pinned ones. */
function checkSources() {
  console.log(`Installing ${Object.values(packages).join(", ")}`);
  write("package.json", JSON.stringify({ private: true }));
  install(folder, "--save-exact", ...Object.values(packages));
  /** What is imported → where the other package of that role lies. */
  const places = Object.entries(packages).map(([imported, spec]) => [
    imported,
    join(folder, "node_modules", spec.slice(0, spec.lastIndexOf("@"))),
  ]);

  const tsconfig = write(
    "tsconfig.json",
    JSON.stringify({
      extends: join(root, "tsconfig.json"),
      compilerOptions: {
        ...nodeTypes,
        paths: Object.fromEntries(
          places.flatMap(([imported, place]) => [
            [imported, [place]],
            [`${imported}/*`, [`${place}/*`]],
          ]),
        ),
      },
      include: ["main.ts", "modules", "stacks"].map((path) => join(root, path)),
    }),
  );
  step("types of main.ts, modules/ and stacks/", () => tsc(tsconfig));

  const names = listEnvironments(environments);
  step(`synthesis of the environments ${names.join(", ")}`, () => {
    for (const environment of names) {
      synthesize(environment, "pinned", {});
      synthesize(environment, "other", { TSX_TSCONFIG_PATH: tsconfig });
    }
    compare(join(folder, "pinned"), join(folder, "other"), allowed);
  });

  const config = {
    rootDir: root,
    testMatch: ["modules", "stacks", "stability"].map((room) => `<rootDir>/test/${room}/*.test.ts`),
    // It runs cdktf-cli, which is not part of these versions.
    testPathIgnorePatterns: ["test/stacks/synthesize.test.ts"],
    moduleNameMapper: Object.fromEntries(
      places.flatMap(([imported, place]) => [
        [`^${imported}$`, place],
        [`^${imported}/(.*)$`, `${place}/$1`],
      ]),
    ),
  };
  const jestConfig = write(
    "jest.config.js",
    `module.exports = { ...require(${JSON.stringify(join(root, "jest.config.js"))}), ...${JSON.stringify(config)} };`,
  );
  step("unit tests of modules/ and stacks/", () =>
    node([join(modules, "jest/bin/jest.js"), "--config", jestConfig], root),
  );
}

/** What the page for moving tells users of the npm package to write, on the app that it shows. */
function checkRecipes() {
  const page = readFileSync(join(root, "docs", "migrating-to-cdk-terrain.md"), "utf8");
  const fences = (language) =>
    [...page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms"))].map(
      ([, text]) => text,
    );
  const [app] = fences("ts");
  const found = fences("json").map((text) => JSON.parse(text));
  if (found.length !== recipes.length)
    throw new Error(`The page has ${found.length} recipes, other-versions.json ${recipes.length}.`);

  const tarball = pack(folder);
  const consumer = (title, get) => {
    const own = join(folder, title);
    mkdirSync(join(own, "out"), { recursive: true });
    get(own);
    writeFileSync(join(own, "app.ts"), app);
    writeFileSync(
      join(own, "tsconfig.json"),
      JSON.stringify({
        extends: join(root, "tsconfig.json"),
        compilerOptions: nodeTypes,
        include: ["app.ts"],
      }),
    );
    tsc(join(own, "tsconfig.json"));
    node([...tsx, "app.ts"], own, { CDKTF_OUTDIR: join(own, "out") });
    return join(own, "out");
  };
  let pinned;
  step("the page's app, with the pinned versions", () => {
    pinned = consumer("app-pinned", (own) => link(tarball, own));
  });
  found.forEach((recipe, index) =>
    step(`the page's app, with recipe ${index + 1}`, () => {
      const out = consumer(`app-${index + 1}`, (own) => {
        const dependencies = { ...recipe.dependencies, "central-trail": `file:${tarball}` };
        writeFileSync(join(own, "package.json"), JSON.stringify({ ...recipe, dependencies }));
        install(own);
      });
      compare(pinned, out, recipes[index]);
    }),
  );
}

/** Runs one check; what comes after it is looked at too, so that one run says all. */
function step(what, check) {
  const start = Date.now();
  let verdict = "holds";
  try {
    check();
  } catch (error) {
    failed.push(what);
    verdict = `FAILS\n${error.message}`;
  }
  console.log(`${what}: ${verdict} (${Math.round((Date.now() - start) / 1000)} s)`);
}

function synthesize(environment, kind, variables) {
  const out = join(folder, kind, environment);
  mkdirSync(out, { recursive: true });
  node([...tsx, "main.ts"], root, {
    CDKTF_OUTDIR: out,
    CENTRAL_TRAIL_ENV: environment,
    CENTRAL_TRAIL_ENVS_DIR: environments,
    CENTRAL_TRAIL_STATE_DIR: "/state",
    ...variables,
  });
}

/** Fails where there is any other difference, and also where one of these is not there any more. */
function compare(before, after, expected) {
  const found = differences(before, after);
  for (const [line, files] of found) console.log(`  ${line} (${files} files)`);
  const wrong = [
    ...[...found.keys()].filter((line) => !expected.includes(line)).map((line) => `new: ${line}`),
    ...expected.filter((line) => !found.has(line)).map((line) => `gone: ${line}`),
  ];
  if (wrong.length > 0)
    throw new Error(`Not the differences of other-versions.json:\n${wrong.join("\n")}`);
}

function tsc(project) {
  node([join(modules, "typescript/bin/tsc"), "--project", project], root);
}

function node(args, cwd, variables = {}) {
  execFileSync(process.execPath, args, {
    cwd,
    env: { ...process.env, ...variables },
    stdio: "inherit",
  });
}

/** Writes a file into the run's folder; gives its path. */
function write(file, text) {
  writeFileSync(join(folder, file), text);
  return join(folder, file);
}
