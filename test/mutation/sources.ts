import { readFileSync } from "node:fs";
import Module from "node:module";
import path from "node:path";
import { transformSync } from "@swc/core";
import { instrument } from "./mutants";
import { REPOSITORY } from "../support/repository";

/**
 * Loads this repository's TypeScript in the process, with the mutants of the rooms in it. No file
 * is written: a mutant never is anywhere but in memory.
 */

interface Compiling {
  _compile(code: string, file: string): void;
}

const extensions = (Module as unknown as { _extensions: Record<string, unknown> })._extensions;

/** @param firstIds the number of the first mutant of each file that has any, by its path */
export function loadWithMutants(firstIds: Readonly<Record<string, number>>): void {
  const compiled = new Map<string, string>();
  extensions[".ts"] = (module: Compiling, file: string): void => {
    const known = compiled.get(file);
    const code = known ?? compile(file, firstIds[path.relative(REPOSITORY, file)]);
    compiled.set(file, code);
    module._compile(code, file);
  };
}

/** The text of a source, by its path from the root of the repository. */
export function readSource(file: string): string {
  return readFileSync(path.join(REPOSITORY, file), "utf8");
}

function compile(file: string, firstId: number | undefined): string {
  const text = readFileSync(file, "utf8");
  const source = firstId === undefined ? text : instrument(file, text, firstId).source;
  return transformSync(source, {
    jsc: { target: "es2022", parser: { syntax: "typescript" } },
    module: { type: "commonjs" },
    sourceMaps: false,
    swcrc: false,
  }).code;
}

/** Forgets all that was loaded of this repository, so that it is loaded anew; packages stay. */
export function unload(): void {
  for (const file of Object.keys(require.cache)) {
    if (
      file.startsWith(REPOSITORY + path.sep) &&
      !file.includes(`${path.sep}node_modules${path.sep}`) &&
      !file.startsWith(__dirname + path.sep)
    )
      delete require.cache[file];
  }
}
