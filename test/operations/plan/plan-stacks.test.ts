import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { GATE_OUTPUTS } from "../../../cloudtrail/trails/gate-outputs";
import { trailArn } from "../../../cloudtrail/trails/trail-identity";
import { stackNames } from "../../../envs/stack-names";
import { trailIdentity } from "../../../envs/trails";
import { applyPlans } from "../../../operations/plan/apply-plans";
import { PlanFolder } from "../../../operations/plan/plan-folder";
import { type PlannedStacks, planStacks } from "../../../operations/plan/plan-stacks";
import { reviewSavedPlans, writeReview } from "../../../operations/plan/review-saved";
import { fourAccounts } from "../../support/environment";
import { planJson } from "../../support/plans";
import { TODAY } from "../../support/today";
import { temporaryFolder, writeTree } from "../../support/temporary-folder";

const environment = fourAccounts();
const DESTINATION = stackNames.destination(environment);
const [M2, M3, M4] = environment.members.map((member) => stackNames.member(environment, member));

/** The destination's plan, in which nothing changes that members read. */
const GATE_PLAN = planJson([
  {
    address: "terraform_data.gate",
    actions: ["no-op"],
    before: { input: gate() },
    after: { input: gate() },
  },
]);

function gate(): Record<string, unknown> {
  const trails = [environment.destination, ...environment.members].map(
    (account) => [trailArn(trailIdentity(environment, account)), "waited for"] as const,
  );
  return {
    [GATE_OUTPUTS.bucketName]: "logs",
    [GATE_OUTPUTS.s3KeyPrefix]: null,
    [GATE_OUTPUTS.kmsKeyArn]: "arn:aws:kms:us-east-1:111111111111:key/k",
    [GATE_OUTPUTS.snsTopicArn]: null,
    [GATE_OUTPUTS.trails]: Object.fromEntries<string>(trails),
  };
}

/** How a command of Terraform fails, by `<command> <stack>`. */
type Failures = Readonly<Record<string, string>>;

/**
 * Stands for Terraform: does what a folder's `failures.json` says, else what a member without
 * changes would, and notes each call in `calls`.
 */
const TERRAFORM = `
const fs = require("node:fs"), path = require("node:path");
const [command, ...args] = process.argv.slice(2);
const stack = path.basename(process.cwd());
const top = process.env.TOP;
fs.appendFileSync(path.join(top, "calls"), command + " " + stack + "\\n");
const failure = JSON.parse(fs.readFileSync(path.join(top, "failures.json"), "utf8"))[command + " " + stack];
if (failure !== undefined && !failure.startsWith("{")) {
  console.error("│ Error: " + failure);
  process.exit(1);
}
if (command === "init") fs.writeFileSync(".terraform.lock.hcl", "");
if (command === "plan") {
  fs.writeFileSync("plan.tfplan", stack);
  process.exitCode = 2;
}
if (command === "show")
  console.log(failure ?? fs.readFileSync(path.join(top, stack === "${DESTINATION}" ? "gate.json" : "member.json"), "utf8"));
`;

const folder = temporaryFolder();

beforeEach(() => {
  writeTree(folder(), "bin/terraform", `#!${process.execPath}\n${TERRAFORM}`);
  chmodSync(join(folder(), "bin", "terraform"), 0o755);
  writeTree(folder(), "gate.json", JSON.stringify(GATE_PLAN));
  writeTree(folder(), "member.json", JSON.stringify(planJson([])));
});

const env = (): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  TOP: folder(),
  TERRAFORM_BINARY_NAME: join(folder(), "bin", "terraform"),
});

const output = (): string => join(folder(), "out");

function called(): string[] {
  return readFileSync(join(folder(), "calls"), "utf8").trim().split("\n").sort();
}

async function plan(failures: Failures, stacks?: readonly string[]): Promise<PlannedStacks> {
  writeTree(folder(), "failures.json", JSON.stringify(failures));
  writeTree(folder(), "calls");
  const manifest = [DESTINATION, M2!, M3!, M4!].map((name) => {
    writeTree(output(), `stacks/${name}/cdk.tf.json`, "{}");
    const dependencies = name === DESTINATION ? [] : [DESTINATION];
    return { name, dependencies, folder: join(output(), "stacks", name) };
  });
  return planStacks({
    environment,
    manifest,
    stacks,
    env: env(),
    project: folder(),
    folder: output(),
    reviewOutput: join(folder(), "review.out"),
  });
}

