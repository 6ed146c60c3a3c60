import { readFileSync } from "node:fs";
import { join } from "node:path";
import { REPOSITORY } from "../support/repository";
import { circlesIn, exportedTypes, importsOf, sourceFiles } from "../support/source-files";

const files = sourceFiles();

test("a circle of imports is found, and those that only lead to it are left out", () => {
  const graph = new Map([
    ["start", ["one"]],
    ["one", ["two", "leaf"]],
    ["two", ["three"]],
    ["three", ["one"]],
    ["alone", ["alone"]],
    ["leaf", []],
  ]);
  expect(circlesIn(graph)).toEqual([["one", "two", "three"], ["alone"]]);
});

test("no source files import one another in a circle, types included", () => {
  const graph = new Map(files.map((file) => [file, importsOf(file)]));
  // That imports are seen at all: the loader reads the file's schema through others.
  expect(graph.get("envs/load.ts")).toContain("envs/check.ts");
  expect(circlesIn(graph)).toEqual([]);
});

/** Files that cdktf and Terraform name, and the one place that has each name. */
const NAMED_ONCE: Readonly<Record<string, string>> = {
  ".terraform.lock.hcl": "envs/provider-lock.ts",
  "cdk.tf.json": "operations/terraform/cdktf-files.ts",
  "cdktf.json": "operations/terraform/cdktf-files.ts",
  "cdktf.out": "operations/terraform/cdktf-files.ts",
  "errored.tfstate": "operations/runs/errored-state.ts",
};

test("the name of a file that cdktf or Terraform writes stands in one place", () => {
  const texts = files.map((file) => [file, readFileSync(join(REPOSITORY, file), "utf8")] as const);
  const places = Object.keys(NAMED_ONCE).map((name) => [
    name,
    texts.filter(([, text]) => text.includes(`"${name}"`)).map(([file]) => file),
  ]);
  expect(Object.fromEntries(places)).toEqual(
    Object.fromEntries(Object.entries(NAMED_ONCE).map(([name, place]) => [name, [place]])),
  );
});

test("what counts as a type is found by its declaration", () => {
  const text =
    'export interface A {}\nexport type B = 1;\nexport class C {}\ninterface D {}\nexport type { E } from "./e";\n// export type F = 1;';
  expect(exportedTypes(text)).toEqual(["A", "B", "C"]);
});

test("no two source files export a type of one name", () => {
  const places = new Map<string, string[]>();
  for (const file of files) {
    for (const name of exportedTypes(readFileSync(join(REPOSITORY, file), "utf8"))) {
      places.set(name, [...(places.get(name) ?? []), file]);
    }
  }
  expect(places.get("Trail")).toEqual(["modules/trail/trail.ts"]);
  expect([...places].filter(([, declared]) => declared.length > 1)).toEqual([]);
});
