import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Page } from "../support/pages";
import { REPOSITORY } from "../support/repository";

/** Variables of other programs, and where they are documented. */
const OTHERS = {
  AWS_ENDPOINT_URL: "https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html",
};

/** The text of all files of this repository that are no documentation and no tests of it. */
const code = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "-z"], {
  cwd: REPOSITORY,
  encoding: "utf8",
})
  .split("\0")
  .filter((file) => /\.(ts|js|mjs|sh|yml)$/.test(file) && !/^test\/docs\//.test(file))
  .map((file) => readFileSync(join(REPOSITORY, file), "utf8"))
  .join("\n");

const mentioned = new Map(
  Page.all().flatMap(({ path, text }) =>
    [...text.matchAll(/\b(?:CENTRAL_TRAIL|CDKTF|AWS|TF|TERRAFORM|NODE|NPM)_[A-Z_]+\b/g)].map(
      ([name]) => [name, path] as const,
    ),
  ),
);

test("every environment variable that a page names is read by the code, or by whom it belongs to", () => {
  expect(mentioned.size).toBeGreaterThan(8);
  const unknown = [...mentioned].filter(
    ([name]) => !(name in OTHERS) && !new RegExp(`\\b${name}\\b`).test(code),
  );
  expect(unknown).toEqual([]);
});

test("README.md has every variable that the app and the command read", () => {
  const rooms = execFileSync(
    "git",
    ["grep", "-hoE", "CENTRAL_TRAIL_[A-Z_]+", "--", "main.ts", "operations"],
    {
      cwd: REPOSITORY,
      encoding: "utf8",
    },
  );
  const read = [...new Set(rooms.trim().split("\n"))].sort();
  // How our own command tells the app which stacks are only reviewed: nobody else sets it.
  const own = ["CENTRAL_TRAIL_REVIEW"];
  const table = new Page("README.md").codeSpans;
  expect(read.filter((name) => !table.includes(name))).toEqual(own);
});
