import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ExpectedError } from "../../../operations/expected-error";
import { synthesize } from "../../../operations/terraform/synthesis";
import { temporaryFolder } from "../../support/temporary-folder";

const folder = temporaryFolder();

async function problemOf(): Promise<unknown> {
  const options = { project: folder(), output: join(folder(), "out"), env: process.env };
  return synthesize(options).catch((error: unknown) => error);
}

test.each([
  ["{ not JSON", "cdktf.json can't be read: Expected property name"],
  ['{"app":"true"}', "out/manifest.json can't be read: ENOENT"],
  ['{"app":"false"}', "Synthesis failed: false"],
])("an app that gives no stacks (%s) is a sentence", async (text, sentence) => {
  writeFileSync(join(folder(), "cdktf.json"), text);
  const problem = await problemOf();
  expect(problem).toBeInstanceOf(ExpectedError);
  expect((problem as Error).message).toContain(sentence);
});

test("so is a folder in the place of cdktf.json", async () => {
  mkdirSync(join(folder(), "cdktf.json"));
  expect(await problemOf()).toBeInstanceOf(ExpectedError);
});
