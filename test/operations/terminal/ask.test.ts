import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { REPOSITORY } from "../../support/repository";

jest.setTimeout(60_000);

/** Asks twice; the second question is taken back by SIGUSR2. */
const ASKER = `
const { ask } = require("./operations/terminal/ask.ts");
const controller = new AbortController();
process.on("SIGUSR2", () => controller.abort());
(async () => {
  const first = await ask("First?", controller.signal);
  const second = await ask("Second?", controller.signal);
  console.log(JSON.stringify([first, second]));
})();`;

/** Waits for both questions, and does something about each. */
async function asked(...deeds: readonly ((asker: ChildProcess) => void)[]): Promise<string> {
  const asker = spawn(process.execPath, ["--import", "tsx", "-e", ASKER], { cwd: REPOSITORY });
  const ended = once(asker, "close");
  let printed = "";
  let questions = 0;
  asker.stdout.on("data", (piece) => {
    printed += String(piece);
    for (; questions < printed.split("?").length - 1; questions++) deeds[questions]?.(asker);
  });
  expect(await text(asker.stderr)).toBe("");
  expect(await ended).toEqual([0, null]);
  return printed;
}

const say =
  (line: string) =>
  ({ stdin }: ChildProcess): unknown =>
    stdin!.write(`${line}\n`);

test.each([
  ["each answer", [say(" yes "), say("no")], ["yes", "no"]],
  ["nothing where the input ends", [say("yes"), ({ stdin }) => stdin!.end()], ["yes", ""]],
  ["nothing where it is interrupted", [say("yes"), (one) => one.kill("SIGUSR2")], ["yes", ""]],
] as [string, ((asker: ChildProcess) => void)[], string[]][])("%s", async (_, deeds, answers) => {
  expect(await asked(...deeds)).toContain(JSON.stringify(answers));
});
