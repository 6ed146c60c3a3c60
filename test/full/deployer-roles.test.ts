import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import {
  ACCESS_LOG_BUCKET,
  DESTINATION,
  LEAVING,
  NEW,
  type RecordedLife,
  STATE_BUCKET,
  STAYING,
  type Step,
  storyFile,
} from "../policies/deployer/deployment-story";
import { requiredPermissions } from "../policies/deployer/required-permissions";
import { Deployment, type EnvironmentFile, states } from "../support/deployment";
import { requires } from "../support/requirements";

const FIXTURE = join(__dirname, "..", "fixtures", "deploy-calls.json");

// One story, told by a real deployment with its state in S3. What its calls need is what the fast
// tests of the deployer's roles start from; CENTRAL_TRAIL_RECORD=1 writes it anew.
requires("terraform", "moto")("what the calls of a deployment's whole life need", () => {
  jest.setTimeout(300_000);
  const recorded: Partial<RecordedLife> = {};
  let deployment: Deployment;
  let file: EnvironmentFile;

  beforeAll(async () => {
    file = storyFile();
    deployment = await Deployment.start(file);
    file.members = file.members.filter(({ account }) => account !== NEW);
    deployment.write(file);
    await deployment.s3(DESTINATION).send(new CreateBucketCommand({ Bucket: STATE_BUCKET }));
  });
  afterAll(() => deployment?.stop());

  async function record<T>(step: Step, work: () => Promise<T>): Promise<T> {
    const { result, calls } = await deployment.terraformCalls(work);
    recorded[step] = requiredPermissions(calls);
    return result;
  }

  test("deploy", async () => {
    const outcomes = await record("deploy", () => deployment.run("deploy"));
    expect(outcomes.map(({ error }) => error)).toEqual(Array(4).fill(undefined));
    expect(states(outcomes)).toEqual({
      "test-destination": "done",
      [`test-member-${LEAVING}`]: "done",
      [`test-member-${STAYING}`]: "done",
      "test-upkeep": "done",
    });
  });

  test("plan", async () => {
    const codes = await record("plan", async () => {
      const stacks = ["test-destination", `test-member-${STAYING}`, "test-upkeep"];
      const ended = [];
      for (const stack of stacks) ended.push(await deployment.plan(stack));
      return ended.map(({ code }) => code);
    });
    expect(codes).toEqual([0, 0, 0]);
  });

  test("change: an account comes, one retires, trails and all tags change", async () => {
    file.members = storyFile().members;
    file.destination.trail = { logFileValidation: false };
    for (const member of file.members) {
      if (member.account === LEAVING) member.retiring = true;
      if (member.account === STAYING) member.trail = { logFileValidation: false };
    }
    file.tags = { team: "platform", owner: "log-archive" };
    deployment.write(file);
    const outcomes = await record("change", () => deployment.run("deploy"));
    expect(Object.values(states(outcomes))).toEqual(Array(5).fill("done"));
  });

  test("remove: the policies no longer name the account that has gone", async () => {
    file.members = file.members.filter(({ account }) => account !== LEAVING);
    deployment.write(file);
    const outcomes = await record("remove", () => deployment.run("deploy", ["test-destination"]));
    expect(states(outcomes)).toEqual({ "test-destination": "done" });
  });

  test("destroy, with log files in the bucket", async () => {
    const s3 = deployment.s3(DESTINATION);
    for (const Bucket of [file.destination.bucket, ACCESS_LOG_BUCKET]) {
      for (const Body of ["first", "second"]) {
        await s3.send(new PutObjectCommand({ Bucket, Key: "AWSLogs/x", Body }));
      }
    }
    const outcomes = await record("destroy", () => deployment.run("destroy"));
    expect(Object.values(states(outcomes))).toEqual(Array(4).fill("done"));
  });

  test("every call was in the one region, and roles were assumed with the external ID", () => {
    const { calls } = deployment;
    expect([...new Set(calls.map(({ region }) => region))]).toEqual([file.destination.region]);
    const assumed = calls.filter(({ action }) => action === "AssumeRole");
    expect([...new Set(assumed.map(({ request }) => request["ExternalId"]))]).toEqual([
      file.deployer.externalId,
    ]);
  });

  test("the fixture is what was recorded", () => {
    if (process.env.CENTRAL_TRAIL_RECORD) {
      writeFileSync(FIXTURE, `${JSON.stringify(recorded, null, 2)}\n`);
    }
    expect(recorded).toEqual(JSON.parse(readFileSync(FIXTURE, "utf8")));
  });
});
