import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lockWitness } from "../../../operations/recover/lock-witness";
import { temporaryFolder } from "../../support/temporary-folder";

const folder = temporaryFolder();
const STATE = "s3://states/prod/destination.tfstate";

const initialized = (type: string, key: string): string =>
  JSON.stringify({ backend: { type, config: { bucket: "states", key } } });

const env = { PATH: process.env.PATH };

/** Whether a program called terraform that applies in such a folder may hold the state. */
async function mayHold(
  written: string | undefined,
  { isTakenAway = false, variables = {} } = {},
): Promise<boolean> {
  const cwd = join(folder(), "stack");
  mkdirSync(join(cwd, ".terraform"), { recursive: true });
  if (written !== undefined) writeFileSync(join(cwd, ".terraform", "terraform.tfstate"), written);
  const binary = join(folder(), "terraform");
  writeFileSync(binary, "#!/bin/sh\nread line\n");
  chmodSync(binary, 0o700);
  const child = spawn(binary, ["apply"], {
    cwd,
    env: { ...env, ...variables },
    stdio: ["pipe", "ignore", "ignore"],
  });
  await once(child, "spawn");
  try {
    if (isTakenAway) rmSync(cwd, { recursive: true });
    return lockWitness(STATE).others.includes(child.pid!);
  } finally {
    child.kill("SIGKILL");
    await once(child, "close");
  }
}

test.each([
  ["of this state", initialized("s3", "prod/destination.tfstate"), true],
  ["of another state", initialized("s3", "prod/upkeep.tfstate"), false],
  ["of a local state", initialized("local", ""), false],
  ["that was initialized with no backend", undefined, false],
  ["whose backend can't be read", "{", true],
])("a Terraform %s", async (_, written, holds) => {
  expect(await mayHold(written)).toBe(holds);
});

test("a Terraform whose folder was taken away may hold any state", async () => {
  expect(await mayHold(initialized("local", ""), { isTakenAway: true })).toBe(true);
});

test("a bucket of that name in a local AWS is another one", async () => {
  const ours = initialized("s3", "prod/destination.tfstate");
  const variables = { AWS_ENDPOINT_URL: "http://127.0.0.1:5000" };
  expect(await mayHold(ours, { variables })).toBe(false);
});
