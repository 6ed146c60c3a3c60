import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Review } from "../../review/report";
import type { DriftReport } from "../../operations/drift/drift";
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
    // All accounts are there; the file has two of them at first.
    deployment = await Deployment.start(fourAccountsFile());
    deployment.write(file);
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

  describe("a stack that can't be planned", () => {
    const OTHER = "333333333333";
    const stateFile = (stack: string): string =>
      join(deployment.folder.state, `test-${stack}.tfstate`);
    const MEMBERS = [MEMBER, OTHER].map((account) => `member-${account}`) as [string, string];
    let members: EnvironmentFile["members"];

    beforeAll(async () => {
      members = fourAccountsFile().members.slice(0, 2);
      deployment.write({ ...file, members });
      const { code, stderr } = await centralTrail("deploy", "--auto-approve");
      expect(`${code}\n${stderr}`).toMatch(/^0\n/);
      deployment.write({ ...file, members, tags: { team: "security" } });
    });

    /** What happens while Terraform can't read this stack's state. */
    async function withBrokenState<T>(stack: string, work: () => Promise<T>): Promise<T> {
      const text = readFileSync(stateFile(stack), "utf8");
      writeFileSync(stateFile(stack), "no state");
      try {
        return await work();
      } finally {
        writeFileSync(stateFile(stack), text);
      }
    }

    test("hides none: the others are planned and reviewed, exit code 1; drift sees the others too", async () => {
      await withBrokenState(MEMBERS[1], async () => {
        const { code, stdout } = await centralTrail("plan", "--out", out);
        expect({ code, stdout }).toMatchObject({
          code: 1,
          stdout: expect.stringContaining("Incomplete: 1 of 3 stacks") as string,
        });
        const drift = await centralTrail("drift", "--json");
        const { verdict, stacks } = JSON.parse(drift.stdout) as DriftReport;
        expect({ code: drift.code, verdict }).toEqual({ code: 1, verdict: "not-checked" });
        expect(stacks.map(({ stack, error }) => [stack, error !== undefined])).toEqual([
          ["test-destination", false],
          [`test-${MEMBERS[0]}`, false],
          [`test-${MEMBERS[1]}`, true],
        ]);
      });
      expect(review()).toMatchObject({ verdict: "incomplete", totals: { stacks: 2 } });
      expect(review().missing).toEqual([
        { stack: `test-${MEMBERS[1]}`, reason: expect.stringContaining("state") as string },
      ]);
    });

    test("is not applied; what waits for none is, and the end is an error", async () => {
      const { result, calls } = await deployment.terraformCalls(() =>
        centralTrail("deploy", "--plans", out),
      );
      expect(result.code).toBe(1);
      expect(result.stderr).toContain(`test-${MEMBERS[1]} failed: It could not be planned`);
      expect(result.stderr).toContain(`Done: test-destination, test-${MEMBERS[0]}`);
      const tagged = calls.filter(({ action }) => action === "AddTags");
      expect(new Set(tagged.map(({ accountId }) => accountId))).toEqual(
        new Set(["111111111111", MEMBER]),
      );
    });

    test("as the destination, whose state the members read: all are named, and nothing is applied", async () => {
      await withBrokenState("destination", () => centralTrail("plan", "--out", out));
      expect(review().missing.map(({ stack }) => stack)).toEqual([
        "test-destination",
        ...MEMBERS.map((member) => `test-${member}`),
      ]);
      expect(existsSync(join(out, "stacks"))).toBe(false);
      const before = deployment.calls.length;
      const { code, stderr } = await centralTrail("deploy", "--plans", out);
      expect({ code, stderr }).toMatchObject({
        code: 1,
        stderr: expect.stringContaining(
          "test-destination failed: It could not be planned",
        ) as string,
      });
      expect(deployment.since(before)).toEqual([]);
    });
  });

  test("without a folder nothing is kept, and a folder with other files is left alone", async () => {
    const { code, stderr } = await centralTrail("plan", "--out", deployment.folder.path);
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("not plans of ours") as string,
    });
    expect(existsSync(deployment.folder.state)).toBe(true);
  });
});
