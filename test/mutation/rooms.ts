import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { REPOSITORY } from "../support/repository";
import { sourceFiles } from "../support/source-files";

/** The rooms whose sources are mutated. */
export const ROOMS = ["cloudtrail", "envs", "review", "stacks"] as const;

/** Folders of test/ whose files are run: those of the rooms first, since they kill the most. */
const TESTS = [...ROOMS, "policies", "modules"];

/**
 * Tests that start programs (Terraform, moto, the AWS CLI, our own command), or replace modules or
 * the clock.
 */
const IMPURE =
  /child_process|processes\/|jest\.mock\(|useFakeTimers|support\/(aws-cli|boto3|cli|deployment|lab|loopback-s3|open-log-bucket|package|shell|validate-logs)"/;

/** The room of a file. */
export function roomOf(file: string): string {
  return file.split("/")[0]!;
}

/** The sources of the rooms, from the root of the repository. */
export function mutatedFiles(): readonly string[] {
  return sourceFiles()
    .filter((file) => (ROOMS as readonly string[]).includes(roomOf(file)))
    .sort();
}

/** The test files that may tell. */
export function testFiles(): readonly string[] {
  return TESTS.flatMap((folder) => filesBelow(`test/${folder}`)).filter(
    (file) =>
      file.endsWith(".test.ts") && !IMPURE.test(readFileSync(path.join(REPOSITORY, file), "utf8")),
  );
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(path.join(REPOSITORY, folder), { recursive: true, encoding: "utf8" })
    .map((file) => `${folder}/${file.split(path.sep).join("/")}`)
    .sort();
}
