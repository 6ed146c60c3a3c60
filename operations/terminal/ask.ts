import { createInterface } from "node:readline/promises";

/**
 * Asks a person on the terminal.
 *
 * @param signal takes the question back
 * @returns the answer; nothing where the input ends, or the question was taken back
 */
export async function ask(question: string, signal?: AbortSignal): Promise<string> {
  // No line editing: the terminal's own Ctrl-C stays a signal.
  const lines = createInterface({
    input: process.stdin,
    output: process.stdout,
    terminal: false,
  });
  const over = new AbortController();
  lines.once("close", () => over.abort());
  const either = signal === undefined ? over.signal : AbortSignal.any([over.signal, signal]);
  try {
    return (await lines.question(`${question} `, { signal: either })).trim();
  } catch (error) {
    if (either.aborted) return "";
    throw error;
  } finally {
    lines.close();
  }
}
