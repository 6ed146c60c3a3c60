import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  EnvironmentError,
  listEnvironments,
  loadEnvironment,
  requireEnvironment,
} from "../../envs/load";
import { formatProblems } from "../../envs/schema/problems";
import { BASE } from "./base-file";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "envs-"));
  writeFileSync(join(folder, "staging.yaml"), BASE);
  writeFileSync(join(folder, "production.yaml"), BASE);
  writeFileSync(join(folder, "readme.md"), "");
});
afterEach(() => rmSync(folder, { recursive: true }));

const messageOf = (name: string) => formatProblems(loadEnvironment(folder, name).problems ?? []);

test("an environment has its file's name", () => {
  expect(loadEnvironment(folder, "staging").environment?.name).toBe("staging");
});

test("the environments are the YAML files of the folder, sorted", () => {
  expect(listEnvironments(folder)).toEqual(["production", "staging"]);
  expect(listEnvironments(join(folder, "none"))).toEqual([]);
});

test("an unknown name lists those that exist and suggests the nearest", () => {
  expect(messageOf("stagging")).toBe(`${join(folder, "stagging.yaml")}: 1 problem

${join(folder, "stagging.yaml")}  found no such file
    allowed: one of the environments in ${folder}: production, staging
    to fix: did you mean staging?`);
  expect(messageOf("xyz")).toContain("to fix: choose one of them, or copy one to this name");
});

test("no name at all lists those that exist", () => {
  expect(() => requireEnvironment(folder, undefined)).toThrow(`${folder}: 1 problem

${folder}  found no choice of an environment
    allowed: one of production, staging
    to fix: name one, for example with the variable CENTRAL_TRAIL_ENV`);
});

test("a file with the other extension is found out", () => {
  writeFileSync(join(folder, "test.yml"), BASE);
  expect(messageOf("test")).toContain("to fix: rename test.yml to test.yaml");
});

test.each(["../staging", "Staging", "", "a/b", "1st"])(
  "%j is not an environment's name",
  (name) => {
    expect(messageOf(name)).toContain(
      `found the environment name ${JSON.stringify(name)}
    allowed: 1 to 100 lower-case letters, digits and hyphens, a letter first; here: production, staging`,
    );
  },
);

test("a folder in the file's place is a problem too", () => {
  mkdirSync(join(folder, "odd.yaml"));
  expect(messageOf("odd")).toContain("found a folder");
});

test("the error carries all problems, as a message to print and as data", () => {
  writeFileSync(
    join(folder, "bad.yaml"),
    BASE.replace('"111111111111"', "012345678901").replace("base-logs", "Logs"),
  );
  const file = join(folder, "bad.yaml");
  const message = `${file}: 2 problems

${file}:2:12  destination.account: found 012345678901, which YAML reads as a number
    allowed: an account ID, in quotes
    to fix: write "012345678901"

${file}:4:11  destination.bucket: found Logs
    allowed: a bucket name may hold only lower-case letters, digits, periods and hyphens
    to fix: write logs`;
  let error: unknown;
  try {
    requireEnvironment(folder, "bad");
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(EnvironmentError);
  expect(error).toMatchObject({ message, name: "EnvironmentError" });
  expect((error as EnvironmentError).problems[1]).toEqual({
    file,
    line: 4,
    column: 11,
    path: "destination.bucket",
    found: "Logs",
    allowed: "a bucket name may hold only lower-case letters, digits, periods and hyphens",
    fix: "write logs",
  });
});

test("a file below the working folder is named from there", () => {
  expect(loadEnvironment(join(process.cwd(), "envs"), "nowhere").problems?.[0]?.file).toBe(
    join("envs", "nowhere.yaml"),
  );
});
