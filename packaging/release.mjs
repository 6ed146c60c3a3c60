// npm run release:dry [-- --tag v0.1.0]: all of a release but the publishing.
import { execFileSync } from "node:child_process";
import console from "node:console";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { changelogProblems } from "./changelog.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const { tag } = parseArgs({ options: { tag: { type: "string" } } }).values;
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const { name, version } = manifest;

const said = execFileSync("npm", ["publish", "--dry-run", "--json", "--silent"], {
  cwd: root,
  encoding: "utf8",
});
// What the build prints stands before npm's answer, which npm 11 puts under the package's name.
const answer = JSON.parse(said.slice(said.indexOf("{\n")));
const { files, size } = answer[name] ?? answer;
const packed = new Set(files.map(({ path }) => path));

const promised = [
  ...Object.values(manifest.exports).flatMap((target) =>
    typeof target === "string" ? [target] : Object.values(target),
  ),
  ...Object.values(manifest.bin),
].map((path) => path.replace(/^\.\//, ""));
const problems = [
  ...changelogProblems(readFileSync(join(root, "CHANGELOG.md"), "utf8"), version, tag),
  ...["README.md", "LICENSE", "CHANGELOG.md", ...promised]
    .filter((path) => !packed.has(path))
    .map((path) => `The package would lack ${path}, which package.json names or users need.`),
  ...(tag !== undefined && manifest.repository === undefined
    ? ["package.json names no repository, which npm's trusted publishing compares with its own."]
    : []),
];
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else
  console.log(`${name} ${version}: ${packed.size} files, ${size} bytes packed, can be published`);
