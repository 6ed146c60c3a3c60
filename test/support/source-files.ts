import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript";
import { REPOSITORY } from "./repository";

/** The folders that TypeScript compiles, but for tests and measurements. */
function rooms(): string[] {
  const { config } = ts.readConfigFile(join(REPOSITORY, "tsconfig.json"), (path) =>
    readFileSync(path, "utf8"),
  ) as {
    config: { include: readonly string[] };
  };
  return config.include.filter((one) => !one.endsWith(".ts") && one !== "test" && one !== "bench");
}

/** Paths of all source files, from the repository's folder. */
export function sourceFiles(): string[] {
  return rooms()
    .flatMap((room) => ts.sys.readDirectory(join(REPOSITORY, room), [".ts"], ["**/*.d.ts"]))
    .map((path) => relative(REPOSITORY, path));
}

/** Whom a file imports, types included: paths of files of the repository. */
export function importsOf(file: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(REPOSITORY, file), "utf8"));
  return importedFiles.flatMap(({ fileName }) => {
    if (!fileName.startsWith(".")) return [];
    const path = join(dirname(file), fileName);
    return [`${path}.ts`, `${path}/index.ts`].filter((one) => existsSync(join(REPOSITORY, one)));
  });
}

/** The names of the types and classes that a file's text declares and exports. */
export function exportedTypes(text: string): string[] {
  const { statements } = ts.createSourceFile("file.ts", text, ts.ScriptTarget.Latest);
  return statements.flatMap((statement) =>
    (ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isEnumDeclaration(statement)) &&
    statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
      ? (statement.name?.text ?? [])
      : [],
  );
}

/** The circles in which files import one another: sets of files, each reachable from each. */
export function circlesIn(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const reach = new Map([...graph.keys()].map((file) => [file, reachable(file, graph)]));
  const done = new Set<string>();
  return [...graph.keys()].flatMap((file) => {
    if (done.has(file) || !reach.get(file)!.has(file)) return [];
    const circle = [...graph.keys()].filter(
      (other) => reach.get(file)!.has(other) && reach.get(other)!.has(file),
    );
    circle.forEach((one) => done.add(one));
    return [circle];
  });
}

/** All that a file imports, at any remove. */
function reachable(file: string, graph: ReadonlyMap<string, readonly string[]>): Set<string> {
  const found = new Set<string>();
  const open = [...(graph.get(file) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    open.push(...(graph.get(next) ?? []));
  }
  return found;
}
