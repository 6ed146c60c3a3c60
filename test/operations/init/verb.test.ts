import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadEnvironment } from "../../../envs/load";
import type { CliResult } from "../../support/cli";
import { REPOSITORY } from "../../support/repository";
import { temporaryFolder, writeTree } from "../../support/temporary-folder";

const folder = temporaryFolder();
jest.setTimeout(60_000);

function init(...args: string[]): CliResult {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(REPOSITORY, "bin", "central-trail.js"), "init", ...args],
    { cwd: folder(), env: { ...process.env, CENTRAL_TRAIL_ENV: undefined }, encoding: "utf8" },
  );
  return { status, stdout, stderr };
}

beforeEach(() =>
  writeTree(folder(), "package.json", '{ "dependencies": { "central-trail": "0.1.0" } }'),
);

test("without options there is an environment of example accounts, and the next steps", () => {
  const { status, stdout, stderr } = init();
  expect(status).toBe(0);
  expect(stdout).toMatch(/^written {3}cdktf\.json\n[^]*^added to {2}package\.json\n$/m);
  expect(stderr).toMatch(/^\nNext:\n1\. Put your accounts into envs\/production\.yaml, [^]*\n5\. /);
  const { environment } = loadEnvironment(join(folder(), "envs"), "production");
  expect(environment).toMatchObject({
    destination: { account: "111122223333", bucket: "central-trail-production-111122223333" },
    members: [{ account: "444455556666" }],
    state: { backend: "s3", bucket: "terraform-state-111122223333" },
  });
  expect(environment?.destination.externalId).toMatch(/^central-trail-[0-9a-f]{8}$/);
});

test("options are what the file says; --json is for programs", () => {
  const { status, stdout, stderr } = init(
    "--env",
    "staging",
    "--destination-account",
    "012345678901",
    "--region",
    "eu-west-1",
    "--members",
    "123456789012,210987654321",
    "--bucket",
    "my-logs",
    "--role",
    "a/deployer",
    "--state-bucket",
    "my-state",
    "--external-id",
    "mine",
    "--json",
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(JSON.parse(stdout)).toEqual({
    environment: "staging",
    written: expect.arrayContaining(["envs/staging.yaml", ".gitignore"]) as string[],
    changed: ["package.json"],
    left: [],
  });
  expect(readFileSync(join(folder(), "envs", "staging.yaml"), "utf8")).not.toContain(
    "put in yours",
  );
  expect(loadEnvironment(join(folder(), "envs"), "staging").environment).toMatchObject({
    destination: {
      account: "012345678901",
      region: "eu-west-1",
      bucket: "my-logs",
      externalId: "mine",
      roleArn: "arn:aws:iam::012345678901:role/a/deployer",
    },
    members: [{ account: "123456789012" }, { account: "210987654321" }],
    state: { bucket: "my-state" },
  });
});

test("every wrong option and everything in the way is said at once, and nothing is written", () => {
  writeTree(folder(), "main.js", "mine");
  const { status, stdout, stderr } = init(
    "--env",
    "Prod",
    "--destination-account",
    "1234",
    "--members",
    "111122223333,111122223333",
    "--region",
    "eu-wst-1",
    "--bucket",
    "My_Logs",
    "--state-bucket",
    "x",
    "--role",
    "/r",
    "--external-id",
    "?",
  );
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  const options = stderr.match(/--[a-z-]+(?=: \d+ problems?$)/gm);
  expect(options?.sort()).toEqual(
    [
      "--bucket",
      "--destination-account",
      "--env",
      "--external-id",
      "--members",
      "--region",
      "--role",
      "--state-bucket",
    ].sort(),
  );
  expect(stderr).toContain("did you mean eu-west-1?");
  expect(stderr).toMatch(
    /^--members {2}found 111122223333 again: it is the account of members\[0\]/m,
  );
  expect(stderr).not.toContain(" in line ");
  expect(stderr).toContain("init would write: main.js. Nothing is overwritten");
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(readdirSync(folder()).sort()).toEqual(["main.js", "package.json"]);
});

test("a name made up from a wrong account says nothing more than the account does", () => {
  const { stderr } = init("--destination-account", "Ä");
  expect(stderr.match(/^--[a-z-]+(?=: \d+ problems?$)|(?<=^error: )--[a-z-]+/gm)).toEqual([
    "--destination-account",
  ]);
});

test("an option without a value is wrong usage", () => {
  expect(init("--members")).toMatchObject({ status: 2, stdout: "" });
});
