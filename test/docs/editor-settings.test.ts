import { readFileSync } from "node:fs";
import { join } from "node:path";
import { REPOSITORY } from "../support/repository";

const read = (path: string) => readFileSync(join(REPOSITORY, path), "utf8");

/** The lowest version of each range, such as `^20.15.0` and `>=22.2.0`. */
function ranges(): readonly { readonly operator: string; readonly major: number }[] {
  const { engines } = JSON.parse(read("package.json")) as { engines: { node: string } };
  return engines.node.split(" || ").map((range) => {
    const parts = /^(\^|>=)(\d+)\.\d+\.\d+$/.exec(range);
    if (parts === null) throw new Error(`package.json: this test cannot read the range ${range}`);
    return { operator: parts[1]!, major: Number(parts[2]) };
  });
}

test(".nvmrc names a Node that package.json allows", () => {
  const text = read(".nvmrc").trim();
  expect(text).toMatch(/^\d+$/);
  const node = Number(text);
  const allowed = ranges().some(({ operator, major }) =>
    operator === "^" ? node === major : node >= major,
  );
  expect(allowed).toBe(true);
});

test(".editorconfig has the width of .prettierrc.json, and Prettier's own defaults", () => {
  const prettier = JSON.parse(read(".prettierrc.json")) as { printWidth: number };
  // Prettier's defaults hold while .prettierrc.json sets no more than the width.
  expect(Object.keys(prettier)).toEqual(["printWidth"]);
  const lines = read(".editorconfig").split("\n");
  const all = lines.slice(lines.indexOf("[*]") + 1, lines.indexOf("[*.md]"));
  expect(all).toEqual(
    expect.arrayContaining([
      `max_line_length = ${prettier.printWidth}`,
      "end_of_line = lf",
      "indent_size = 2",
      "indent_style = space",
    ]),
  );
});
