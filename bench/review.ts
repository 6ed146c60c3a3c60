import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stackNames } from "../envs/stack-names";
import type { Environment } from "../envs/types";
import { REVIEW_FILES, STACK_FILES, stackFolder } from "../operations/plan/plan-files";
import type { SavedPlan } from "../operations/plan/plan-folder";
import { table } from "../text/table";
import { Deployment, ended, fourAccountsFile, states } from "../test/support/deployment";
import { fourAccounts } from "../test/support/environment";
import { edited, plansBetween } from "../test/support/plans";

/** An environment and what Terraform says of its plans, as text. */
interface PlanSet {
  readonly environment: Environment;
  readonly plans: readonly { readonly stack: string; readonly json: string; readonly tf: string }[];
}

/** What bench/review-run.ts prints. */
interface Figures {
  readonly seconds: number;
  readonly cpu: number;
  readonly megabytes: number;
  readonly verdict: string;
  readonly stacksThatChange: number;
}

/**
 * Reviewing saved plans: 300 of the real provider beside the `terraform show -json` that each
 * review needs, and made-up ones by number of stacks and by what changes.
 */
export async function benchReview(): Promise<string[]> {
  const { set, showSeconds } = await shownPlans(300);
  const real = reviewed(set);
  if (real.stacksThatChange !== set.plans.length) throw new Error(JSON.stringify(real));
  const ratio = (seconds: number): string => (seconds / showSeconds).toFixed(3);
  const both = showSeconds + real.seconds;
  return [
    ...table([
      [`${set.plans.length} saved plans, ${megabytes(set)} MB of JSON`, "seconds", "ratio", "MB"],
      ["terraform show -json, 2 at once", showSeconds.toFixed(1), ratio(showSeconds), ""],
      [
        "reading that JSON, reviewing, writing both files",
        real.seconds.toFixed(2),
        ratio(real.seconds),
        real.megabytes.toFixed(0),
      ],
      ["both, as central-trail plan does", both.toFixed(1), ratio(both), ""],
    ]),
    "",
    ...table([
      [
        "members",
        "change",
        "MB of made-up plans",
        "seconds",
        "CPU seconds",
        "MB at most",
        "characters of Markdown",
      ],
      ...[
        oneAdded(300),
        { what: "all trails changed, each in its own way", set: allChanged(300) },
        oneAdded(2000),
      ].map((one) => {
        const figures = reviewed(one.set);
        return [
          String(one.set.environment.members.length),
          one.what,
          megabytes(one.set),
          figures.seconds.toFixed(2),
          figures.cpu.toFixed(2),
          figures.megabytes.toFixed(0),
          String(figures.markdown),
        ];
      }),
    ]),
  ];
}

function megabytes({ plans }: PlanSet): string {
  return (plans.reduce((sum, { json }) => sum + json.length, 0) / 1e6).toFixed(1);
}

/** Reviews plans in a process of its own. */
function reviewed({ environment, plans }: PlanSet): Figures & { readonly markdown: number } {
  const path = mkdtempSync(join(tmpdir(), "central-trail-bench-"));
  try {
    const saved = plans.map(({ stack, json, tf }): SavedPlan => {
      const folder = join(path, stackFolder(stack));
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, STACK_FILES.json), json);
      writeFileSync(join(folder, STACK_FILES.configuration), tf);
      const planned = { changes: true, reviewOnly: false, plannedAgain: false };
      return { name: stack, dependencies: [], ...planned };
    });
    const file = join(path, "input.json");
    writeFileSync(file, JSON.stringify({ environment, plans: saved }));
    const run = join(__dirname, "review-run.ts");
    const args = ["--import", "tsx", run, path, file];
    const figures = JSON.parse(
      execFileSync(process.execPath, args, { encoding: "utf8" }),
    ) as Figures;
    const markdown = readFileSync(join(path, REVIEW_FILES.markdown), "utf8").length;
    return { ...figures, markdown };
  } finally {
    rmSync(path, { recursive: true });
  }
}

/**
 * Plans of the real provider, and how long Terraform takes to show them all. Destination and one
 * member of an environment of so many stacks are deployed on a local AWS, and planned after a
 * change of all stacks; the member's saved plan stands for every member's: each is shown from a
 * file of its own, and what is shown gets the member's account.
 */
