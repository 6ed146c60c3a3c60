/**
 * Something a person can mend: shown as its lines, without a stack trace. Anything else that is
 * thrown is a fault of this program and keeps its stack.
 */
export class ExpectedError extends Error {
  /** @param lines one problem each; all that were found, not the first */
  constructor(readonly lines: readonly string[]) {
    super(lines.join("\n"));
    this.name = "ExpectedError";
  }
}
