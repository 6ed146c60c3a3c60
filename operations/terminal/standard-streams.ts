import { print, say } from "./terminal";

/** Whether standard output has a verb's result, or only tells of its work. */
let isResult = true;

const gone = new Set<NodeJS.WriteStream>();

/**
 * Lets a verb go on where standard output or standard error takes nothing more: what is written is
 * dropped then. Call it once, before anything is written.
 *
 * A reader that goes away, as `| head` does, has what they want, and changes no exit code. Any
 * other fault, such as a full disk, is reported, and where standard output has the result, that is
 * not whole: the exit code says so.
 */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (gone.has(stream)) return;
      gone.add(stream);
      if (stream === process.stdout && error.code !== "EPIPE") reportLoss(error);
    });
  }
}

/** What others print while they work for a verb: to standard output. Losing it loses no result. */
export function relay(...lines: readonly string[]): void {
  isResult = false;
  print(...lines);
}

function reportLoss({ message }: Error): void {
  const rest = isResult ? "what was printed is not whole" : "the work goes on";
  say(`error: standard output takes nothing more (${message}): ${rest}.`);
  if (!isResult) return;
  // 3, "blocked" or "tampered with", and more say worse; 2 says that all the rest is known.
  process.on("exit", (code) => {
    if (code === 0 || code === 2) process.exitCode = 1;
  });
}
