import { written } from "./terminal";

/** Shows that work goes on. */
export interface Progress {
  /**
   * What is being done now. On a terminal one line that is written over, with the seconds so far.
   */
  status(text: string): void;
  /** Something that stays: a line of its own, with the seconds since the start. */
  milestone(text: string): void;
  /** Takes the status line away. */
  stop(): void;
}

const CLEAR_LINE = "\r\u001b[2K";

/**
 * Progress on a stream. Where that is not a terminal only the milestones are written, each once.
 *
 * @param now milliseconds
 */
export function startProgress(
  stream: Pick<NodeJS.WriteStream, "write" | "isTTY" | "columns"> = process.stderr,
  now: () => number = Date.now,
): Progress {
  const start = now();
  const seconds = (): string => `${Math.round((now() - start) / 1000)} s`;
  let current = "";
  const draw = (): void => {
    if (!current) return;
    // A line that wraps could not be written over.
    const text = `${written(current)} … ${seconds()}`.slice(0, (stream.columns || 80) - 1);
    stream.write(`${CLEAR_LINE}${text}`);
  };
  const timer = stream.isTTY ? setInterval(draw, 1000).unref() : undefined;
  return {
    status(text) {
      if (!stream.isTTY) return;
      current = text;
      draw();
    },
    milestone(text) {
      stream.write(`${stream.isTTY ? CLEAR_LINE : ""}${written(text)} (${seconds()})\n`);
      if (stream.isTTY) draw();
    },
    stop() {
      clearInterval(timer);
      if (stream.isTTY && current) stream.write(CLEAR_LINE);
      current = "";
    },
  };
}
