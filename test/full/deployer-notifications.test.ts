import { DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { deployerRoles, type AccountRoles } from "../../operations/policies/deployer-roles";
import {
  requiredPermissions,
  type RequiredPermissions,
} from "../policies/deployer/required-permissions";
import { refused, withoutEach } from "../policies/deployer/role-coverage";
import { Deployment, type EnvironmentFile, fourAccountsFile, states } from "../support/deployment";
import { requires } from "../support/requirements";

const DESTINATION = "111111111111";
const STEPS = ["deploy", "plan", "change", "destroy"] as const;
type Step = (typeof STEPS)[number];

/** What notifications and Object Lock add to the permissions. */
const ADDED = /^(sns|sqs):|ObjectLock|Governance/;

/** What no recorded call shows, and why the documents have it all the same. */
const NOT_RECORDED: Readonly<Record<string, string>> = {
  "s3:BypassGovernanceRetention":
    "asked for by a header of DeleteObjects, and moto cannot destroy a locked bucket with files in it",
};

// One story, told by a real deployment: what notifications with a queue and Object Lock ask of the
// roles that deploy, beside what test/full/deployer-roles.test.ts has recorded.
requires("terraform", "moto")("what notifications and Object Lock need of the deployers", () => {
  jest.setTimeout(300_000);
  const recorded: Partial<Record<Step, RequiredPermissions>> = {};
  let deployment: Deployment;
  let file: EnvironmentFile;
  let accounts: readonly AccountRoles[];

  beforeAll(async () => {
    file = fourAccountsFile();
    file.members = file.members.slice(0, 1);
    file.tags = { team: "security" };
    Object.assign(file.destination, {
      notifications: { topicName: "log-files", queueName: "log-files-queue" },
      objectLock: { mode: "GOVERNANCE", days: 1 },
    });
    deployment = await Deployment.start(file);
    accounts = deployerRoles(deployment.environment).accounts;
  });
  afterAll(() => deployment?.stop());

  async function record<T>(step: Step, work: () => Promise<T>): Promise<T> {
    const { result, calls } = await deployment.terraformCalls(work);
    recorded[step] = requiredPermissions(calls);
    return result;
  }

  test("deploy", async () => {
    const outcomes = await record("deploy", () => deployment.run("deploy"));
    expect(outcomes.map(({ error }) => error)).toEqual([undefined, undefined]);
    expect(Object.values(states(outcomes))).toEqual(["done", "done"]);
  });

  test("plan: nothing is left to change", async () => {
    const { code, text } = await record("plan", () => deployment.plan("test-destination"));
    expect({ code, text }).toMatchObject({ code: 0 });
  });

  test("change: other tags", async () => {
    file.tags = { owner: "log-archive" };
    deployment.write(file);
    const outcomes = await record("change", () => deployment.run("deploy", ["test-destination"]));
    expect(states(outcomes)).toEqual({ "test-destination": "done" });
  });

  test("a log file is locked, and goes with the bypass alone", async () => {
    const s3 = deployment.s3(DESTINATION);
    const object = { Bucket: file.destination.bucket, Key: "AWSLogs/x" };
    const { VersionId } = await s3.send(new PutObjectCommand({ ...object, Body: "locked" }));
    await expect(s3.send(new DeleteObjectCommand({ ...object, VersionId }))).rejects.toThrow(
      /Access ?Denied/,
    );
    // Not left to the destroy: moto takes no lock configuration for a bucket with something in it.
    await s3.send(
      new DeleteObjectCommand({ ...object, VersionId, BypassGovernanceRetention: true }),
    );
  });

  test("destroy", async () => {
    const outcomes = await record("destroy", () => deployment.run("destroy"));
    expect(outcomes.map(({ error }) => error)).toEqual([undefined, undefined]);
    expect(Object.values(states(outcomes))).toEqual(["done", "done"]);
  });

  test("the roles may do all of it", () => {
    for (const { roleArn, deploy, plan } of accounts) {
      expect(refused(roleArn, deploy, all())).toEqual([]);
      if (roleArn.includes(DESTINATION)) expect(refused(roleArn, plan, planned())).toEqual([]);
    }
  });

  test("without any one of the added actions a call is refused", () => {
    const { roleArn, deploy, plan } = accounts[0]!;
    const cases = [
      ...withoutEach(deploy, ADDED).map((one) => ({ ...one, steps: all() })),
      ...withoutEach(plan, ADDED).map((one) => ({ ...one, steps: planned() })),
    ];
    expect(cases.map(({ action }) => action)).toEqual(
      expect.arrayContaining(Object.keys(NOT_RECORDED)),
    );
    const unneeded = cases.filter(({ left, steps }) => refused(roleArn, left, steps).length === 0);
    expect([...new Set(unneeded.map(({ action }) => action))]).toEqual(Object.keys(NOT_RECORDED));
  });

  const all = (): RequiredPermissions[] => STEPS.map((step) => recorded[step]!);
  const planned = (): RequiredPermissions[] => [recorded.plan!];
});
