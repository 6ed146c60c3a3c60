import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PlanFolder } from "../../operations/plan/plan-folder";
import { Deployment, type EnvironmentFile, fourAccountsFile, states } from "../support/deployment";
import { requires } from "../support/requirements";

const [DESTINATION, M2, M3, M4] = [
  "test-destination",
  ...["222222222222", "333333333333", "444444444444"].map((id) => `test-member-${id}`),
] as [string, string, string, string];

/** `reviewOnly` and `changes` of each plan, by stack. */
function kinds(plans: Awaited<ReturnType<Deployment["savePlans"]>>): Record<string, string> {
  return Object.fromEntries(
    plans.map(({ name, changes, reviewOnly }) => [
      name,
      `${reviewOnly ? "review" : "plan"}, ${changes ? "changes" : "no changes"}`,
    ]),
  );
}

requires("terraform", "moto")("saved plans", () => {
  jest.setTimeout(240_000);
  let deployment: Deployment;
  let file: EnvironmentFile;
  let folder: PlanFolder;

  beforeAll(async () => {
    file = fourAccountsFile();
    file.members = file.members.slice(0, 2);
    deployment = await Deployment.start(fourAccountsFile());
    deployment.write(file);
    folder = new PlanFolder(join(deployment.folder.path, "plans"));
  });
  afterAll(() => deployment?.stop());

  test("a new environment is planned before anything exists, and applied as it was planned", async () => {
    const plans = await deployment.savePlans(folder);
    expect(kinds(plans)).toEqual({
      [DESTINATION]: "plan, changes",
      [M2]: "review, changes",
      [M3]: "review, changes",
    });
    expect(deployment.calls.filter(({ action }) => /^(Create|Put)/.test(action))).toEqual([]);

    const outcomes = await deployment.applyPlans(folder);
    expect(outcomes).toEqual([DESTINATION, M2, M3].map((stack) => ({ stack, state: "done" })));
  });

  test("an added account: two stacks change, and the others wait for nothing", async () => {
    file.members = fourAccountsFile().members;
    deployment.write(file);
    expect(kinds(await deployment.savePlans(folder))).toEqual({
      [DESTINATION]: "plan, changes",
      [M2]: "plan, no changes",
      [M3]: "plan, no changes",
      [M4]: "review, changes",
    });
  });

  test("a stack that would do other things than were reviewed is refused, the rest is done", async () => {
    const json = join(folder.path, "stacks", M4, "cdk.tf.json");
    const written = readFileSync(json, "utf8");
    const changed = written.replace(
      '"enable_log_file_validation": true',
      '"enable_log_file_validation": false',
    );
    expect(changed).not.toBe(written);
    writeFileSync(json, changed);
    const before = deployment.calls.length;
    const outcomes = await deployment.applyPlans(folder);
    expect(states(outcomes)).toEqual({
      [DESTINATION]: "done",
      [M2]: "done",
      [M3]: "done",
      [M4]: "failed",
    });
    expect(outcomes.at(-1)!.error).toMatch(
      /^aws_cloudtrail\.\S+: enable_log_file_validation will be another than in the review$/m,
    );
    expect(deployment.since(before).filter(({ action }) => action === "CreateTrail")).toEqual([]);
  });

  test("plans are applied once: the state is another afterwards", async () => {
    const outcomes = await deployment.applyPlans(folder);
    expect(states(outcomes)).toMatchObject({ [DESTINATION]: "failed", [M4]: "not tried" });
    expect(outcomes[0]!.error).toContain("Saved plan is stale");
  });

  test("planned anew, the account comes in", async () => {
    expect(kinds(await deployment.savePlans(folder, [M4]))).toEqual({
      [DESTINATION]: "plan, no changes",
      [M4]: "plan, changes",
    });
    expect(states(await deployment.applyPlans(folder))).toEqual({
      [DESTINATION]: "done",
      [M4]: "done",
    });
  });
});
