import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Review } from "../../operations/review/review";
import {
  centralTrailIn,
  type CommandEnd,
  Deployment,
  type EnvironmentFile,
  fourAccountsFile,
} from "../support/deployment";
import { requires } from "../support/requirements";

const MEMBER = "222222222222";

requires("terraform", "moto")("central-trail plan, then deploy --plans", () => {
  jest.setTimeout(240_000);
  let deployment: Deployment;
  let file: EnvironmentFile;
  let out: string;

  beforeAll(async () => {
    file = fourAccountsFile();
    file.members = file.members.slice(0, 1);
    deployment = await Deployment.start(file);
    out = join(deployment.folder.path, "plans");
  });
  afterAll(() => deployment?.stop());

  const centralTrail = (verb: string, ...args: string[]): Promise<CommandEnd> =>
    centralTrailIn(deployment, verb, ...args);

  function review(): Review {
    return JSON.parse(readFileSync(join(out, "review.json"), "utf8")) as Review;
  }

  test("a new environment: exit code 2, and the accounts that gain logging stand in the review", async () => {
    const { code, stdout, stderr } = await centralTrail("plan", "--out", out);
    expect({ code, stderr }).toMatchObject({ code: 2 });
    expect(stdout).toMatch(new RegExp(`${MEMBER}.* gains? `));
    expect(readFileSync(join(out, "review.md"), "utf8")).toContain(MEMBER);
    expect(review()).toMatchObject({ verdict: "changes", totals: { stacks: 2 } });
    expect(review().stacks.map(({ stack, forReviewOnly }) => [stack, forReviewOnly])).toEqual([
      ["test-destination", false],
      [`test-member-${MEMBER}`, true],
    ]);
  });

  test("deploy --plans applies it; then a plan finds nothing: exit code 0", async () => {
    const deployed = await centralTrail("deploy", "--plans", out);
    expect(deployed).toMatchObject({ code: 0 });
    const { code, stdout } = await centralTrail("plan", "--json");
    expect({ code, stdout }).toMatchObject({ code: 0 });
    expect(JSON.parse(stdout)).toMatchObject({ verdict: "clean" });
  });

  test("stacks lists them, as cdktf takes them", async () => {
    const { code, stdout } = await centralTrail("stacks");
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `test-destination\ntest-member-${MEMBER}\n`,
    });
  });

  test("an account that goes without retiring: exit code 3, and deploy --plans refuses", async () => {
    deployment.write({ ...file, members: [] });
    const { code, stdout } = await centralTrail("plan", "--out", out);
    expect({ code, stdout }).toMatchObject({ code: 3 });
    const blocked = review().findings.filter(({ state }) => state === "blocked");
    // In the bucket's policy and in the key's.
    expect(blocked.map(({ guard, subject }) => [guard, subject])).toEqual([
      ["account-cut-off", MEMBER],
      ["account-cut-off", MEMBER],
    ]);
    const before = deployment.calls.length;
    const deployed = await centralTrail("deploy", "--plans", out);
    expect(deployed.code).toBe(1);
    expect(deployed.stderr).toContain("is blocked by its guards");
    expect(deployment.since(before)).toEqual([]);
  });

  test("retired first, it goes without a word", async () => {
    const [member] = file.members;
    deployment.write({ ...file, members: [{ ...member!, retiring: true }] });
    expect(await centralTrail("plan", "--out", out)).toMatchObject({ code: 2 });
    expect(await centralTrail("deploy", "--plans", out)).toMatchObject({ code: 0 });
    deployment.write({ ...file, members: [] });
    const { code, stdout } = await centralTrail("plan", "--out", out);
    expect({ code, stdout }).toMatchObject({ code: 2 });
    expect(review().findings.filter(({ state }) => state === "blocked")).toEqual([]);
  });

  test("without a folder nothing is kept, and a folder with other files is left alone", async () => {
    const { code, stderr } = await centralTrail("plan", "--out", deployment.folder.path);
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("no plans of ours") as string,
    });
    expect(existsSync(deployment.folder.state)).toBe(true);
  });
});
