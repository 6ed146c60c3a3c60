// Writes dist/: what the npm package holds, compiled, with types and source maps.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import console from "node:console";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const dist = join(root, "dist");
const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");

rmSync(dist, { recursive: true, force: true });
execFileSync(process.execPath, [tsc, "-p", join(root, "tsconfig.build.json")], {
  stdio: "inherit",
});
// What is not TypeScript. `init` writes the pipeline and the lock file: the repository's own, so
// that there is one.
const { PIPELINE_FILES } = createRequire(import.meta.url)(
  join(dist, "operations/init/pipeline.js"),
);
for (const path of ["processes/leash.js", ".terraform.lock.hcl", ...PIPELINE_FILES])
  cpSync(join(root, path), join(dist, path));
if (existsSync(join(dist, "lab"))) {
  console.error(
    "dist/lab: the package would hold the local AWS; what imports lab/ must not be in it.",
  );
  process.exitCode = 1;
}
