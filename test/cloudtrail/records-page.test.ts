import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { temporaryFolder } from "../support/temporary-folder";

const PROJECT = join(__dirname, "../..");
const folder = temporaryFolder();

test("docs/records.md: the example compiles against the library", () => {
  const page = readFileSync(join(PROJECT, "docs/records.md"), "utf8");
  const example = /```ts\n([^]*?)```/.exec(page)![1]!;
  expect(example).toContain('from "central-trail/cloudtrail"');
  const file = join(folder(), "example.ts");
  writeFileSync(file, example);
  const program = ts.createProgram([file], {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    noUncheckedIndexedAccess: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.CommonJS,
    moduleResolution: ts.ModuleResolutionKind.Node10,
    types: ["node"],
    typeRoots: [join(PROJECT, "node_modules/@types")],
    paths: { "central-trail/*": [join(PROJECT, "*")] },
  });
  const problems = ts.getPreEmitDiagnostics(program);
  expect(
    problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n")),
  ).toEqual([]);
}, 60_000);
