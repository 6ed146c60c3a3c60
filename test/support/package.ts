/** The npm package as others get it: packed from this repository's files, installed elsewhere. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { REPOSITORY } from "./repository";

/** The package's sub-paths that can be imported for what they export. */
export const SUB_PATHS: readonly string[] = Object.keys(
  (
    JSON.parse(readFileSync(join(REPOSITORY, "package.json"), "utf8")) as {
      exports: Record<string, unknown>;
    }
  ).exports,
)
  .map((path) => path.replace(/^\.\//, ""))
  .filter((path) => path !== "app" && path !== "package.json");

/**
 * Packs the package into a folder. It is built in a copy, so that test files may do so side by
 * side.
 *
 * @returns the tarball's path
 */
export function pack(folder: string): string {
  const copy = join(folder, "source");
  const files = run("git", ["ls-files", "-co", "--exclude-standard", "-z"], REPOSITORY);
  for (const file of files.split("\0").filter((name) => name && !name.startsWith("test/"))) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    cpSync(join(REPOSITORY, file), join(copy, file));
  }
  symlinkSync(join(REPOSITORY, "node_modules"), join(copy, "node_modules"));
  const said = run("npm", ["pack", "--json", "--silent", "--pack-destination", folder], copy);
  // What the build prints stands before npm's own answer.
  const [{ filename }] = JSON.parse(said.slice(said.indexOf("[\n"))) as [{ filename: string }];
  return join(folder, filename);
}

/**
 * Unpacks a tarball where Node looks for it, beside links to this repository's packages: quick, and
 * blind to what package.json forgets to name.
 */
export function link(tarball: string, folder: string): void {
  const modules = join(folder, "node_modules");
  mkdirSync(modules, { recursive: true });
  run("tar", ["-xzf", tarball, "-C", modules], folder);
  renameSync(join(modules, "package"), join(modules, "central-trail"));
  for (const name of readdirSync(join(REPOSITORY, "node_modules"))) {
    if (name !== "central-trail")
      symlinkSync(join(REPOSITORY, "node_modules", name), join(modules, name));
  }
}

/** Installs a folder's package.json with npm, as its user would. */
export function install(folder: string, ...packages: readonly string[]): void {
  const quietly = ["--no-audit", "--no-fund", "--loglevel=error"];
  run("npm", ["install", "--prefer-offline", ...quietly, ...packages], folder);
}

function run(command: string, args: readonly string[], cwd: string): string {
  return execFileSync(command, args, { cwd, encoding: "utf8", maxBuffer: 1e8 });
}
