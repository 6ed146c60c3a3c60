import { visible } from "../../text/visible-text";

/**
 * Text of others in GitHub's Markdown. It stands in code spans alone: there no character of it
 * means anything, be it HTML, a link, a mention or the bars of a table; only a run of backticks as
 * long as the span's own would end it, and a span can have longer ones.
 *
 * @see https://github.github.com/gfm/#code-spans
 */

/** Characters of one value that are shown; the rest is in the JSON. */
const LONGEST = 300;

/** One line without a character that is obeyed or not seen, not too long. */
export function oneLine(text: string, longest = LONGEST): string {
  const line = text.replace(/\s+/g, " ").trim();
  const cut = line.length > longest ? `${line.slice(0, longest)}…` : line;
  // Cut first: a cut may leave half a character, which is not text either.
  return visible(cut);
}

/** A text of others as a code span. */
export function code(text: string): string {
  const line = oneLine(text);
  if (line === "") return "(empty)";
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  // One space at each end is taken off again.
  const space = /^`|`$/.test(line) ? " " : "";
  return fence + space + line + space + fence;
}

/** Several, with commas; the first few of many. */
export function codes(texts: readonly string[], most = 5): string {
  const shown = texts.slice(0, most).map(code).join(", ");
  return texts.length > most ? `${shown} and ${texts.length - most} more` : shown;
}
