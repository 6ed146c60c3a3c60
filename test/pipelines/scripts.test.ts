import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { ENVIRONMENT_NAME } from "../../envs/load";
import { temporaryFolder, writeTree } from "../support/temporary-folder";

const SCRIPTS = join(__dirname, "..", "..", ".github", "scripts");
const folder = temporaryFolder();

/** A program by this name, first on the scripts' PATH. */
function program(name: string, source: string): void {
  writeTree(folder(), `bin/${name}`, `#!${process.execPath}\n${source}`);
  chmodSync(join(folder(), "bin", name), 0o755);
}

const read = (path: string): string => readFileSync(join(folder(), path), "utf8");

function script(
  command: readonly [string, ...string[]],
  env: NodeJS.ProcessEnv = {},
): { status: number | null; stdout: string; stderr: string } {
  const [file, ...args] = command;
  const { status, stdout, stderr } = spawnSync(file, args, {
    cwd: folder(),
    env: {
      PATH: [join(folder(), "bin"), process.env.PATH].join(delimiter),
      GITHUB_STEP_SUMMARY: join(folder(), "summary"),
      GITHUB_SERVER_URL: "https://github.example",
      GITHUB_REPOSITORY: "org/logs",
      GITHUB_RUN_ID: "77",
      ...env,
    },
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

describe("plan.sh", () => {
  /** A plan that ends with this code. */
  function plan(code: number, isReviewed = code !== 1): ReturnType<typeof script> {
    program(
      "npm",
      `const fs = require("node:fs");
       fs.writeFileSync("arguments", JSON.stringify(process.argv.slice(2)));
       fs.mkdirSync("plans/stack", { recursive: true });
       fs.writeFileSync("plans/stack/plan.json", "state");
       if (${isReviewed}) {
         fs.writeFileSync("plans/review.md", "the review\\n");
         fs.writeFileSync("plans/review.json", "{}\\n");
       }
       process.exitCode = ${code};`,
    );
    return script([join(SCRIPTS, "plan.sh"), "--changed-since", "origin/main"], {
      ENVIRONMENT: "production",
    });
  }

  test.each([
    { code: 0, status: 0, error: "" },
    { code: 2, status: 0, error: "" },
    { code: 3, status: 3, error: "::error title=Blocked::" },
  ])("plan's $code becomes $status, with the review", ({ code, status, error }) => {
    const result = plan(code);
    expect({ ...result, stdout: undefined }).toEqual({ status, stderr: "" });
    expect(result.stdout.slice(0, error.length || undefined)).toBe(error);
    expect(read("summary")).toBe("the review\n");
    expect(read("review/review.md")).toBe("the review\n");
  });

  test.each([1, 64])("plan's %d fails, and the page says that there is no review", (code) => {
    for (const path of ["review/review.json", "plans/review.md", "plans/review.json"])
      writeTree(folder(), path, "of an earlier run");
    const { status, stdout } = plan(code, false);
    expect(status).toBe(code);
    expect(stdout).toMatch(/^::error title=No whole plan::production .* exit code \d+\.$/m);
    expect(readdirSync(join(folder(), "review"))).toEqual(["review.md"]);
    expect(read("review/review.md")).toContain(`Planning failed with exit code ${code}`);
    expect(read("summary")).toBe(read("review/review.md"));
  });

  test("where some stacks could not be planned, the review of the others is the page, and it fails", () => {
    const { status, stdout } = plan(1, true);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^::error title=No whole plan::production .* exit code 1\.$/m);
    expect(read("review/review.md")).toBe("the review\n");
    expect(read("summary")).toBe("the review\n");
  });

  test("leaves what else is in a folder review", () => {
    writeTree(folder(), "review/notes.md", "mine");
    plan(2);
    expect(read("review/notes.md")).toBe("mine");
  });

  test("asks for the environment, the folder and what else is wanted; keeps the plans out of the review", () => {
    plan(2);
    expect(JSON.parse(read("arguments"))).toEqual(
      "run --silent central-trail -- plan --env production --out plans --lock-timeout 10m --changed-since origin/main".split(
        " ",
      ),
    );
    expect(readdirSync(join(folder(), "review")).sort()).toEqual(["review.json", "review.md"]);
  });

  test("a plan without its review is an error, whatever its code", () => {
    program("npm", "process.exitCode = 2;");
    const { status } = script([join(SCRIPTS, "plan.sh")], { ENVIRONMENT: "production" });
    expect(status).toBe(1);
  });
});

describe("an environment by a name that is none", () => {
  test.each([
    "",
    "$(touch pwned)",
    "`touch pwned`",
    "production; touch pwned",
    "production\n::error title=Nothing::is blocked",
    "::stop-commands::x",
    "--> <img src=x> [click](https://evil.example)",
    "../production",
    "-x",
    "Production",
  ])("%j runs nothing and is printed nowhere", (ENVIRONMENT) => {
    program("npm", `require("node:fs").writeFileSync("ran", "");`);
    for (const command of [
      [join(SCRIPTS, "plan.sh")],
      [join(SCRIPTS, "nightly.sh"), "verify"],
      [join(SCRIPTS, "nightly.sh"), "drift"],
    ] as const) {
      expect(script([...command] as [string, ...string[]], { ENVIRONMENT })).toEqual({
        status: 64,
        stdout: "",
        stderr:
          "ENVIRONMENT has to be 1 to 100 lower-case letters, digits and hyphens, a letter first.\n",
      });
    }
    expect(readdirSync(folder())).toEqual(["bin"]);
  });

  test("is the rule of environment files", () => {
    const rule = ENVIRONMENT_NAME.pattern.source;
    for (const file of ["plan.sh", "nightly.sh"])
      expect(readFileSync(join(SCRIPTS, file), "utf8")).toContain(`=~ ${rule} `);
  });
});

describe("branches and reviews with commands in them", () => {
  const hostile = "$(touch pwned)`touch pwned`\n::error::x <b> --> ```";

  test("are texts to plan.sh", () => {
    program(
      "npm",
      `const fs = require("node:fs");
       fs.writeFileSync("arguments", JSON.stringify(process.argv.slice(2)));
       fs.writeFileSync("plans/review.md", ${JSON.stringify(hostile)});
       fs.writeFileSync("plans/review.json", "{}");`,
    );
    mkdirSync(join(folder(), "plans"));
    const branch = `origin/${hostile}`;
    const { stdout } = script([join(SCRIPTS, "plan.sh"), "--changed-since", branch], {
      ENVIRONMENT: "production",
    });
    expect(stdout).toBe("");
    expect((JSON.parse(read("arguments")) as string[]).at(-1)).toBe(branch);
    expect(read("summary")).toBe(hostile);
    expect(readdirSync(folder())).not.toContain("pwned");
  });
});

describe("nightly.sh", () => {
  test.each([
    ["verify", 0, "proven"],
    ["verify", 1, "not checked"],
    ["verify", 2, "amiss"],
    ["verify", 3, "tampered"],
    ["verify", 64, "verify failed with exit code 64"],
    ["drift", 0, "no drift"],
    ["drift", 2, "drift: something"],
    ["drift", 1, "drift failed with exit code 1"],
  ])("%s's %d keeps its code and is said in words", (verb, code, words) => {
    program(
      "npm",
      `console.log(process.argv.slice(2).join(" ") + "\\n\`\`\`\\n<b>"); process.exitCode = ${code};`,
    );
    const { status, stdout, stderr } = script([join(SCRIPTS, "nightly.sh"), verb], {
      ENVIRONMENT: "production",
    });
    expect({ status, stderr }).toEqual({ status: code, stderr: "" });
    const waiting = verb === "drift" ? " --lock-timeout 10m" : "";
    expect(stdout).toContain(`run --silent central-trail -- ${verb} --env production${waiting}\n`);
    expect(stdout.includes(`::error title=${verb} of production::${words}`)).toBe(code !== 0);
    expect(read("summary")).toContain(`## Central Trail: ${verb} of \`production\`\n\n**${words}`);
    expect(read("summary")).toContain("\n    ```\n    <b>\n");
  });
});

test("nightly.sh: verify alone reads with the role for logs, whatever stands in its name", () => {
  const ROLE = "arn:aws:iam::111111111111:role/x $(touch hacked); `id`";
  program("npm", `console.log(JSON.stringify(process.argv.slice(2)));`);
  const env = { ENVIRONMENT: "production", LOG_READER_ROLE_ARN: ROLE };
  const said = (verb: string): unknown =>
    JSON.parse(script([join(SCRIPTS, "nightly.sh"), verb], env).stdout.split("\n")[0]!);
  const command = ["run", "--silent", "central-trail", "--"];
  expect(said("verify")).toEqual([...command, "verify", "--env", "production", "--role-arn", ROLE]);
  expect(said("drift")).not.toContain(ROLE);
});

describe("comment.mjs", () => {
  const marker = (environment: string): string => `<!-- central-trail plan ${environment} -->`;
  const bot = { login: "github-actions[bot]" };

  /** Keeps comments as GitHub does: two pages of them, the bot their author. */
  beforeEach(() =>
    program(
      "gh",
      `const fs = require("node:fs");
       const args = process.argv.slice(2);
       const comments = JSON.parse(fs.readFileSync("comments", "utf8"));
       const list = "repos/org/logs/issues/5/comments";
       const at = args.indexOf("--method");
       if (args[0] !== "api" || process.env.GH_TOKEN !== "token") process.exit(4);
       if (at < 0) {
         if (args.at(-1) === "repos/org/logs/pulls/5/files?per_page=100") {
           process.stdout.write(fs.readFileSync("changed", "utf8"));
           process.exit(0);
         }
         if (args.at(-1) !== list + "?per_page=100" || !args.includes("--slurp")) process.exit(5);
         process.stdout.write(JSON.stringify([comments.slice(0, 1), comments.slice(1)]));
       } else {
         const { body } = JSON.parse(fs.readFileSync(0, "utf8"));
         const [method, path] = args.slice(at + 1);
         const id = Number(path.split("/").at(-1));
         const found = comments.find((one) => one.id === id);
         if (method === "POST" && path === list)
           comments.push({ id: 100 + comments.length, user: ${JSON.stringify(bot)}, body });
         else if (method === "PATCH" && path === "repos/org/logs/issues/comments/" + id && found) found.body = body;
         else process.exit(6);
         fs.writeFileSync("comments", JSON.stringify(comments));
       }`,
    ),
  );

  interface Comment {
    readonly id: number;
    readonly user: { readonly login: string } | null;
    readonly body: string;
  }

  const keep = (...comments: Comment[]): void =>
    writeTree(folder(), "comments", JSON.stringify(comments));
  /** The files of the pull request, in pages. */
  const changes = (...files: { filename: string; previous_filename?: string }[]): void =>
    writeTree(folder(), "changed", JSON.stringify([files.slice(0, 1), files.slice(1)]));
  beforeEach(() => changes({ filename: "envs/production.yaml" }));
  const BY_BASE = "_Only environment files change: the base branch's code made this review._";
  const kept = (): Comment[] => JSON.parse(read("comments")) as Comment[];
  const comment = (token = "token"): ReturnType<typeof script> =>
    script([process.execPath, join(SCRIPTS, "comment.mjs"), "reviews"], {
      ENVIRONMENTS: '["staging","production"]',
      GH_TOKEN: token,
      HEAD_SHA: "abc123",
      PULL_REQUEST: "5",
    });

  test("adds a comment for each environment, and updates it the next time", () => {
    keep();
    writeTree(folder(), "reviews/review-staging/review.md", "first\n");
    writeTree(folder(), "reviews/review-production/review.md", "the other\n");
    expect(comment()).toEqual({
      status: 0,
      stdout: "staging: comment added\nproduction: comment added\n",
      stderr: "",
    });
    const added = kept();
    expect(added.map(({ body }) => body)).toEqual([
      `${marker("staging")}\n${BY_BASE}\n\nfirst\n\n---\n\nOf abc123, by [this run](https://github.example/org/logs/actions/runs/77).\n`,
      expect.stringContaining(`${marker("production")}\n${BY_BASE}\n\nthe other\n`),
    ]);

    writeTree(folder(), "reviews/review-staging/review.md", "second\n");
    expect(comment().stdout).toBe("staging: comment updated\nproduction: comment updated\n");
    expect(kept().map(({ id }) => id)).toEqual(added.map(({ id }) => id));
    expect(kept()[0]?.body).toContain(`${BY_BASE}\n\nsecond\n`);
  });

  test("leaves alone what others wrote, also with the marker in it", () => {
    const others = [
      { id: 1, user: { login: "somebody" }, body: `${marker("staging")}\nmine` },
      { id: 2, user: null, body: "of a deleted account" },
      { id: 3, user: bot, body: `> ${marker("staging")}` },
    ];
    keep(...others);
    mkdirSync(join(folder(), "reviews"));
    expect(comment().status).toBe(0);
    expect(kept().slice(0, 3)).toEqual(others);
    expect(kept()).toHaveLength(5);
  });

  test("without a review says so, over the review of an earlier commit", () => {
    keep({ id: 1, user: bot, body: `${marker("staging")}\nnothing changes` });
    expect(comment().status).toBe(0);
    expect(kept()[0]?.body).toContain("**The run ended before there was a plan.**");
  });

  test.each([
    ["code", { filename: "main.ts" }, "`main.ts`"],
    [
      "code that became an environment file",
      { filename: "envs/x.yaml", previous_filename: "lib/x.ts" },
      "`lib/x.ts`",
    ],
    [
      "a name that is Markdown",
      { filename: "`]\n\n# Nothing is blocked <b>" },
      "`??????Nothing?is?blocked??b?`",
    ],
  ])("says whose code made the review where the change is %s", (_, change, name) => {
    keep();
    changes({ filename: "envs/production.yaml" }, change);
    writeTree(folder(), "reviews/review-staging/review.md", "nothing is blocked\n");
    expect(comment().status).toBe(0);
    const [, first, second] = kept()[0]!.body.split("\n");
    expect(first).toBe("> [!WARNING]");
    expect(second).toBe(
      `> This pull request changes code, such as ${name}, and its own code made this review. Review the code first: it can make this page say anything.`,
    );
  });

  test("believes no list that GitHub cut short", () => {
    keep();
    changes(...Array.from({ length: 3000 }, (_, at) => ({ filename: `envs/e${at}.yaml` })));
    expect(comment().status).toBe(0);
    expect(kept()[0]!.body).toContain("[!WARNING]");
  });

  test("fails where GitHub refuses", () => {
    keep();
    expect(comment("other").status).toBe(1);
    expect(kept()).toEqual([]);
  });
});
