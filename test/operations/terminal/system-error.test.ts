import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { run } from "../../../operations/terminal/run-command";
import { synthesize } from "../../../operations/terraform/synthesis";
import { systemErrorLines } from "../../../operations/terminal/system-error";
import { temporaryFolder } from "../../support/temporary-folder";

const folder = temporaryFolder();
afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = 0;
});

test.each([
  ["ENOSPC: no space left on device, write", "The disk is full"],
  ["EROFS: read-only file system, mkdir '/ro/x'", "/ro/x: The disk can't be written to"],
  ["EACCES: permission denied, open '/root/x y'", "/root/x y: This user may not do that"],
  ["EMFILE: too many open files, open '/x'", "Too many files are open"],
])("%s", (message, meaning) => {
  const [first, second] = systemErrorLines(message)!;
  expect(first).toBe(message);
  expect(second).toContain(meaning);
});

test.each(["Cannot read properties of undefined", "EXAMPLE: a text, read 'x'", ""])(
  "%j is not an error of the system",
  (message) => {
    expect(systemErrorLines(message)).toBeUndefined();
  },
);

test("a verb that meets one says a sentence, without a stack trace, and fails", async () => {
  const said = jest.spyOn(process.stderr, "write").mockReturnValue(true);
  process.argv = ["node", "central-trail", "fails"];
  const cli = new Command().exitOverride();
  cli.command("fails").action(() => mkdirSync("/dev/null/central-trail"));
  await run(cli);
  const text = said.mock.calls.join("");
  expect(process.exitCode).toBe(1);
  expect(text).toContain("error: ENOTDIR: not a directory, mkdir '/dev/null/central-trail'");
  expect(text).not.toMatch(/^\s+at /m);
});

test("an app that meets one while it writes says so too", async () => {
  const app = `node -e "require('node:fs').writeFileSync('/dev/full', 'x')"`;
  writeFileSync(join(folder(), "cdktf.json"), JSON.stringify({ app }));
  const synthesis = synthesize({ project: folder(), output: folder(), env: process.env });
  await expect(synthesis).rejects.toThrow(
    /^ENOSPC: no space left on device, write\nThe disk is full/,
  );
  await expect(synthesis).rejects.not.toThrow(/ at /);
});
