import { stripVTControlCharacters } from "node:util";

/** One line that cdktf-cli printed. */
export interface CdktfLine {
  /** The stack that it is about; none for cdktf-cli's own lines. */
  readonly stack?: string;
  /** Without colours and without the stack's name before it. */
  readonly text: string;
}

/** What a stack's lines say about how it went. */
export interface StackReport {
  /** Terraform said that it is through. */
  readonly complete: boolean;
  /** Terraform's lines from its first "Error:" on; empty where there was none. */
  readonly error: string;
}

/** More than a few hundred lines of errors help nobody. */
const ERROR_LINES = 400;

/**
 * Reads the output of `cdktf deploy` and `cdktf destroy`. It has two columns: a stack's name stands
 * before the first line of each piece of its output, the other lines are indented by as much.
 */
export class CdktfOutput {
  private pending = "";
  private stack: string | undefined;
  private readonly completed = new Set<string>();
  private readonly errors = new Map<string, string[]>();

  constructor(
    private readonly stacks: readonly string[],
    private readonly onLine: (line: CdktfLine) => void,
  ) {}

  /** Takes a piece of output, cut anywhere. */
  write(piece: string): void {
    const lines = (this.pending + piece).split("\n");
    this.pending = lines.pop() ?? "";
    for (const line of lines) this.line(line);
  }

  /** The output has ended. */
  end(): void {
    if (this.pending) this.line(this.pending);
    this.pending = "";
  }

  report(stack: string): StackReport {
    const error = (this.errors.get(stack) ?? []).join("\n").trim();
    return { complete: this.completed.has(stack), error };
  }

  private line(raw: string): void {
    const line = stripVTControlCharacters(raw).trimEnd();
    const named = this.stacks.find((name) => line === name || line.startsWith(`${name}  `));
    if (named !== undefined) this.stack = named;
    else if (line !== "" && !line.startsWith(" ")) this.stack = undefined;
    if (this.stack === undefined) {
      this.onLine({ text: line });
      return;
    }
    const text =
      named !== undefined
        ? line.slice(named.length + 2)
        : line.slice(Math.min(this.stack.length + 2, line.length - line.trimStart().length));
    this.note(this.stack, text);
    this.onLine({ stack: this.stack, text });
  }

  private note(stack: string, text: string): void {
    if (/^(Apply|Destroy) complete!/.test(text)) this.completed.add(stack);
    const error = this.errors.get(stack);
    if (error ? error.length < ERROR_LINES : /^[│\s]*Error: /.test(text)) {
      this.errors.set(stack, [...(error ?? []), text.replace(/^[│╷╵] ?/, "")]);
    }
  }
}
