import { styleText } from "node:util";
import { relaysOutput } from "./standard-streams";

type Style = "red" | "green" | "yellow" | "bold";

/** Text in a style where the stream is a terminal and NO_COLOR is not set, else as it is. */
export function painted(style: Style, text: string, stream: NodeJS.WriteStream): string {
  return stream.isTTY && !process.env.NO_COLOR ? styleText(style, text) : text;
}

/** Result of a command: to standard output. */
export function print(...lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${line}\n`);
}

/** What others print while they work for a verb, whose result is not there: to standard output. */
export function relay(...lines: readonly string[]): void {
  relaysOutput();
  print(...lines);
}

/** What is said about the work, not its result: to standard error. */
export function say(...lines: readonly string[]): void {
  for (const line of lines) process.stderr.write(`${line}\n`);
}
