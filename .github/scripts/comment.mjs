// Comments the reviews on the pull request: one comment for each environment, found by its marker
// and kept up to date. `node comment.mjs <folder>`, where the folder holds
// review-<environment>/review.md.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { argv, env, stdout } from "node:process";

// Anybody can write the marker into a comment; only ours may be updated.
const AUTHOR = "github-actions[bot]";

const [folder] = argv.slice(2);
const comments = `repos/${env.GITHUB_REPOSITORY}/issues/${env.PULL_REQUEST}/comments`;
const run = `${env.GITHUB_SERVER_URL}/${env.GITHUB_REPOSITORY}/actions/runs/${env.GITHUB_RUN_ID}`;

// Asked of GitHub and not of the job that planned: there, code of the pull request may have run.
const changed = JSON.parse(
  gh([
    "--paginate",
    "--slurp",
    `repos/${env.GITHUB_REPOSITORY}/pulls/${env.PULL_REQUEST}/files?per_page=100`,
  ]),
).flat();
const existing = JSON.parse(gh(["--paginate", "--slurp", `${comments}?per_page=100`])).flat();
for (const environment of JSON.parse(env.ENVIRONMENTS)) {
  const marker = `<!-- central-trail plan ${environment} -->`;
  const ours = existing.find(
    ({ user, body }) => user?.login === AUTHOR && body.startsWith(`${marker}\n`),
  );
  const body = `${marker}\n${reviewer()}\n\n${review(environment)}\n\n---\n\nOf ${env.HEAD_SHA}, by [this run](${run}).\n`;
  if (ours === undefined) write("POST", comments, body);
  else write("PATCH", `repos/${env.GITHUB_REPOSITORY}/issues/comments/${ours.id}`, body);
  stdout.write(`${environment}: comment ${ours === undefined ? "added" : "updated"}\n`);
}

/** Whose code made the review. GitHub lists 3,000 files at most. */
function reviewer() {
  const code = changed
    .flatMap(({ filename, previous_filename: before = filename }) => [filename, before])
    .filter((path) => !/^envs\/[^/]+\.yaml$/.test(path));
  if (code.length === 0 && changed.length < 3000)
    return "_Only environment files change: the base branch's code made this review._";
  // A name is somebody's text.
  const name = (code[0] ?? "over 3,000 files").replaceAll(/[^\w./-]/g, "?").slice(0, 100);
  return `> [!WARNING]\n> This pull request changes code, such as \`${name}\`, and its own code made this review. Review the code first: it can make this page say anything.`;
}

/** Without a review there is a comment all the same: that of an older commit would mislead. */
function review(environment) {
  const file = join(folder, `review-${environment}`, "review.md");
  return existsSync(file)
    ? readFileSync(file, "utf8").trimEnd()
    : `## Central Trail: no plan of \`${environment}\`\n\n**The run ended before there was a plan.** Its log says why.`;
}

function write(method, path, body) {
  gh(["--method", method, path, "--input", "-"], JSON.stringify({ body }));
}

function gh(args, input = "") {
  return execFileSync("gh", ["api", ...args], {
    input,
    encoding: "utf8",
    maxBuffer: 256 * 1024 * 1024,
    stdio: ["pipe", "pipe", "inherit"],
  });
}
