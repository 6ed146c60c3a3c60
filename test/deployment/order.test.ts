import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GetTrailStatusCommand } from "@aws-sdk/client-cloudtrail";
import { failureAdvice } from "../../operations/deploy/failure-advice";
import { Deployment, type EnvironmentFile, fourAccountsFile, states } from "../support/deployment";
import { requires } from "../support/requirements";

const MEMBER = "222222222222";
const STACK = `test-member-${MEMBER}`;
const ARN = `arn:aws:cloudtrail:us-east-1:${MEMBER}:trail/central-trail`;

/** The number of errors that Terraform printed. */
function errors(text: string): number {
  return text.match(/Error: /g)?.length ?? 0;
}

/** Terraform wraps its messages to the width of a terminal. */
function unwrapped(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}

// One story: a destination that was never deployed, then half-way, then without a member.
requires("terraform", "moto")("Terraform itself keeps the order", () => {
  jest.setTimeout(180_000);
  let deployment: Deployment;
  let file: EnvironmentFile;

  beforeAll(async () => {
    file = fourAccountsFile();
    file.destination.encryption = { type: "sse-s3" };
    file.members = file.members.slice(0, 1);
    file.destination.policyWaitSeconds = 0;
    deployment = await Deployment.start(file, 5);
  });
  afterAll(() => deployment?.stop());

  test("a member of a destination that was never deployed: Terraform's own sentence, and ours", async () => {
    await deployment.synthesize();
    const { code, text } = await deployment.plan(STACK);
    expect(code).toBe(1);
    expect(text).toContain("Unable to find remote state");
    expect(errors(text)).toBe(1);

    const outcomes = await deployment.run("deploy", [STACK]);
    expect(states(outcomes)).toEqual({ [STACK]: "failed" });
    const command = (stacks: readonly string[]): string => `deploy ${stacks.join(" ")}`;
    const advice = failureAdvice(outcomes, { environment: "test", command }).join("\n");
    expect(advice).toContain("the destination of environment test was never deployed");
    expect(advice).toContain("deploy test-destination");
  });

  test("with a wait of 0 and policies that take 5 s, CreateTrail fails with AWS's exception", async () => {
    const outcomes = await deployment.run("deploy");
    expect(states(outcomes)).toEqual({ "test-destination": "failed", [STACK]: "not tried" });
    expect(outcomes[0]!.error).toContain("InsufficientS3BucketPolicyException");
    expect(outcomes[0]!.error).toContain(
      "Incorrect S3 bucket policy is detected for bucket: central-trail-test-logs",
    );
  });

  test("a member of a destination that failed half-way: one error, ours", async () => {
    const { code, text } = await deployment.plan(STACK);
    expect(code).toBe(1);
    expect(errors(text)).toBe(1);
    expect(unwrapped(text)).toContain(`The log destination does not let the trail ${ARN} in yet`);
    expect(unwrapped(text)).toContain("Deploy the stack test-destination first");
  });

  test("run again, the policies being in force, the destination is deployed", async () => {
    expect(states(await deployment.run("deploy", ["test-destination"]))).toEqual({
      "test-destination": "done",
    });
  });

  test("a destination that does not list the member: one error, ours, and nothing is made", async () => {
    const state = join(deployment.folder.state, "test-destination.tfstate");
    const applied = readFileSync(state, "utf8");
    writeFileSync(state, applied.replaceAll(ARN, ARN.replace(MEMBER, "999999999999")));
    const before = deployment.calls.length;
    for (const args of [["plan"], ["apply", "-auto-approve"]]) {
      const { code, text } = await deployment.terraform(STACK, ...args, "-input=false");
      expect(code).toBe(1);
      expect(errors(text)).toBe(1);
      expect(unwrapped(text)).toContain(ARN);
    }
    expect(deployment.since(before).filter(({ action }) => action === "CreateTrail")).toEqual([]);
    writeFileSync(state, applied);
  });

  test("plain `npx cdktf deploy` keeps the order too, with a wait that is long enough", async () => {
    file.destination.policyWaitSeconds = 7;
    deployment.write(file);
    await deployment.run("destroy");
    const before = deployment.calls.length;
    const { code, text } = await deployment.npxCdktf("deploy", "*", "--auto-approve");
    expect(text).toContain("Apply complete!");
    expect(code).toBe(0);
    const trails = deployment.since(before).filter(({ action }) => action === "CreateTrail");
    expect(trails.map(({ accountId, errorCode }) => [accountId, errorCode])).toEqual([
      ["111111111111", undefined],
      [MEMBER, undefined],
    ]);
    const status = await deployment
      .cloudTrail(MEMBER)
      .send(new GetTrailStatusCommand({ Name: "central-trail" }));
    expect(status.IsLogging).toBe(true);
  });
});