const names = ({ plans }: PlannedStacks): string[] => plans.map(({ name }) => name);

test.each([
  ["init", "no provider"],
  ["plan", "no access"],
  ["show", "no plan"],
  ["show", '{"format_version":"2.0"}'],
])("where %s of one stack fails with %s, the others are planned", async (command, failure) => {
  const planned = await plan({ [`${command} ${M3}`]: failure });
  expect(names(planned)).toEqual([DESTINATION, M2, M4]);
  expect(planned.missing).toEqual([
    {
      stack: M3,
      reason: expect.stringContaining(failure.startsWith("{") ? "format" : failure) as string,
    },
  ]);
});

test("where the destination can't be planned, its members are, from what it gives out now", async () => {
  const planned = await plan({ [`plan ${DESTINATION}`]: "state is locked" });
  expect(names(planned)).toEqual([M2, M3, M4]);
  expect(planned.missing).toEqual([{ stack: DESTINATION, reason: "Error: state is locked" }]);
  expect(planned.plans.map(({ reviewOnly }) => reviewOnly)).toEqual([false, false, false]);
});

test("where none can be planned, all are named", async () => {
  const all = [DESTINATION, M2!, M3!, M4!];
  const planned = await plan(Object.fromEntries(all.map((name) => [`plan ${name}`, "no access"])));
  expect(planned).toMatchObject({ plans: [], missing: all.map((stack) => ({ stack })) });
});

test("what keeps the first two from their providers is not waited for again and again", async () => {
  const all = [DESTINATION, M2!, M3!, M4!];
  const planned = await plan(Object.fromEntries(all.map((name) => [`init ${name}`, "no network"])));
  expect(planned.missing.map(({ stack }) => stack)).toEqual(all);
  // Two are under way at once.
  expect(called().length).toBeLessThan(all.length);
  expect(planned.missing[3]!.reason).toContain("not tried");
});

test("the review is made of what there is, and says first that it is not whole", async () => {
  const { plans, missing } = await plan({ [`plan ${M3}`]: "no access" });
  const trailsShown = new Map();
  const review = reviewSavedPlans({
    environment,
    today: TODAY,
    folder: output(),
    plans,
    missing,
    trailsShown,
  });
  expect(review).toMatchObject({
    verdict: "incomplete",
    missing: [{ stack: M3, reason: "Error: no access" }],
  });
  expect(review.stacks.map(({ stack }) => stack)).toEqual([DESTINATION, M2, M4]);
});

describe("deploy --plans", () => {
  /** How each stack went, and for which of them Terraform applied a plan. */
  async function applied(
    failures: Failures,
  ): Promise<{ readonly states: Record<string, string>; readonly applied: string[] }> {
    const { plans, missing } = await plan(failures);
    const trailsShown = new Map();
    writeReview(
      output(),
      reviewSavedPlans({
        environment,
        today: TODAY,
        folder: output(),
        plans,
        missing,
        trailsShown,
      }),
    );
    const kept = new PlanFolder(join(folder(), "plans"));
    kept.clear("test");
    kept.keep(output(), "test", { blocked: false, stacks: [...plans], missing: [...missing] });
    writeTree(folder(), "failures.json", "{}");
    writeTree(folder(), "calls");
    const outcomes = await applyPlans({
      environment: "test",
      folder: kept,
      env: env(),
      output: join(folder(), "applied.out"),
    });
    return {
      states: Object.fromEntries(outcomes.map(({ stack, state }) => [stack, state])),
      applied: called().filter((call) => call.startsWith("apply")),
    };
  }

  test("applies what waits for no missing stack, and the missing one has failed", async () => {
    expect(await applied({ [`plan ${M3}`]: "no access" })).toEqual({
      states: { [DESTINATION]: "done", [M2!]: "done", [M4!]: "done", [M3!]: "failed" },
      applied: [`apply ${DESTINATION}`, `apply ${M2}`, `apply ${M4}`],
    });
  });

  test("applies nothing that waits for a missing one", async () => {
    expect(await applied({ [`plan ${DESTINATION}`]: "state is locked" })).toEqual({
      states: {
        [M2!]: "not tried",
        [M3!]: "not tried",
        [M4!]: "not tried",
        [DESTINATION]: "failed",
      },
      applied: [],
    });
  });
});
