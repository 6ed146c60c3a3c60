import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { NewFile } from "./write-files";

/**
 * The pipeline of an app: this repository's own, file for file. The npm package has a copy beside
 * its compiled code, made when it is built.
 */
export const PIPELINE_FILES: readonly string[] = [
  ".github/workflows/plan.yml",
  ".github/workflows/deploy.yml",
  ".github/workflows/nightly.yml",
  ".github/scripts/reviewer.sh",
  ".github/scripts/plan.sh",
  ".github/scripts/nightly.sh",
  ".github/scripts/comment.mjs",
];

/** The pipeline's files, to be written into an app's folder. */
export function pipelineFiles(): NewFile[] {
  return PIPELINE_FILES.map((path) => ({
    path,
    text: readFileSync(join(__dirname, "..", "..", path), "utf8"),
    executable: path.endsWith(".sh"),
  }));
}
