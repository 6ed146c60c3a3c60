import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

interface Waiting<Answer> {
  readonly answer: (line: Answer) => void;
  readonly fail: (error: Error) => void;
}

/** A Python script of this folder that answers each line of JSON with another one, in turn. */
export class PythonLines<Answer> {
  readonly #process;
  readonly #waiting: Waiting<Answer>[] = [];
  #hasEnded = false;

  constructor(private readonly script: string) {
    this.#process = spawn("python3", [join(__dirname, script)], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    createInterface({ input: this.#process.stdout }).on("line", (line) =>
      this.#waiting.shift()?.answer(JSON.parse(line) as Answer),
    );
    this.#process.on("close", () => {
      this.#hasEnded = true;
      for (const { fail } of this.#waiting.splice(0)) fail(this.#ended());
    });
  }

  /** @throws Error where the script ends without an answer */
  ask(question: object): Promise<Answer> {
    return new Promise((answer, fail) => {
      if (this.#hasEnded) return fail(this.#ended());
      this.#waiting.push({ answer, fail });
      this.#process.stdin.write(`${JSON.stringify(question)}\n`);
    });
  }

  async stop(): Promise<void> {
    if (this.#hasEnded) return;
    const ended = once(this.#process, "close");
    this.#process.stdin.end();
    await ended;
  }

  #ended(): Error {
    return new Error(`${this.script} ended without an answer`);
  }
}
