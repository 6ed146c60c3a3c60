// An ESLint rule: no line with a comment is longer than Prettier's print width. Prettier leaves
// comments as they are, and ESLint's own max-len is no longer maintained. A link may be longer, and
// what is said to ESLint.

const EXEMPT = /https?:\S+( \*\/)?$|eslint-disable/;

/** @type {import("eslint").Rule.RuleModule} */
export const commentWidth = {
  meta: {
    type: "layout",
    schema: [{ type: "integer", minimum: 1 }],
  },
  create({ options: [width], report, sourceCode }) {
    return {
      Program() {
        for (const { loc } of sourceCode.getAllComments()) {
          for (let line = loc.start.line; line <= loc.end.line; line++) {
            const text = sourceCode.lines[line - 1];
            if ([...text].length <= width || EXEMPT.test(text)) continue;
            report({
              loc: { line, column: width },
              message: `A comment's line has ${[...text].length} characters; allowed are ${width}. Break it.`,
            });
          }
        }
      },
    };
  },
};
