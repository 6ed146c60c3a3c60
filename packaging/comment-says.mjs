// An ESLint rule: a doc comment on what a selector finds says something that a pattern finds.
// eslint-plugin-jsdoc has no such rule: its contexts know no parent nodes, so not what is exported.

/** @type {import("eslint").Rule.RuleModule} */
export const commentSays = {
  meta: {
    type: "suggestion",
    schema: {
      type: "array",
      items: {
        type: "object",
        required: ["selector", "pattern", "message"],
        additionalProperties: false,
        properties: {
          selector: { type: "string" },
          pattern: { type: "string" },
          message: { type: "string" },
        },
      },
    },
  },
  create({ options, report, sourceCode }) {
    return Object.fromEntries(
      options.map(({ selector, pattern, message }) => [
        selector,
        (node) => {
          const commented = node.parent.type === "ExportNamedDeclaration" ? node.parent : node;
          const comment = sourceCode.getCommentsBefore(commented).at(-1);
          // Where there is none, jsdoc/require-jsdoc asks for it.
          if (!comment?.value.startsWith("*")) return;
          if (!new RegExp(pattern).test(comment.value)) report({ node, message });
        },
      ]),
    );
  },
};
