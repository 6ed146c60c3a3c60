// npm run release:dry [-- --tag v0.1.0] [--sbom FILE]: all of a release but the publishing.
// With --sbom it writes the bill of materials (CycloneDX) of what users install with the package.
import { execFileSync } from "node:child_process";
import console from "node:console";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { changelogProblems } from "./changelog.mjs";
import { licenceProblems, licences } from "./licences.mjs";
import { manifestProblems } from "./manifest.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const { tag, sbom } = parseArgs({
  options: { tag: { type: "string" }, sbom: { type: "string" } },
}).values;
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
/** npm's bill of materials, read from package-lock.json. */
function billOfMaterials(...options) {
  const text = execFileSync(
    "npm",
    ["sbom", "--package-lock-only", "--sbom-format=cyclonedx", "--sbom-type=library", ...options],
    { cwd: root, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
  );
  return { text, components: JSON.parse(text).components };
}

const installed = billOfMaterials("--omit=dev", "--omit=peer");
const all = billOfMaterials();
const problems = [
  ...changelogProblems(readFileSync(join(root, "CHANGELOG.md"), "utf8"), version, tag),
  ...["README.md", "LICENSE", "CHANGELOG.md", ...promised]
    .filter((path) => !packed.has(path))
    .map((path) => `The package would lack ${path}, which package.json names or users need.`),
  ...manifestProblems(manifest, tag),
  ...licenceProblems(all.components),
];
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else {
  if (sbom !== undefined) writeFileSync(sbom, installed.text);
  console.log(
    `Licences of the ${installed.components.length} packages that come with it: ${counted(licences(installed.components))}`,
  );
  console.log(`${name} ${version}: ${packed.size} files, ${size} bytes packed, can be published`);
}

/** How many have each licence. */
function counted(list) {
  const counts = new Map();
  for (const { licence } of list) counts.set(licence, (counts.get(licence) ?? 0) + 1);
  return [...counts].map(([licence, count]) => `${count} ${licence}`).join(", ");
}
