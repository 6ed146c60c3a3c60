import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Page } from "../support/pages";
import { REPOSITORY } from "../support/repository";
import { sourceFiles } from "../support/source-files";

interface Wording {
  readonly avoid: RegExp;
  readonly use: string;
}

/** What neither pages nor sources say, and what to say instead. */
const WORDINGS: readonly Wording[] = [
  { avoid: /\bmend(s|ed|ing)?\b/i, use: "fix" },
  { avoid: /\b(is|are|was|were|be) told\b/i, use: "is reported" },
  {
    // "There is no …" is plain.
    avoid: /(?<!there )\b(is|are) no (?!longer\b|more\b|other\b)\w+/i,
    use: "is not a, must be",
  },
  { avoid: /\bas said\b/i, use: "the fact itself, or a link to it" },
];

/** The lines of a text that say what a wording avoids, as sentences. */
function problems(path: string, text: string): readonly string[] {
  return text
    .split("\n")
    .flatMap((line, index) =>
      WORDINGS.filter(({ avoid }) => avoid.test(line)).map(
        ({ avoid, use }) => `${path}:${index + 1}: "${avoid.exec(line)?.[0]}"; write "${use}"`,
      ),
    );
}

test.each([
  ["pages", Page.all().map(({ path }) => path), 10],
  ["messages and comments", sourceFiles(), 200],
])("%s are in plain English", (_, paths, least) => {
  expect(paths.length).toBeGreaterThan(least);
  expect(
    paths.flatMap((path) => problems(path, readFileSync(join(REPOSITORY, path), "utf8"))),
  ).toEqual([]);
});

test("a wording to avoid is found, with its line and what to write", () => {
  expect(problems("page.md", "Fixed.\nThis is no valid ARN.")).toEqual([
    'page.md:2: "is no valid"; write "is not a, must be"',
  ]);
  expect(problems("a.ts", "/** Who was told. */")).toHaveLength(1);
  expect(problems("page.md", "There is no such file. It is no longer there.")).toEqual([]);
});
