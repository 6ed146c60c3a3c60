import { randomUUID } from "node:crypto";
import { styleText } from "node:util";
import { visibleLine } from "../../text/visible-text";

type Style = "red" | "green" | "yellow" | "bold";

/** Stands for the escape of our own styles, until a line is written: nobody's text can hold it. */
const OWN_ESCAPE = `\u001b${randomUUID()}`;

/** Text in a style where the stream is a terminal and NO_COLOR is not set, else as it is. */
export function painted(style: Style, text: string, stream: NodeJS.WriteStream): string {
  return stream.isTTY && !process.env.NO_COLOR
    ? styleText(style, text, { validateStream: false }).replaceAll("\u001b", OWN_ESCAPE)
    : text;
}

/** Result of a command: to standard output, each argument as one line. */
export function print(...lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${written(line)}\n`);
}

/** A result for programs, as JSON for people too: to standard output. */
export function printJson(value: unknown): void {
  print(...JSON.stringify(value, null, 2).split("\n"));
}

/** What is said about the work, not its result: to standard error, each argument as one line. */
export function say(...lines: readonly string[]): void {
  for (const line of lines) process.stderr.write(`${written(line)}\n`);
}

/**
 * A line as it is written: whatever text of others it holds, only our own styles are more than
 * text.
 */
export function written(line: string): string {
  return line.split(OWN_ESCAPE).map(visibleLine).join("\u001b");
}
