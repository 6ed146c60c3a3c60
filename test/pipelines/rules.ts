import { type Job, parseWorkflow, type Step } from "./workflow";

/** What one workflow does against a rule, a sentence each. */
export type Rule = (text: string) => string[];

/** The rules that keep an attacker's code away from our tokens and our package. */
export const RULES = {
  "the token of the repository can do nothing by default": (text) =>
    JSON.stringify(parseWorkflow(text).permissions) === "{}" ? [] : ["permissions: {} is missing"],

  "no workflow of others' pull requests runs with our secrets": (text) =>
    Object.keys(triggers(text))
      .filter((event) => ["pull_request_target", "workflow_run", "issue_comment"].includes(event))
      .map((event) => `on: ${event}`),

  "each action is pinned by its commit, and its version is named": (text) =>
    text
      .split("\n")
      .filter((line) => /\buses:/.test(line))
      .filter((line) => !/^ +- uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line)),

  "no package runs code by being installed where there is a token": (text) =>
    jobSteps(text, hasToken)
      .flatMap(({ run = "" }) => run.split("\n"))
      .filter((line) => /\bnpm (ci|i|install|publish|exec)\b|\bnpx\b|\byarn\b|\bpnpm\b/.test(line))
      .filter((line) => !line.includes("--ignore-scripts")),

  "no Python package is installed where there is a token, nor where the package is built": (text) =>
    jobSteps(text, (job) => hasToken(job) || builds(job)).flatMap(({ run }) =>
      run !== undefined && /\b(pip3?|pipx|uv) /.test(run) ? [run] : [],
    ),

  "Python packages are those of the requirements file": (text) =>
    jobSteps(text).flatMap(({ run = "" }) =>
      /\bpip3? install\b/.test(run) && !/ --requirement \.ci\/requirements\.txt$/.test(run)
        ? [run]
        : [],
    ),

  "a script holds no expression": (text) =>
    jobSteps(text).flatMap(({ run }) => (run?.includes("${{") ? [run] : [])),

  "no checkout leaves the repository's token on disk": (text) =>
    jobSteps(text)
      .filter(({ uses }) => uses?.startsWith("actions/checkout@"))
      .filter((step) => step.with?.["persist-credentials"] !== false)
      .map(({ uses }) => uses!),

  "no job can both write here and have a role, nor run for ever": (text) =>
    jobs(text).flatMap(([name, job]) => [
      ...(hasToken(job) && Object.values(job.permissions ?? {}).filter(isWrite).length > 1
        ? [`${name} has ${JSON.stringify(job.permissions)}`]
        : []),
      ...(job["timeout-minutes"] === undefined ? [`${name} has no timeout-minutes`] : []),
    ]),

  "what publishes shows where the package comes from, and runs nothing but npm": (text) =>
    jobs(text)
      .filter(([, job]) => job.steps.some(({ run }) => run?.includes("npm publish")))
      .flatMap(([, job]) => [
        ...job.steps.flatMap(({ run }) =>
          run === undefined || /^npm publish \S+\.tgz .*--provenance\b/.test(run) ? [] : [run],
        ),
        ...job.steps.flatMap(({ uses }) => (uses?.startsWith("actions/checkout@") ? [uses] : [])),
      ]),

  "comments and the choice of the reviewer come from the base branch": (text) =>
    "pull_request" in triggers(text)
      ? [
          ...jobSteps(text, ({ permissions }) => permissions?.["pull-requests"] === "write")
            .filter(({ uses }) => uses?.startsWith("actions/checkout@"))
            .filter((step) => step.with?.["ref"] !== "${{ github.event.pull_request.base.sha }}")
            .map(({ uses }) => uses!),
          ...jobs(text)
            .filter(([, job]) => hasToken(job))
            .filter(
              ([, job]) =>
                !job.steps
                  .find(({ run }) => run !== undefined)
                  ?.run?.includes("git show HEAD^1:.github/scripts/reviewer.sh"),
            )
            .map(([name]) => name),
        ]
      : [],
} as const satisfies Readonly<Record<string, Rule>>;

function jobs(text: string): [string, Job][] {
  return Object.entries(parseWorkflow(text).jobs);
}

function jobSteps(text: string, which: (job: Job) => boolean = () => true): Step[] {
  return jobs(text).flatMap(([, job]) => (which(job) ? job.steps : []));
}

function triggers(text: string): Record<string, unknown> {
  const { on } = parseWorkflow(text);
  if (typeof on === "string") return { [on]: null };
  return Array.isArray(on)
    ? Object.fromEntries(on.map((event: string) => [event, null]))
    : (on as Record<string, unknown>);
}

function hasToken({ permissions }: Job): boolean {
  return permissions?.["id-token"] === "write";
}

function builds({ steps }: Job): boolean {
  return steps.some(({ run }) => run?.includes("npm pack"));
}

function isWrite(permission: string): boolean {
  return permission === "write";
}
