/**
 * Something a person can fix: shown as its lines, without a stack trace. Anything else that is
 * thrown is a fault of this program and keeps its stack.
 */
export class ExpectedError extends Error {
  /**
   * @param lines one problem each; all that were found, not the first
   * @param exitCode the command's
   */
  constructor(
    readonly lines: readonly string[],
    readonly exitCode = 1,
  ) {
    super(lines.join("\n"));
    this.name = "ExpectedError";
  }
}
