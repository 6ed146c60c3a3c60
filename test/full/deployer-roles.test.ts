import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GetTrailCommand } from "@aws-sdk/client-cloudtrail";
import { KMSClient, PutKeyPolicyCommand, ScheduleKeyDeletionCommand } from "@aws-sdk/client-kms";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import type { PolicyDocument } from "../../iam/policy-document";
import { type DeployerRoles, deployerRoles } from "../../operations/policies/deployer-roles";
import {
  ACCESS_LOG_BUCKET,
  DESTINATION,
  LEAVING,
  NEW,
  READING,
  type RecordedLife,
  STATE_BUCKET,
  STAYING,
  type Step,
  storyFile,
} from "../policies/deployer/deployment-story";
import { requiredPermissions } from "../policies/deployer/required-permissions";
import { centralTrailIn, Deployment, type EnvironmentFile, states } from "../support/deployment";
import { requires } from "../support/requirements";

/** What a role has before it is given anything narrower. */
const EVERYTHING: PolicyDocument = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
};

const FIXTURE = join(__dirname, "..", "fixtures", "deploy-calls.json");

// One story, told by a real deployment with its state in S3. What its calls need is what the fast
// tests of the deployer's roles start from; CENTRAL_TRAIL_RECORD=1 writes it anew.
requires("terraform", "moto")("what the calls of a deployment's whole life need", () => {
  jest.setTimeout(300_000);
  const recorded: Partial<RecordedLife> = {};
  let deployment: Deployment;
  let file: EnvironmentFile;
  let keyArn: string;
  let roles: DeployerRoles;

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

  // From here on the roles for plans have what `central-trail policies` prints for them, and no
  // more. Of S3 and KMS the local AWS refuses what is not in it.
  test("plan: nothing changes, by the roles for plans", async () => {
    const { Trail } = await deployment
      .cloudTrail(DESTINATION)
      .send(new GetTrailCommand({ Name: "central-trail" }));
    keyArn = Trail!.KmsKeyId!;
    roles = deployerRoles(deployment.environment, { keyArn });
    for (const { planRoleArn, plan } of roles.accounts) deployment.putRolePolicy(planRoleArn, plan);
    deployment.putRolePolicy(roles.state!.planRoleArn!, roles.state!.plan);
    const { code, stderr } = await record("plan", () => centralTrailIn(deployment, "plan"));
    expect([code, stderr]).toEqual([0, expect.any(String)]);
  });

  test("drift: none", async () => {
    const { code, stdout } = await record("drift", () => centralTrailIn(deployment, "drift"));
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringContaining("nothing was changed outside of Terraform") as string,
    });
  });

  test("verify and events read no file with what plans have", async () => {
    await deployment.advance(3 * 3600);
    const verified = await centralTrailIn(deployment, "verify");
    expect(verified).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("not authorized to perform: s3:GetObject") as string,
    });
    expect(await centralTrailIn(deployment, "events", "--since", "4h")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("could not be read") as string,
    });
  });

  test("verify: proven; events: found", async () => {
    for (const { planRoleArn, plan, verify } of roles.accounts)
      deployment.putRolePolicy(planRoleArn, plan, ...(verify ? [verify] : []));
    const verified = await record("verify", () => centralTrailIn(deployment, "verify"));
    expect(verified).toMatchObject({ code: 0 });
    const found = await record("events", () =>
      centralTrailIn(deployment, "events", "--since", "4h", "--event-name", "DescribeTrails"),
    );
    expect(found).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("DescribeTrails") as string,
    });
  });

  test("the roles for plans change nothing of S3 and KMS", async () => {
    const { externalId } = file.deployer;
    const { planRoleArn } = roles.accounts[0]!;
    const options = { ...deployment.asRole(planRoleArn, externalId), forcePathStyle: true };
    const [s3, kms] = [new S3Client(options), new KMSClient(options)];
    const state = new S3Client({
      ...options,
      ...deployment.asRole(roles.state!.planRoleArn!, externalId),
    });
    const Bucket = file.destination.bucket;
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: 1 }));
    const Key = Contents[0]!.Key!;
    const stateFile = { Bucket: STATE_BUCKET, Key: "central-trail/test-destination.tfstate" };
    const VersioningConfiguration = { Status: "Suspended" } as const;
    const Body = Buffer.from("{}");
    const attempts = {
      "s3:PutBucketPolicy": s3.send(new PutBucketPolicyCommand({ Bucket, Policy: "{}" })),
      "s3:PutBucketVersioning": s3.send(
        new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }),
      ),
      "s3:DeleteObject": s3.send(new DeleteObjectCommand({ Bucket, Key })),
      "s3:PutObject": s3.send(new PutObjectCommand({ Bucket, Key, Body })),
      "kms:PutKeyPolicy": kms.send(new PutKeyPolicyCommand({ KeyId: keyArn, Policy: "{}" })),
      "kms:ScheduleKeyDeletion": kms.send(new ScheduleKeyDeletionCommand({ KeyId: keyArn })),
      "state: s3:PutObject": state.send(new PutObjectCommand({ ...stateFile, Body })),
      "state: s3:DeleteObject": state.send(new DeleteObjectCommand(stateFile)),
    };
    const outcomes = await Promise.all(
      Object.entries(attempts).map(async ([action, attempt]) => [
        action,
        await attempt.then(
          () => "done",
          (error: Error) => error.message,
        ),
      ]),
    );
    for (const [action, outcome] of outcomes)
      expect([action, outcome]).toEqual([
        action,
        expect.stringContaining(
          `is not authorized to perform: ${action!.replace("state: ", "")} on resource`,
        ),
      ]);
    for (const client of [s3, kms, state]) client.destroy();
  });

  test("what only reads assumed no other roles than those for plans", () => {
    const users = [...roles.accounts, roles.state!];
    const reading = users.map(({ planRoleArn }) => planRoleArn!).sort();
    for (const step of READING) {
      const [operator, ...assumed] = Object.keys(recorded[step]!).sort(
        (a, b) => Number(b.includes(":user/")) - Number(a.includes(":user/")) || (a < b ? -1 : 1),
      );
      expect(Object.keys(recorded[step]![operator!]!)).toEqual(["sts:AssumeRole"]);
      expect([step, assumed.filter((arn) => !reading.includes(arn))]).toEqual([step, []]);
      expect(recorded[step]![operator!]!["sts:AssumeRole"]).toEqual(assumed);
    }
    const deploying = users.map(({ roleArn }) => roleArn!);
    expect(Object.keys(recorded.deploy!).filter((arn) => reading.includes(arn))).toEqual([]);
    expect(Object.keys(recorded.deploy!)).toEqual(expect.arrayContaining(deploying));
  });

  // What a deploy that is ended in between leaves: made, and in no state.
  test("recover: what is in no state is taken up again", async () => {
    for (const [stack, count] of [
      ["test-destination", 4],
      ["test-upkeep", 1],
    ] as const) {
      const { text } = await deployment.terraform(stack, "state", "list");
      const lost = text.match(/^aws_(s3_bucket|kms_key|kms_alias|cloudtrail)\..*$/gm)!;
      expect(lost).toHaveLength(count);
      const removed = await deployment.terraform(stack, "state", "rm", ...lost);
      expect(removed).toMatchObject({ code: 0 });
    }
    const { deploy, roleArn } = deployerRoles(deployment.environment).accounts[0]!;
    deployment.putRolePolicy(roleArn, deploy);
    const found = await record("recover", () =>
      centralTrailIn(deployment, "recover", "--auto-approve"),
    );
    expect(found).toMatchObject({ code: 0 });
    expect(found.stdout.match(/^[\w-]+: imported: /gm)).toHaveLength(5);
    deployment.putRolePolicy(roleArn, EVERYTHING);
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

  test("every call was in the one region but what verify asks, and roles were assumed with the external ID", () => {
    const { calls } = deployment;
    const elsewhere = calls.filter(({ region }) => region !== file.destination.region);
    expect([...new Set(elsewhere.map(({ action }) => action))].sort()).toEqual([
      "GetTrailStatus",
      "ListPublicKeys",
    ]);
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
