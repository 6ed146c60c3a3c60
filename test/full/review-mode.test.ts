import { GetTrailStatusCommand } from "@aws-sdk/client-cloudtrail";
import { Deployment, type EnvironmentFile, fourAccountsFile, states } from "../support/deployment";
import { requires } from "../support/requirements";

const MEMBER = "222222222222";
const STACK = `test-member-${MEMBER}`;

requires("terraform", "moto")("plans that are only read", () => {
  jest.setTimeout(180_000);
  let deployment: Deployment;
  let file: EnvironmentFile;

  beforeAll(async () => {
    file = fourAccountsFile();
    file.members = file.members.slice(0, 1);
    deployment = await Deployment.start(file);
  });
  afterAll(() => deployment?.stop());

  test("a member can be planned before anything exists, with the key known after the apply", async () => {
    await deployment.synthesize({ stacks: [STACK] });
    const { code, text } = await deployment.plan(STACK);
    expect({ code, text }).toMatchObject({ code: 2 });
    expect(text).toMatch(/\+ kms_key_id\s+= \(known after apply\)/);
    expect(text).toMatch(/\+ s3_bucket_name\s+= "central-trail-test-logs"/);
  });

  test("and is refused as it is applied, before the first change", async () => {
    const before = deployment.calls.length;
    const { code, text } = await deployment.terraform(STACK, "apply", "-auto-approve");
    expect(code).toBe(1);
    expect(text).toContain("AWS account ID not allowed: 222222222222");
    const changes = deployment.since(before).filter(({ service }) => service === "cloudtrail");
    expect(changes).toEqual([]);
  });

  test("applying a plan that replaces a deployed trail leaves the trail logging", async () => {
    const outcomes = await deployment.run("deploy");
    expect(states(outcomes)).toEqual({ "test-destination": "done", [STACK]: "done" });
    file.members[0]!.trail = { name: "another-name" };
    deployment.write(file);
    await deployment.synthesize({ stacks: [STACK] });
    const planned = await deployment.plan(STACK);
    expect(planned.text).toContain("must be replaced");
    const before = deployment.calls.length;
    const { code, text } = await deployment.terraform(STACK, "apply", "-auto-approve");
    expect(code).toBe(1);
    expect(text).toContain("AWS account ID not allowed: 222222222222");
    const deletions = deployment.since(before).filter(({ action }) => action === "DeleteTrail");
    expect(deletions).toEqual([]);
    const { IsLogging } = await deployment
      .cloudTrail(MEMBER)
      .send(new GetTrailStatusCommand({ Name: "central-trail" }));
    expect(IsLogging).toBe(true);
  });
});