async function shownPlans(count: number): Promise<{ set: PlanSet; showSeconds: number }> {
  const file = fourAccountsFile();
  // The trails one by one would be too long for AWS.
  const shapes = { bucketPolicyShape: "account-list", keyPolicyShape: "account-list" };
  Object.assign(file.destination, shapes);
  file.members = accountIds(count - 1).map((account) => ({ account, region: "us-east-1" }));
  const deployment = await Deployment.start(file);
  try {
    const { environment } = deployment;
    const { members } = environment;
    const planned = [
      stackNames.destination(environment),
      stackNames.member(environment, members[0]!),
    ];
    const outcomes = states(await deployment.run("deploy", planned));
    if (Object.values(outcomes).some((state) => state !== "done"))
      throw new Error(JSON.stringify(outcomes));
    deployment.write({ ...file, tags: { purpose: "audit" } });
    await deployment.synthesize();
    for (const stack of planned) {
      const end = await deployment.terraform(stack, "plan", "-input=false", "-out=plan.tfplan");
      if (end.code !== 0) throw new Error(end.text);
    }
    const folder = (stack: string): string => join(deployment.folder.output, "stacks", stack);
    const [destination = "", member = ""] = planned;
    const files = [
      { stack: destination, folder: folder(destination), file: "plan.tfplan", account: "" },
      ...members.map(({ account }) => ({
        stack: stackNames.member(environment, { account }),
        folder: folder(member),
        file: `${account}.tfplan`,
        account,
      })),
    ];
    for (const { account, file: name } of files)
      if (account !== "")
        copyFileSync(join(folder(member), "plan.tfplan"), join(folder(member), name));
    const shown = new Map<string, string>();
    const start = performance.now();
    const left = [...files];
    const worker = async (): Promise<void> => {
      for (let one = left.shift(); one; one = left.shift()) {
        const args = ["show", "-json", one.file];
        const { code, text } = await ended("terraform", args, one.folder, deployment.env);
        if (code !== 0) throw new Error(text);
        shown.set(one.stack, text);
      }
    };
    await Promise.all([worker(), worker()]);
    const showSeconds = (performance.now() - start) / 1000;
    const plans = files.map(({ stack, account }) => ({
      stack,
      json:
        account === ""
          ? shown.get(stack)!
          : shown.get(stack)!.replaceAll(members[0]!.account, account),
      tf: readFileSync(join(folder(stack), STACK_FILES.configuration), "utf8"),
    }));
    return { set: { environment: deployment.environment, plans }, showSeconds };
  } finally {
    await deployment.stop();
  }
}

function accountIds(count: number): string[] {
  return Array.from({ length: count }, (_, index) => String(200_000_000_000 + index));
}

function oneAdded(count: number): { what: string; set: PlanSet } {
  const after = environmentOf(count);
  const before = { ...after, members: after.members.slice(1) };
  return { what: "one account added", set: madeUp(after, plansBetween(before, after)) };
}

function allChanged(count: number): PlanSet {
  const environment = environmentOf(count);
  const plans = plansBetween(environment, environment, {
    now: (all) => {
      for (const [index, { account }] of environment.members.entries()) {
        edited(stackNames.member(environment, { account }), "aws_cloudtrail.trail", {
          enable_logging: index % 2 === 0,
          s3_key_prefix: `prefix-${index}`,
        })(all);
      }
    },
  });
  return madeUp(environment, plans);
}

/**
 * Real plans hold more than what changes: as much again as these have, of the kind that is skipped.
 */
function madeUp(environment: Environment, plans: ReturnType<typeof plansBetween>): PlanSet {
  return {
    environment,
    plans: plans.map(({ stack, plan }) => ({
      stack,
      tf: "{}",
      json: JSON.stringify({ ...(plan as object), planned_values: plan }),
    })),
  };
}

function environmentOf(count: number): Environment {
  const four = fourAccounts();
  return fourAccounts({
    destination: {
      ...four.destination,
      bucketPolicyShape: count > 1000 ? "source-org-id" : "account-list",
      organizationId: "o-a1b2c3d4e5",
      keyPolicyShape: "account-list",
      readers: [
        {
          name: "security",
          principals: ["arn:aws:iam::111111111111:role/security"],
          accounts: "all",
        },
      ],
    },
    members: accountIds(count).map((account, index) => {
      const roleArn = `arn:aws:iam::${account}:role/central-trail-deployer`;
      return { ...four.members[0]!, account, name: `account-${index}`, roleArn };
    }),
  });
}
