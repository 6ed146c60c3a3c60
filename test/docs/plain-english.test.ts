import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Page } from "../support/pages";
import { REPOSITORY } from "../support/repository";

interface Wording {
  readonly avoid: RegExp;
  readonly use: string;
}

/** What pages do not say, and what to say instead. */
const WORDINGS: readonly Wording[] = [
  { avoid: /\bmend(s|ed|ing)?\b/i, use: "fix" },
  { avoid: /\b(is|are|was|were|be) told\b/i, use: "is reported" },
  {
    avoid: /\b(is|are) no (valid|list|text|difference|digest|JSON|ARN|member|policy|part)\b/i,
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

test("pages say things in plain English", () => {
  const pages = Page.all();
  expect(pages.length).toBeGreaterThan(10);
  expect(
    pages.flatMap(({ path }) => problems(path, readFileSync(join(REPOSITORY, path), "utf8"))),
  ).toEqual([]);
});

test("a wording to avoid is found, with its line and what to write", () => {
  expect(problems("page.md", "Fixed.\nThis is no valid ARN.")).toEqual([
    'page.md:2: "is no valid"; write "is not a, must be"',
  ]);
});
