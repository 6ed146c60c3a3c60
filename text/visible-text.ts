/**
 * Characters that a terminal obeys or nobody sees: controls, line and paragraph separators, marks
 * of direction, of no width and of tags, halves of characters, and what Unicode has not given a
 * meaning.
 *
 * @see https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}]/gu;

/** The text with each such character as `\u001b`. As JSON escapes it, so JSON stays equal. */
export function visible(text: string): string {
  return text.replace(HIDDEN, (character) =>
    [...Array(character.length).keys()]
      .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}

/**
 * The text as one line that no log reader takes for a command: GitHub Actions reads `::…` at the
 * start of a line and `##[…]` anywhere, Azure Pipelines `##vso[…]`. JSON stays equal here too.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 * @see https://learn.microsoft.com/en-us/azure/devops/pipelines/scripts/logging-commands
 */
export function visibleLine(text: string): string {
  return visible(text)
    .replace(/^(\s*):(?=:)/, "$1\\u003a")
    .replace(/#(?=#\w*\[)/g, "\\u0023");
}
