import { existsSync } from "node:fs";
import { join } from "node:path";
import { PutBucketVersioningCommand } from "@aws-sdk/client-s3";
import type { RecordedCall } from "../../lab";
import { PlanFolder } from "../../operations/plan/plan-folder";
import { Deployment, type EnvironmentFile, fourAccountsFile, states } from "../support/deployment";
import { requires } from "../support/requirements";

const DESTINATION = "test-destination";
const MEMBER = "test-member-222222222222";

// With the permissions that it has: test/full/deployer-roles.test.ts. Here, who does what.
requires("terraform", "moto")("plans by the role that only reads", () => {
  jest.setTimeout(300_000);
  let deployment: Deployment;
  let file: EnvironmentFile;
  let folder: PlanFolder;

  beforeAll(async () => {
    file = fourAccountsFile();
    file.members = file.members.slice(0, 1);
    file.destination.encryption = { type: "sse-s3" };
    file.deployer.planRole = "central-trail-planner";
    deployment = await Deployment.start(file);
    folder = new PlanFolder(join(deployment.folder.path, "plans"));
  });
  afterAll(() => deployment?.stop());

  /** What the roles of this name called meanwhile, other than who they are. */
  function calledBy(calls: readonly RecordedCall[], role: string): string[] {
    const own = calls.filter(({ principalArn }) => principalArn.includes(`assumed-role/${role}/`));
    return [...new Set(own.map(({ action }) => action))].filter(
      (action) => action !== "GetCallerIdentity",
    );
  }

  const WRITES = /^(?!Get|List|Head|Describe)/;

  test("a new environment: it plans all, and leaves no plan that Terraform would apply", async () => {
    const { result: plans, calls } = await deployment.terraformCalls(() =>
      deployment.savePlans(folder),
    );
    expect(plans.map(({ name, plannedAgain }) => [name, plannedAgain])).toEqual([
      [DESTINATION, true],
      [MEMBER, true],
    ]);
    for (const stack of [DESTINATION, MEMBER]) {
      const kept = (name: string): boolean => existsSync(join(folder.path, "stacks", stack, name));
      expect([kept("plan.json"), kept("plan.tfplan")]).toEqual([true, false]);
    }
    expect(calledBy(calls, "central-trail-deployer")).toEqual([]);
    expect(calledBy(calls, "central-trail-planner").filter((one) => WRITES.test(one))).toEqual([]);
  });

  test("the role that deploys plans again and applies what is as it was reviewed", async () => {
    const { result: outcomes, calls } = await deployment.terraformCalls(() =>
      deployment.applyPlans(folder),
    );
    expect(states(outcomes)).toEqual({ [DESTINATION]: "done", [MEMBER]: "done" });
    expect(calledBy(calls, "central-trail-deployer")).toEqual(
      expect.arrayContaining(["CreateTrail", "PutBucketPolicy"]),
    );
    expect(calledBy(calls, "central-trail-planner")).toEqual([]);
  });

  test("of what was changed since the review nothing is applied", async () => {
    file.tags = { team: "security" };
    deployment.write(file);
    const { result: plans, calls: planning } = await deployment.terraformCalls(() =>
      deployment.savePlans(folder),
    );
    expect(plans.map(({ changes }) => changes)).toEqual([true, true]);
    // Such as every plan makes of what is there.
    expect(calledBy(planning, "central-trail-planner")).toEqual(
      expect.arrayContaining(["DescribeTrails", "GetBucketVersioning"]),
    );
    await deployment.s3("111111111111").send(
      new PutBucketVersioningCommand({
        Bucket: file.destination.bucket,
        VersioningConfiguration: { Status: "Suspended" },
      }),
    );
    const { result: outcomes, calls } = await deployment.terraformCalls(() =>
      deployment.applyPlans(folder),
    );
    expect(states(outcomes)).toEqual({ [DESTINATION]: "failed", [MEMBER]: "not tried" });
    expect(outcomes[0]!.error).toMatch(/^Planned again for the deploy, .*:$/m);
    expect(outcomes[0]!.error).toMatch(
      /^aws_s3_bucket_versioning\.\S+: update; the review has nothing of it$/m,
    );
    expect(calledBy(calls, "central-trail-deployer").filter((one) => WRITES.test(one))).toEqual([]);
  });

  test("planned and reviewed again, it is", async () => {
    await deployment.savePlans(folder);
    expect(states(await deployment.applyPlans(folder))).toEqual({
      [DESTINATION]: "done",
      [MEMBER]: "done",
    });
  });
});
